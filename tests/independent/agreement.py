"""Agreement of the methods, methodology 3.5.

What belongs here: counting the common colours of one series.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.independent.model import GREEN, GREY, RED


@dataclass(frozen=True)
class Agreement:
    n_assessable: int
    modal_colour: str | None
    agreement: float | None
    is_contradiction: bool


def agree(colours: Iterable[str]) -> Agreement:
    """Methods in the modal colour over methods assessable; below two there is no agreement to speak of."""
    counts = Counter(colour for colour in colours if colour != GREY)
    total = sum(counts.values())
    contradiction = bool(counts[GREEN] and counts[RED])
    if total < 2:
        return Agreement(total, None, None, contradiction)
    most = max(counts.values())
    modes = [colour for colour, count in counts.items() if count == most]
    return Agreement(total, modes[0] if len(modes) == 1 else None, most / total, contradiction)
