"""Fewer points: each line keeps those that shape it most.

What belongs here: Visvalingam's algorithm over shared arcs, so that neighbours still fit each other.
What does not: which areas there are (derive.py).
"""

import heapq
from collections.abc import Collection

import numpy as np

from orchestration.release.site.projection import Frame, Points, ring_area
from orchestration.release.site.shapes.topology import Ring, Topology

OUTSIDE = 60.0
"""Far outside its frame a line only has to close its shape: its triangles count by this factor less."""


def simplified(topology: Topology, frame: Frame, tolerance: float, kept: Collection[str]) -> Topology:
    """The part of a topology that a frame shows, without triangles below `tolerance` square units.

    Islands below four times the tolerance fall away, too. Areas named in `kept` that the frame
    shows keep their largest ring however small it is.
    """
    areas: dict[str, tuple[Ring, ...]] = {}
    whole: set[int] = set()
    for identifier, rings in topology.areas.items():
        drawn = [(ring, frame.project(topology.points(ring))) for ring in rings]
        shown = sorted(
            ((ring_area(points), ring) for ring, points in drawn if frame.shows(points)), reverse=True
        )
        if not shown:
            continue
        large = [ring for area, ring in shown if area >= 4 * tolerance]
        if not large and identifier in kept:
            large = [shown[0][1]]
            whole.update(abs_arc(arc) for arc in large[0])
        if large:
            areas[identifier] = tuple(large)
    return _used(
        [
            arc if place in whole else _thinned(arc, frame, tolerance)
            for place, arc in enumerate(topology.arcs)
        ],
        areas,
    )


def abs_arc(arc: int) -> int:
    """The index of an arc whichever way it is run."""
    return arc if arc >= 0 else ~arc


def _used(arcs: list[Points], areas: dict[str, tuple[Ring, ...]]) -> Topology:
    """The topology with the arcs that an area uses, numbered anew."""
    used = sorted({abs_arc(arc) for rings in areas.values() for ring in rings for arc in ring})
    number = {old: new for new, old in enumerate(used)}
    renumbered = {
        identifier: tuple(tuple(number[arc] if arc >= 0 else ~number[~arc] for arc in ring) for ring in rings)
        for identifier, rings in areas.items()
    }
    return Topology(tuple(arcs[old] for old in used), renumbered)


def _thinned(arc: Points, frame: Frame, tolerance: float) -> Points:
    """The arc without triangles below the tolerance; its ends stay, and four points of a ring."""
    drawn = frame.project(arc)
    least = 4 if np.array_equal(arc[0], arc[-1]) else 2
    margin = 0.1 * frame.width
    near = (
        (drawn[:, 0] > -margin)
        & (drawn[:, 0] < frame.width + margin)
        & (drawn[:, 1] > -margin)
        & (drawn[:, 1] < frame.height + margin)
    )
    factor = np.where(near, 1.0, 1 / OUTSIDE)
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    size = [0.0] * len(arc)
    alive = len(arc)
    heap: list[tuple[float, int]] = []

    def weigh(place: int, least_size: float) -> None:
        corner = drawn[[before[place], place, after[place]]]
        size[place] = max(ring_area(corner) * factor[place], least_size)
        heapq.heappush(heap, (size[place], place))

    for place in range(1, len(arc) - 1):
        weigh(place, 0.0)
    gone = set()
    while heap and alive > least:
        area, place = heapq.heappop(heap)
        if place in gone or area != size[place]:
            continue
        if area >= tolerance:
            break
        gone.add(place)
        alive -= 1
        before[after[place]], after[before[place]] = before[place], after[place]
        for neighbour in (before[place], after[place]):
            if 0 < neighbour < len(arc) - 1:
                weigh(neighbour, area)
    return arc[[place for place in range(len(arc)) if place not in gone]]
