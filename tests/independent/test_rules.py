"""Rules 1 to 7, agreement, targets, panels and Tapio of the second implementation, by hand."""

from dataclasses import replace

import pytest

from tests.independent.agreement import Agreement, agree
from tests.independent.model import Indicator, Point, Target
from tests.independent.panels import Cell, members_of, value_of
from tests.independent.rules import View, settle
from tests.independent.tapio import change, classify, mean_of_three
from tests.independent.targets import (
    champion_rate,
    champion_target,
    evaluate,
    parse,
    step_that_counts,
    yearly_rate,
)

DOWN = Indicator(-1, lower=0)
TARGET = Target(10, 2030)
SEEN = View(n_points=5, base=20, latest=15, latest_year=2020, values=(20, 15))


def word(view: View = SEEN, indicator: Indicator = DOWN, target: Target | None = TARGET, **how) -> str | None:
    settings = {"is_past": False, "needs_target": True, "is_ratio": True} | how
    outcome = settle(view, indicator, target, **settings)
    return outcome and outcome.status


def test_the_rules_in_their_order() -> None:
    assert word(indicator=Indicator(0), target=None) == "NOT_ASSESSED"
    assert word(View(0), target=None) == "NO_TARGET"
    assert word(View(0), target=None, needs_target=False) == "NO_DATA"
    assert word(View(0)) == "NO_DATA"
    assert word(replace(SEEN, n_points=1)) == "INSUFFICIENT"
    assert word(replace(SEEN, n_points=1, latest=9)) == "achieved"
    assert word(indicator=replace(DOWN, is_growth_rate=True)) == "UNABLE"
    assert word(replace(SEEN, values=(-1, 1))) == "UNABLE"
    assert word(replace(SEEN, values=(-1, 1)), is_ratio=False) is None
    assert word(replace(SEEN, values=(0, 1))) is None
    assert word(replace(SEEN, latest=10)) == "achieved"
    assert word() is None


def test_binary_is_achieved_or_not() -> None:
    binary = Indicator(1, is_binary=True)
    assert word(replace(SEEN, n_points=1, latest=1), binary, Target(1, 2030)) == "achieved"
    assert word(replace(SEEN, n_points=1, latest=0), binary, Target(1, 2030)) == "not_achieved"


def test_at_the_limit_with_no_target_is_achieved() -> None:
    at_limit = replace(SEEN, base=0, latest=0)
    assert word(at_limit, target=None, needs_target=False) == "achieved"
    assert word(replace(at_limit, base=1), target=None, needs_target=False) is None
    assert word(replace(at_limit, base=0, latest=1), target=None, needs_target=False) is None


def test_a_past_target_is_judged_at_its_year() -> None:
    past = Target(10, 2020)
    assert word(replace(SEEN, at_target=10), target=past, is_past=True) == "MET"
    assert word(replace(SEEN, at_target=11), target=past, is_past=True) == "MISSED"
    assert word(replace(SEEN, at_target=11)) is None
    late = settle(
        replace(SEEN, latest=9, latest_year=2021), DOWN, past, is_past=True, needs_target=True, is_ratio=False
    )
    assert late is not None and late.marks == {"LATE"}


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        (["green", "green", "yellow", "grey"], Agreement(3, "green", 2 / 3, False)),
        (["green", "red"], Agreement(2, None, 0.5, True)),
        (["red", "grey", "grey", "grey"], Agreement(1, None, None, False)),
        (["green", "green", "red", "red"], Agreement(4, None, 0.5, True)),
        (["yellow"] * 4, Agreement(4, "yellow", 1.0, False)),
    ],
)
def test_agreement(colours: list[str], expected: Agreement) -> None:
    assert agree(colours) == expected


def test_expressions_are_read_and_the_next_step_counts() -> None:
    step = parse("step(2025:55,2030:60,2035:65)")
    assert step_that_counts(step, 2025) == (2025, 55)
    assert step_that_counts(step, 2026) == (2030, 60)
    assert step_that_counts(step, 2040) == (2035, 65)
    assert parse("const(100)", 2020).steps == ((2020, 100.0),)
    assert parse("none").kind == "none" and parse("champion(top=5)").kind == "champion"
    with pytest.raises(ValueError, match="no target"):
        parse("twice(3)")


