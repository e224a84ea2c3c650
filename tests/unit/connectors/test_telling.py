"""What many parts say alike is said once, with how many others there are."""

import pytest

from connectors import telling
from connectors.errors import SourceError
from connectors.records import SourceWarning


def error(part: str, what: str = "is withdrawn", kept: str = "the last good vintage x, snapshot of y"):
    return SourceError("comtrade", "x", what, part=part, next_step="ask", kept=kept, fault="S07")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (["100-2010"], "100-2010"),
        (["100-2010", "40-2010"], "100-2010 and 1 other part"),
        (["100-2010", "40-2010", "40-2010", "56-2010"], "100-2010 and 2 other parts"),
        (["all"], "all"),
        (["", ""], ""),
    ],
)
def test_warnings_of_many_parts_are_one(parts, named):
    (told,) = telling.together(SourceWarning(fault="V16", text="same", part=part) for part in parts)
    assert (told.fault, told.text, told.part) == ("V16", "same", named)


def test_warnings_that_differ_stay_apart_in_their_order():
    warnings = [
        SourceWarning(fault="V16", text="b", part="A"),
        SourceWarning(fault="V06", text="b", part="A"),
        SourceWarning(fault="V16", text="a", part="A"),
        SourceWarning(fault="V16", text="a", part="A", facts=("one",)),
    ]
    assert list(telling.together(warnings)) == warnings


def test_errors_of_many_parts_are_one_sentence():
    one, other = error("100-2010"), error("40-2010", kept="the last good vintage x, snapshot of z")
    assert telling.sentences([one]) == (str(one),)
    assert telling.sentences([one, other]) == (f"{one} (And so in 1 other part.)",)
    assert telling.sentences([one, other, error("56-2010")])[0].endswith("(And so in 2 other parts.)")


@pytest.mark.parametrize(
    "other", [error("40-2010", what="answered status 503"), error("40-2010", kept="nothing")]
)
def test_errors_that_differ_are_told_apart(other):
    one = error("100-2010")
    assert telling.sentences([one, other]) == (str(one), str(other))
