"""How the values of a good answer are spoilt, and what the vintage made of it tells.

What belongs here: changes of rows. What does not: the router and the scene they go through.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from connectors.records import Vintage
from tests.faults.router import edit
from tests.faults.scene import Scene

HAZARDOUS, MATERIAL = "unsd/sdg_12_4", "unsd/sdg_12_2"


CIRCULAR, MUNICIPAL = "eurostat/cei_srm030", "eurostat/env_wasmun"


DATA = {
    HAZARDOUS: "seriesCodes=EN_HAZ_GENV",
    MATERIAL: "seriesCodes=EN_MAT_DOMCMPT",
    CIRCULAR: "sdmx/2.1/data/",
    MUNICIPAL: "sdmx/2.1/data/",
}


Row = dict[str, str]


def rewritten(change: Callable[[list[Row]], list[Row]]) -> Callable[[bytes], bytes]:
    """A CSV body whose rows went through `change`; padding and line ends stay."""

    def spoil(good: bytes) -> bytes:
        text, padding, _ = good.decode().partition("\0")
        reader = csv.DictReader(io.StringIO(text, newline=""))
        rows = change([dict(row) for row in reader])
        out = io.StringIO(newline="")
        end = "\r\n" if "\r\n" in text else "\n"
        names = list(dict.fromkeys([*(reader.fieldnames or ()), *rows[0]]))
        writer = csv.DictWriter(out, names, lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
        return (out.getvalue() + padding).encode()

    return spoil


def each(change: Callable[[Row], Row | None]) -> Callable[[bytes], bytes]:
    """A CSV body with every row changed, or left out where `change` says None."""
    return rewritten(lambda rows: [new for row in rows if (new := change(dict(row))) is not None])


def only(number: int, **fields: str) -> Callable[[bytes], bytes]:
    """A CSV body with other fields in one row."""
    return rewritten(lambda rows: [row | fields if n == number else row for n, row in enumerate(rows)])


def spoilt(scene: Callable[..., Scene], key: str, change: Callable[[bytes], bytes]) -> Scene:
    """A scene whose provider published its second vintage, spoilt by `change`."""
    at = scene(key)
    at.router.vintage = 2
    at.router.inject(DATA[key], edit(change))
    return at


def newest(at: Scene) -> Vintage:
    """The vintage that stands."""
    vintage = at.store.latest_vintage(at.spec.key)
    assert vintage is not None
    return vintage


def told(at: Scene) -> list[str]:
    """The faults that the vintage that stands warns of."""
    return [warning.fault for warning in newest(at).warnings]
