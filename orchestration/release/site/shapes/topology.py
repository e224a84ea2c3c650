"""TopoJSON: arcs shared by neighbours, and the areas made of them.

What belongs here: reading and writing the format, joining areas along their common arcs.
What does not: which areas are joined (derive.py), what is left out (simplify.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.release.site.projection import Points

Ring = tuple[int, ...]
"""Indices of arcs in order; ~i is arc i backwards."""


@dataclass(frozen=True)
class Topology:
    """Arcs in degrees and, for each area's id, its rings (holes included: the even-odd rule tells them)."""

    arcs: tuple[Points, ...]
    areas: Mapping[str, tuple[Ring, ...]]

    def points(self, ring: Ring) -> Points:
        """The ring's points in degrees, (n, 2), closed."""
        parts = [self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1] for arc in ring]
        # The first point of an arc is the last one of the arc before it.
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def read(document: Mapping[str, Any], name: str, key: str) -> Topology:
    """A quantised TopoJSON document's object `name`; an area's id is its `key` (`id`, or a property's name).

    KeyError when the object or an id is missing. Areas with the same id become one.
    """
    scale, shift = (np.array(document["transform"][part]) for part in ("scale", "translate"))
    arcs = tuple(np.cumsum(np.array(arc, dtype=float), axis=0) * scale + shift for arc in document["arcs"])
    areas: dict[str, tuple[Ring, ...]] = {}
    for geometry in document["objects"][name]["geometries"]:
        identifier = geometry["id"] if key == "id" else geometry["properties"][key]
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = tuple(tuple(ring) for polygon in polygons for ring in polygon)
        areas[identifier] = areas.get(identifier, ()) + rings
    return Topology(arcs, areas)


def joined(rings: Iterable[Ring]) -> tuple[Ring, ...]:
    """Rings of several areas as rings of one: arcs run both ways are inner borders and fall away."""
    rings = tuple(rings)
    arcs = {arc for ring in rings for arc in ring}
    inner = {arc for arc in arcs if ~arc in arcs}
    whole = tuple(ring for ring in rings if not inner.intersection(ring))
    cut = [ring for ring in rings if inner.intersection(ring)]
    return whole + _stitched([arc for ring in cut for arc in ring if arc not in inner], cut)


def _stitched(arcs: list[int], cut: list[Ring]) -> tuple[Ring, ...]:
    """Closed chains of the outer arcs. After a gap the walk goes on where the neighbour's ring goes on."""
    following = {arc: ring[(place + 1) % len(ring)] for ring in cut for place, arc in enumerate(ring)}
    left, chains = set(arcs), []
    for start in arcs:
        if start not in left:
            continue
        chain = []
        arc = start
        while arc in left:
            left.remove(arc)
            chain.append(arc)
            arc = following[arc]
            while ~arc in following:
                arc = following[~arc]
        chains.append(tuple(chain))
    return tuple(chains)


def document(topology: Topology, name: str, digits: int) -> dict[str, Any]:
    """The topology as quantised TopoJSON with its areas under `name`, in steps of 10^-digits degrees."""
    scale = 10.0**-digits
    arcs = []
    for arc in topology.arcs:
        steps = np.diff(np.rint(arc / scale).astype(int), axis=0, prepend=0)
        kept = np.any(steps != 0, axis=1)
        kept[0] = True
        arcs.append(steps[kept].tolist())
    geometries = [
        {"type": "MultiPolygon", "id": identifier, "arcs": [[list(ring)] for ring in rings]}
        for identifier, rings in sorted(topology.areas.items())
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [scale, scale], "translate": [0, 0]},
        "objects": {name: {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
