"""The shapes of the maps: where points lie, who is there, and how the files came to be."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from orchestration.release.site import shapes
from orchestration.release.site.map_shapes import DOT_BELOW, panel, projected
from orchestration.release.site.projection import Frame, inside, ring_area
from orchestration.release.site.shapes.derive import repaired
from orchestration.release.site.shapes.frames import FRAMES, LAND, NEUTRAL
from orchestration.release.site.shapes.simplify import simplified
from orchestration.release.site.shapes.topology import Topology, document, joined, read
from tests.site.figure_tables import countries

FOLDER = Path(shapes.__file__).parent
MEMBERS = {row["ref_area"] for row in countries()}
PLACES = {
    "Simferopol": (34.10, 44.95, "UKR"),
    "Sevastopol": (33.60, 44.65, "UKR"),
    "Donetsk": (37.80, 48.00, "UKR"),
    "northern Nicosia": (33.36, 35.20, "CYP"),
    "Tiraspol": (29.63, 46.84, "MDA"),
    "Sukhumi": (41.02, 43.00, "GEO"),
    "Tskhinvali": (43.97, 42.23, "GEO"),
    "Khankendi": (46.75, 39.82, "AZE"),
    "Pristina": (21.17, 42.66, NEUTRAL),
    "Syrian Golan": (35.80, 33.00, LAND),
    "Ramallah": (35.20, 31.90, LAND),
    "Kaliningrad": (20.50, 54.70, "RUS"),
}
FAR = {
    "Ottawa": (-75.7, 45.4, "CAN"),
    "Anchorage": (-149.9, 61.3, "USA"),
    "Chukotka, west of the antimeridian": (178.0, 67.0, "RUS"),
    "Chukotka, east of the antimeridian": (-175.0, 66.5, "RUS"),
    "Tashkent": (69.24, 41.30, "UZB"),
    "Nuuk": (-50.0, 64.5, LAND),
}


def area_at(level: str, longitude: float, latitude: float) -> list[str]:
    place = FRAMES[level].project(np.array([[longitude, latitude]]))[0]
    return [area for area, rings in projected(level).items() if inside((place[0], place[1]), rings)]


@pytest.mark.parametrize("level", FRAMES)
@pytest.mark.parametrize("place", PLACES)
def test_point_lies_in_its_area_in_both_panels(level: str, place: str) -> None:
    longitude, latitude, area = PLACES[place]
    assert area_at(level, longitude, latitude) == [area]


@pytest.mark.parametrize("place", FAR)
def test_point_far_from_europe_lies_in_its_area(place: str) -> None:
    longitude, latitude, area = FAR[place]
    assert area_at("overview", longitude, latitude) == [area]


def test_all_56_member_states_have_a_shape() -> None:
    assert len(MEMBERS) == 56
    assert set(projected("overview")) == MEMBERS | {LAND, NEUTRAL}
    assert set(projected("detail")) <= MEMBERS | {LAND, NEUTRAL}


def test_states_too_small_to_draw_become_dots_inside_the_panel() -> None:
    shown = panel("detail")
    assert set(shown.dots) == {"AND", "LIE", "MCO", "MLT", "SMR"}
    assert all(0 < x < shown.width and 0 < y < shown.height for x, y in shown.dots.values())
    assert not set(shown.dots) & set(shown.paths)
    large = max(ring_area(ring) for ring in projected("detail")["LUX"])
    assert large > DOT_BELOW


def test_files_are_those_whose_hash_is_recorded() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 2
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_projection_keeps_areas_equal() -> None:
    frame = Frame(longitude=10, latitude=55, x=(-1, 1), y=(-1, 1), width=1000)
    sizes = []
    for west, south in ((0, 40), (90, 40), (-120, 60), (30, 70)):
        # A cell of ten degrees has the area of ten degrees times the difference of the sines.
        east, north = np.arange(west, west + 10.01, 0.1), np.arange(south, south + 10.01, 0.1)
        sides = [
            np.column_stack((east, np.full_like(east, south))),
            np.column_stack((np.full_like(north, west + 10), north)),
            np.column_stack((east[::-1], np.full_like(east, south + 10))),
            np.column_stack((np.full_like(north, west), north[::-1])),
        ]
        true = np.radians(10) * (np.sin(np.radians(south + 10)) - np.sin(np.radians(south)))
        sizes.append(ring_area(frame.project(np.vstack(sides))) / true)
    assert np.allclose(sizes, frame.scale**2, rtol=1e-4)


def two_squares() -> Topology:
    """Two squares side by side: arc 0 is the common border, 1 the rest of the left, 2 of the right."""
    border = np.array([[1.0, 0.0], [1.0, 0.5], [1.0, 1.0]])
    left = np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    right = np.array([[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0]])
    return Topology((border, left, right), {"-1": ((0, 1),), "196": ((2, -1),), "-2": ((2, -1),)})


def test_joining_drops_the_inner_border_and_closes_the_outer_one() -> None:
    source = two_squares()
    (ring,) = joined([*source.areas["-1"], *source.areas["196"]])
    points = source.points(ring)
    assert np.array_equal(points[0], points[-1])
    assert ring_area(points) == 2.0
    assert 0 not in ring and -1 not in ring


def test_repairs_give_northern_cyprus_to_cyprus_and_keep_kosovo_neutral() -> None:
    whole = repaired(two_squares(), {"196": "CYP"})
    assert set(whole.areas) == {"CYP", NEUTRAL}
    assert ring_area(whole.points(whole.areas["CYP"][0])) == 2.0


def test_repairs_refuse_a_source_without_a_member_state() -> None:
    with pytest.raises(ValueError, match="MLT"):
        repaired(two_squares(), {"196": "CYP", "470": "MLT"})


def test_thinned_neighbours_still_share_their_border() -> None:
    frame = Frame(longitude=1, latitude=0.5, x=(-0.05, 0.05), y=(-0.05, 0.05), width=1000)
    thin = simplified(two_squares(), frame, 10.0, set())
    left, right = (thin.points(thin.areas[area][0]) for area in ("-1", "196"))
    shared = {tuple(point) for point in left} & {tuple(point) for point in right}
    assert shared == {(1.0, 0.0), (1.0, 1.0)}
    assert len(left) == 5


def test_small_areas_fall_away_unless_they_must_stay() -> None:
    frame = Frame(longitude=1, latitude=0.5, x=(-0.05, 0.05), y=(-0.05, 0.05), width=1000)
    assert simplified(two_squares(), frame, 1e6, set()).areas == {}
    assert set(simplified(two_squares(), frame, 1e6, {"196"}).areas) == {"196"}


def test_document_reads_back_as_the_same_topology() -> None:
    source = two_squares()
    again = read(json.loads(json.dumps(document(source, "areas", 3))), "areas", "id")
    assert again.areas == source.areas
    assert all(np.allclose(a, b) for a, b in zip(again.arcs, source.arcs, strict=True))
