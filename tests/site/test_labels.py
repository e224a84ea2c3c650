"""No name in a chart covers another name, a point or a line."""

import random
from itertools import combinations

from orchestration.release.site.charts.labels import MARK, SIDES, box_of, overlap, sides_of_names

FRAME = (0.0, 0.0, 340.0, 300.0)


def boxes(points, names, sides) -> dict[int, tuple[float, float, float, float]]:
    return {place: box_of(points[place], dict(names)[place], side) for place, side in sides.items()}


def test_crowded_names_stay_apart() -> None:
    shuffled = random.Random(7)
    points = [(shuffled.uniform(0, 328), shuffled.uniform(0, 300)) for _ in range(56)]
    names = [(place, f"X{place:02d}") for place in range(56)]
    line = (0.0, 150.0, 328.0, 150.0)
    sides = sides_of_names(points, names, 20, FRAME, (line,))
    assert len(sides) == 20
    found = boxes(points, names, sides)
    assert not [pair for pair in combinations(found.values(), 2) if overlap(*pair)]
    for place, box in found.items():
        marks = [(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in points]
        assert not [other for index, other in enumerate(marks) if index != place and overlap(box, other)]
        assert not overlap(box, line)
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= 340 and box[3] <= 300


def test_the_second_of_two_neighbours_changes_its_side() -> None:
    points = [(100.0, 100.0), (112.0, 100.0)]
    assert sides_of_names(points, [(0, "ARM"), (1, "RUS")], 6, FRAME) == {0: "left", 1: "right"}


def test_a_name_at_the_edge_turns_inwards_and_one_without_room_is_left_out() -> None:
    assert sides_of_names([(335.0, 100.0)], [(0, "TUR")], 6, FRAME) == {0: "left"}
    ring = [(100.0 + x, 100.0 + y) for x in (-14, 0, 14) for y in (-14, 0, 14)]
    assert sides_of_names(ring, [(4, "XXX")], 6, FRAME) == {}


def test_the_sides_are_four() -> None:
    assert list(SIDES) == ["right", "left", "above", "below"]