def test_expressions_have_values() -> None:
    def value(text: str, **more: float) -> tuple[int, float] | None:
        known = {("EU27", 2020): 11.5}
        given = {"own_base": more.get("own_base"), "rate": more.get("rate")}
        return evaluate(parse(text), DOWN, latest_year=2021, named=known, **given)

    assert value("2*value(EU27,2020)") == (2030, 23)
    assert value("2*value(EU27,2019)") is None
    assert value("0.5*value(self,base)", own_base=80) == (2030, 40)
    assert value("0.5*value(self,base)") is None
    assert value("champion(top=5)", own_base=100, rate=0.0) == (2030, 100)
    assert value("champion(top=5)", own_base=100) is None
    assert value("none") is None


def line(first: float, last: float, year: int = 2001, end: int = 2011, **more: bool) -> list[Point]:
    return [Point(year, first), Point(2008, 1.0, more.get("broken", False)), Point(end, last)]


def test_a_champion_rate_spans_two_windows_and_no_break() -> None:
    assert yearly_rate(line(1, 2**10), False) == pytest.approx(1)
    assert yearly_rate(line(10, 30), True) == pytest.approx(2)
    assert yearly_rate(line(0, 5), False) is None
    assert yearly_rate(line(1, 2, broken=True), False) is None
    assert yearly_rate(line(1, 2, end=2016), False) is None
    assert yearly_rate(line(1, 2, year=2006), False) is None


def test_the_best_five_of_fifteen_are_averaged_and_capped() -> None:
    bounded = Indicator(-1, 0, 100)
    # Points a year: -1.5, -1.4, …, -0.1; the best five downwards: -1.5 … -1.1, mean -1.3.
    series = [line(50, 50 - n) for n in range(1, 16)]
    assert champion_rate(series, bounded) == pytest.approx(-1.3)
    assert champion_rate(series[:14], bounded) is None
    assert champion_rate([line(90, 90 - 5 * n) for n in range(1, 16)], bounded) == -2
    assert champion_rate([line(1, 2)] * 15, Indicator(1)) == 0.05
    assert champion_rate([line(1, 2)] * 15, Indicator(-1)) is None


def test_champion_targets_stay_inside_the_limits() -> None:
    assert champion_target(50, -2, Indicator(-1, 0, 100)) == 20
    assert champion_target(20, -2, Indicator(-1, 0, 100)) == 0
    assert champion_target(100, -0.05, DOWN) == pytest.approx(100 * 0.95**15)
    assert champion_target(0, -0.05, DOWN) is None


def test_a_panel_is_the_same_countries_at_both_ends() -> None:
    table = {
        "AUT": {2010: Cell(1, 10, 10), 2012: Cell(2, 20, 10)},
        "BEL": {2010: Cell(3, 90, 30), 2012: Cell(4, 120, 30)},
        "DEU": {2012: Cell(9, 9, 1)},
        "LUX": {2010: Cell(5), 2012: Cell(5)},
    }
    ratio = members_of(table, table, (2010, 2012), "RSUM_MATCHED")
    assert ratio == ["AUT", "BEL"]
    assert value_of(table, ratio, 2010, "RSUM_MATCHED") == 2.5
    assert value_of(table, ratio, 2012, "RSUM_MATCHED") == 3.5
    plain = members_of(table, table, (2010, 2012), "MEAN")
    assert plain == ["AUT", "BEL", "LUX"]
    assert value_of(table, plain, 2010, "MEAN") == 3
    assert value_of(table, plain, 2012, "MEDIAN") == 4
    assert value_of(table, plain, 2012, "SUM") == 11


@pytest.mark.parametrize(
    ("pressure", "growth", "expected"),
    [
        (-0.01, 0.10, "strong_decoupling"),
        (0.0, 0.10, "weak_decoupling"),
        (0.079, 0.10, "weak_decoupling"),
        (0.081, 0.10, "expansive_coupling"),
        (0.119, 0.10, "expansive_coupling"),
        (0.121, 0.10, "expansive_negative_decoupling"),
        (0.01, -0.10, "strong_negative_decoupling"),
        (0.0, -0.10, "weak_negative_decoupling"),
        (-0.079, -0.10, "weak_negative_decoupling"),
        (-0.081, -0.10, "recessive_coupling"),
        (-0.121, -0.10, "recessive_decoupling"),
        (0.5, 0.0099, "NOT_CLASSIFIABLE"),
        (0.5, -0.0099, "NOT_CLASSIFIABLE"),
        (0.5, 0.0101, "expansive_negative_decoupling"),
    ],
)
def test_tapio(pressure: float, growth: float, expected: str) -> None:
    assert classify(pressure, growth) == expected


def test_three_year_means() -> None:
    assert mean_of_three({2009: 1, 2010: 2, 2011: 6}, 2010) == 3
    assert mean_of_three({2009: 1, 2010: 2}, 2010) is None
    assert change(4, 5) == 0.25
    assert change(0, 5) is None
