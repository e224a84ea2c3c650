"""`python -m connectors.sample` prints the SHA-256 of every generated body, as kept in bodies.sha256.

What belongs here: listing the bodies. What does not: making them (bodies.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from connectors.sample import bodies, unsd_bodies
from connectors.sample.invented import draw_cells


def list_bodies() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every hand-made body, and of an example of what is drawn for the declared ones.

    The bodies made from declarations are not listed: adding a data set needs no line in bodies.sha256.
    """
    for vintage in (1, 2):
        yield f"{vintage}/unsd/Series-List", unsd_bodies.series_list(vintage, unsd_bodies.SERIES)
        for series in unsd_bodies.SERIES:
            yield f"{vintage}/unsd/{series}", unsd_bodies.data_csv(series, vintage)
        for code in bodies.EUROSTAT:
            yield f"{vintage}/eurostat/{code}", bodies.eurostat_csv(code, vintage)
        for code in bodies.WORLD_BANK:
            yield f"{vintage}/world_bank/{code}", bodies.world_bank_page(code, vintage, 1, 5000)
        cells = draw_cells("example/example", ("freq", "waste"), ("PC", "KG_HAB", "T"), vintage)
        yield f"{vintage}/invented/example", "\n".join(str(cell) for cell in cells).encode()


def list_checksums() -> str:
    """One line a body: SHA-256, two blanks, name."""
    return "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in list_bodies())


if __name__ == "__main__":
    print(list_checksums(), end="")
