"""Where the names of points stand so that no two cover each other or a point.

What belongs here: the choice of a side for each name. What does not: which points deserve a name.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from orchestration.release.site.drawing import FONT_SIZE
from orchestration.release.site.lettering import text_width

MARK = 5  # half the size of a point's symbol
SIDES: dict[str, dict[str, Any]] = {
    "right": {"dx": 8, "align": "left"},
    "left": {"dx": -8, "align": "right"},
    "above": {"dy": -13, "align": "center"},
    "below": {"dy": 13, "align": "center"},
}
"""How a text mark stands on each side of its point, in the order in which the sides are tried."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def sides_of_names(
    points: Sequence[tuple[float, float]],
    names: Iterable[tuple[int, str]],
    most: int,
    frame: Box,
    lines: Sequence[Box] = (),
) -> dict[int, str]:
    """The side of each name by the place of its point in `points`, for the first `most` that fit `frame`.

    `names` are (place, name) in the order of their weight; a name that fits on no side, or only across one
    of the `lines`, has none.
    """
    taken = [*((x - MARK, y - MARK, x + MARK, y + MARK) for x, y in points), *lines]
    chosen: dict[int, str] = {}
    for place, name in names:
        for side in SIDES:
            box = box_of(points[place], name, side)
            inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
            others = (other for index, other in enumerate(taken) if index != place)
            if inside and not any(overlap(box, other) for other in others):
                chosen[place] = side
                taken.append(box)
                break
        if len(chosen) == most:
            break
    return chosen


def box_of(point: tuple[float, float], name: str, side: str) -> Box:
    """The letters of a name on a side of its point."""
    look, width = SIDES[side], text_width(name, FONT_SIZE)
    start = {"left": 0.0, "right": -width, "center": -width / 2}[look["align"]]
    left, middle = point[0] + look.get("dx", 0) + start, point[1] + look.get("dy", 0)
    return (left, middle - FONT_SIZE / 2, left + width, middle + FONT_SIZE / 2)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
