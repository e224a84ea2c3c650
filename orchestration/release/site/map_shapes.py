"""The shapes of the maps as paths: projected, in whole tenths of a drawing unit.

What belongs here: from the shape files to path data and dots. What does not: colours and words (maps.py),
how the files came to be (shapes/derive.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from orchestration.release.site.projection import Points, ring_area
from orchestration.release.site.shapes.frames import FILES, FRAMES, OBJECT
from orchestration.release.site.shapes.topology import read

DOT_BELOW = 500.0
"""A State drawn smaller than this (square tenths of a unit) becomes a dot on the large panel."""


@dataclass(frozen=True)
class Panel:
    """One panel: its height in tenths, each area's path data and, for tiny States, the place of their dot."""

    height: int
    width: int
    paths: Mapping[str, str]
    dots: Mapping[str, tuple[int, int]]


@cache
def panel(level: str) -> Panel:
    """The panel `detail` or `overview`."""
    frame = FRAMES[level]
    rings = projected(level)
    dots = {}
    if level == "detail":
        for area, shape in rings.items():
            largest = max(shape, key=ring_area)
            if ring_area(largest) < DOT_BELOW:
                across, down = largest[:-1].mean(axis=0)
                dots[area] = (round(across), round(down))
    paths = {area: "".join(map(_path, shape)) for area, shape in rings.items() if area not in dots}
    return Panel(frame.height, frame.width, paths, dots)


@cache
def projected(level: str) -> Mapping[str, list[Points]]:
    """Each area's rings on the plane of a panel, in tenths of a unit."""
    frame = FRAMES[level]
    topology = read(json.loads(FILES[level].read_text(encoding="utf-8")), OBJECT, "id")
    return {
        area: [frame.project(topology.points(ring)) for ring in rings]
        for area, rings in topology.areas.items()
    }


def _path(ring: Points) -> str:
    """A closed ring as path data in whole numbers, each step relative to the one before."""
    whole = np.rint(ring).astype(int)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < 3:
        return ""
    numbers = " ".join(str(number) for number in steps[:-1].ravel().tolist())
    return f"M{whole[0, 0]} {whole[0, 1]}l{numbers}z".replace(" -", "-")
