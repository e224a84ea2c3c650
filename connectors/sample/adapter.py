"""Answers the official addresses from the sample, below the HTTP boundary: the same connector code runs.

What belongs here: which address gets which body. What does not: the bodies
(declared_bodies.py and its neighbours).
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from connectors.sample import comtrade_bodies, declared_bodies, oecd_bodies

_UNSD = "/SDGAPI/v1/sdg/Series/"
_EUROSTAT = "/eurostat/api/dissemination/sdmx/2.1/"
_WORLD_BANK = "/v2/country/all/indicator/"
_OECD = "/public/rest/"
_COMTRADE_FILES = "/files/v1/app/reference/"
_MODIFIED = {1: "Tue, 28 Jan 2025 06:00:00 GMT", 2: "Wed, 28 Jan 2026 06:00:00 GMT"}
_NO_ANSWER = 404, b"the illustrative sample has no answer for this address"
_Answer = tuple[int, bytes]


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
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.hostname == "unstats.un.org" and url.path.startswith(_UNSD):
            return self._unsd(url.path.removeprefix(_UNSD), request)
        if url.hostname == "ec.europa.eu" and url.path.startswith(_EUROSTAT):
            return self._eurostat(url.path.removeprefix(_EUROSTAT).upper(), query)
        if url.hostname == "api.worldbank.org" and url.path.startswith(_WORLD_BANK):
            page, size = int(query.get("page", "1")), int(query.get("per_page", "50"))
            code = url.path.removeprefix(_WORLD_BANK)
            return 200, declared_bodies.world_bank_page(code, self.vintage, page, size)
        if url.hostname == "sdmx.oecd.org" and url.path.startswith(_OECD):
            return self._oecd(unquote(url.path.removeprefix(_OECD)))
        if url.hostname == "comtradeapi.un.org":
            return self._comtrade(url.path, query)
        return _NO_ANSWER

    def _unsd(self, path: str, request: requests.PreparedRequest) -> _Answer:
        if path == "List":
            return 200, declared_bodies.unsd_series_list(self.vintage)
        if path == "DataCSV" and request.method == "POST":
            series = parse_qs(str(request.body)).get("seriesCodes", [""])[0]
            return 200, declared_bodies.unsd_csv(series, self.vintage)
        return _NO_ANSWER

    def _eurostat(self, path: str, query: dict[str, str]) -> _Answer:
        kind, _, code = path.rpartition("/")
        made = declared_bodies.eurostat_csv if kind == "DATA" else declared_bodies.eurostat_dataflow
        body = made(code, self.vintage)
        if body is None:
            label = f"ERR_NOT_FOUND_2: DATA_SET:{code} is not available for dissemination."
            fault = f"<faultcode>100</faultcode><faultstring>{label}</faultstring>"
            xmlns = "http://schemas.xmlsoap.org/soap/envelope/"
            return 404, f'<?xml version="1.0"?><S:Fault xmlns:S="{xmlns}">{fault}</S:Fault>'.encode()
        return 200, stored_gzip(body) if query.get("compressed") == "true" else body

    def _oecd(self, path: str) -> _Answer:
        """contentconstraint/<agency>/CR_A_<code>/ or data/<agency>,<code>,<version>/all."""
        kind, _, rest = path.partition("/")
        if kind == "contentconstraint":
            body = oecd_bodies.oecd_constraint(rest.strip("/").partition("/CR_A_")[2], self.vintage)
        else:
            flow = rest.partition("/")[0].split(",")
            body = oecd_bodies.oecd_csv(flow[1] if len(flow) > 1 else "", self.vintage)
        return (200, body) if body is not None else (404, b"Could not find Dataflow and/or DSD")

    def _comtrade(self, path: str, query: dict[str, str]) -> _Answer:
        """files/v1/app/reference/<list>.json, getDa (what there is) or get (the rows)."""
        body: bytes | None = None
        if path.startswith(_COMTRADE_FILES):
            body = comtrade_bodies.reference_list(path.removeprefix(_COMTRADE_FILES).removesuffix(".json"))
        elif path == "/data/v1/getDa/C/A/HS":
            body = comtrade_bodies.availability(self.vintage)
        elif path == "/data/v1/get/C/A/HS":
            body = comtrade_bodies.trade(query, self.vintage)
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
