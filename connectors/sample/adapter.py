"""Answers the official addresses from the sample, below the HTTP boundary: the same connector code runs.

What belongs here: which address gets which body. What does not: the bodies
(declared_bodies.py and its neighbours).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from connectors.sample import comtrade_bodies, declared_bodies, oecd_bodies, pxweb_bodies

_MODIFIED = {1: "Tue, 28 Jan 2025 06:00:00 GMT", 2: "Wed, 28 Jan 2026 06:00:00 GMT"}
_NO_ANSWER = 404, b"the illustrative sample has no answer for this address"
_COMTRADE_FILES = "files/v1/app/reference/"
_Answer = tuple[int, bytes]


@dataclass(frozen=True)
class _Asked:
    """A request without host and prefix; `sent` is the body of a POST."""

    path: str
    query: dict[str, str]
    sent: bytes | None


class SampleAdapter(BaseAdapter):
    """A requests adapter that never opens a connection."""

    def __init__(self, vintage: int) -> None:
        """`vintage` is 1 or 2."""
        super().__init__()
        self.vintage = vintage

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The sample's answer to `request`."""
        status, body = self._answer(request)
        headers = {"Content-Length": str(len(body)), "Last-Modified": _MODIFIED[self.vintage]}
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.url = str(request.url)
        response.request = request
        response.raw = HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing to close."""

    def _answer(self, request: requests.PreparedRequest) -> _Answer:
        url = urlsplit(str(request.url))
        routes: dict[tuple[str, str], Callable[[_Asked], _Answer]] = {
            ("unstats.un.org", "/SDGAPI/v1/sdg/Series/"): self._unsd,
            ("ec.europa.eu", "/eurostat/api/dissemination/sdmx/2.1/"): self._eurostat,
            ("api.worldbank.org", "/v2/country/all/indicator/"): self._world_bank,
            ("sdmx.oecd.org", "/public/rest/"): self._oecd,
            ("comtradeapi.un.org", "/"): self._comtrade,
            ("w3.unece.org", "/PXWeb2015/api/v1/en/STAT/"): self._unece,
        }
        for (host, prefix), route in routes.items():
            if url.hostname == host and url.path.startswith(prefix):
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                body = request.body.encode() if isinstance(request.body, str) else request.body
                sent = body if request.method == "POST" else None
                return route(_Asked(unquote(url.path.removeprefix(prefix)), query, sent))
        return _NO_ANSWER

    def _unsd(self, asked: _Asked) -> _Answer:
        """List, or DataCSV with the series in a form."""
        if asked.path == "List":
            return 200, declared_bodies.unsd_series_list(self.vintage)
        if asked.path == "DataCSV" and asked.sent is not None:
            series = parse_qs(asked.sent.decode()).get("seriesCodes", [""])[0]
            return 200, declared_bodies.unsd_csv(series, self.vintage)
        return _NO_ANSWER

    def _eurostat(self, asked: _Asked) -> _Answer:
        """data/<code> or dataflow/ESTAT/<code>."""
        kind, _, code = asked.path.upper().rpartition("/")
        made = declared_bodies.eurostat_csv if kind == "DATA" else declared_bodies.eurostat_dataflow
        body = made(code, self.vintage)
        if body is None:
            label = f"ERR_NOT_FOUND_2: DATA_SET:{code} is not available for dissemination."
            fault = f"<faultcode>100</faultcode><faultstring>{label}</faultstring>"
            xmlns = "http://schemas.xmlsoap.org/soap/envelope/"
            return 404, f'<?xml version="1.0"?><S:Fault xmlns:S="{xmlns}">{fault}</S:Fault>'.encode()
        return 200, stored_gzip(body) if asked.query.get("compressed") == "true" else body

    def _world_bank(self, asked: _Asked) -> _Answer:
        page, size = int(asked.query.get("page", "1")), int(asked.query.get("per_page", "50"))
        return 200, declared_bodies.world_bank_page(asked.path, self.vintage, page, size)

    def _oecd(self, asked: _Asked) -> _Answer:
        """contentconstraint/<agency>/CR_A_<code>/ or data/<agency>,<code>,<version>/all."""
        kind, _, rest = asked.path.partition("/")
        if kind == "contentconstraint":
            body = oecd_bodies.oecd_constraint(rest.strip("/").partition("/CR_A_")[2], self.vintage)
        else:
            flow = rest.partition("/")[0].split(",")
            body = oecd_bodies.oecd_csv(flow[1] if len(flow) > 1 else "", self.vintage)
        return (200, body) if body is not None else (404, b"Could not find Dataflow and/or DSD")

    def _comtrade(self, asked: _Asked) -> _Answer:
        """files/v1/app/reference/<list>.json, getDa (what there is) or get (the rows)."""
        body: bytes | None = None
        if asked.path.startswith(_COMTRADE_FILES):
            name = asked.path.removeprefix(_COMTRADE_FILES).removesuffix(".json")
            body = comtrade_bodies.reference_list(name)
        elif asked.path == "data/v1/getDa/C/A/HS":
            body = comtrade_bodies.availability(self.vintage)
        elif asked.path == "data/v1/get/C/A/HS":
            body = comtrade_bodies.trade(asked.query, self.vintage)
        return (200, body) if body is not None else _NO_ANSWER

    def _unece(self, asked: _Asked) -> _Answer:
        body = pxweb_bodies.answer(asked.path, asked.sent, self.vintage)
        return (200, body) if body is not None else _NO_ANSWER


def stored_gzip(data: bytes) -> bytes:
    """A gzip member of stored blocks. Compressing would give other bytes with another build of zlib."""
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    blocks = []
    for start in range(0, len(data), 0xFFFF):
        block = data[start : start + 0xFFFF]
        last = start + 0xFFFF >= len(data)
        blocks.append(struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF) + block)
    return head + b"".join(blocks) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
