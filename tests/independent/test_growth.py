"""M2, M3 and M4 of the second implementation, by hand: each threshold from both sides, each trap."""

import pytest

from tests.independent.growth import Window, m2, m3, m4
from tests.independent.model import Indicator, Target

UP, DOWN = Indicator(1), Indicator(-1)
PERCENT = Indicator(1, 0, 100, is_percent=True)


def one_year(end: float, start: float = 1.0) -> Window:
    """A window of one year: its rate is end / start - 1."""
    return Window(2020, start, 2021, end)


# A target of 1.1 a year after the start asks for 10 % a year.
NEXT_YEAR = Target(1.1, 2021)


@pytest.mark.parametrize(
    ("end", "status"),
    [(1.0951, "significant"), (1.0949, "moderate"), (1.0601, "moderate"), (1.0599, "insufficient")]
    + [(1.0, "insufficient"), (0.9999, "away")],
)
def test_m2_by_the_ratio_of_rates(end: float, status: str) -> None:
    seen = m2(one_year(end), UP, NEXT_YEAR)
    assert seen.status == status
    assert seen.numbers["ratio"] == pytest.approx(1000 * (end - 1))


@pytest.mark.parametrize(
    ("end", "status"),
    [(0.9899, "significant"), (0.9901, "moderate"), (1.0, "moderate"), (1.0001, "moderate_away")]
    + [(1.0099, "moderate_away"), (1.0101, "significant_away")],
)
def test_m2_without_a_target(end: float, status: str) -> None:
    assert m2(one_year(end), DOWN, None).status == status


def test_rates_are_compound_over_true_years() -> None:
    # 1.21 over two years is 10 % a year; 1.4641 four years after the start asks for the same.
    seen = m2(Window(2018, 1, 2020, 1.21), UP, Target(1.4641, 2022))
    assert seen.numbers == pytest.approx({"cagr": 0.1, "required_cagr": 0.1, "ratio": 100})


def test_falling_negatives_are_not_on_track() -> None:
    # -1 to -1.05 where more is better: the magnitude rises 5 % a year and should fall.
    seen = m2(one_year(-1.05, -1), UP, Target(-0.9, 2021))
    assert seen.status == "away" and seen.numbers["ratio"] == pytest.approx(-50)
    assert m2(one_year(-1.05, -1), UP, None).status == "significant_away"
    assert m4(one_year(-1.05, -1), UP, None).status == "deterioration"
    assert m3(one_year(-1.05, -1), UP, None).status == "1"


@pytest.mark.parametrize("method", [m2, m3])
@pytest.mark.parametrize(
    ("window", "target"),
    [(one_year(1, 0), None), (one_year(2, 1), Target(0, 2030)), (one_year(-2, -1), Target(3, 2030))]
    + [(one_year(2, 1), Target(1, 2030)), (one_year(2, 1), Target(-3, 2030))],
)
def test_no_ratio_can_carry_this(method, window: Window, target: Target | None) -> None:
    assert method(window, DOWN, target).status == "UNABLE"


def test_base_met_and_latest_not_is_the_worst_class() -> None:
    window, target = one_year(1.2, 0.8), Target(1, 2030)
    assert [method(window, DOWN, target).status for method in (m2, m3, m4)] == ["away", "1", "deterioration"]
    assert m4(window, DOWN, target).numbers["score"] == -5


@pytest.mark.parametrize(
    ("end", "status"),
    # From 1 over one year, target 2 in one year more: v_e = end^2, ratio = end^2 - 1.
    [(1.397, "3"), (1.396, "2"), (1.0489, "2"), (1.0488, "1"), (0.9, "1")],
)
def test_m3_by_the_way_gone(end: float, status: str) -> None:
    seen = m3(one_year(end), UP, Target(2, 2022))
    assert seen.status == status
    assert seen.numbers["ratio"] == pytest.approx(end**2 - 1)


@pytest.mark.parametrize(("end", "status"), [(1.0201, "3"), (1.0199, "2"), (1.0051, "2"), (1.0049, "1")])
def test_m3_without_a_target(end: float, status: str) -> None:
    assert m3(one_year(end), UP, None).status == status


def test_m3_within_one_point_of_the_bound_is_achieved() -> None:
    assert m3(one_year(99, 99.5), PERCENT, None).status == "achieved"
    assert m3(one_year(98.9, 99.5), PERCENT, None).status == "1"
    assert m3(one_year(0.5, 0.6), PERCENT, None).status == "1"
    assert m3(one_year(99.5, 99.9), Indicator(1, 0, 100), None).status == "1"


@pytest.mark.parametrize(
    ("end", "score", "status"),
    # Required 10 % a year: R = 1000 (end - 1); score (R - 60) 5/70 above 60, 5/120 below.
    [(1.095, 2.5, "on_track"), (1.13, 5, "on_track"), (1.14, 5, "on_track"), (1.0949, 2.4929, "acceleration")]
    + [(1.0601, 0.0071, "acceleration"), (1.0599, -0.0042, "limited"), (1.0001, -2.4958, "limited")]
    + [(0.9999, -2.5042, "deterioration"), (0.94, -5, "deterioration"), (0.9, -5, "deterioration")],
)
def test_m4_with_a_target(end: float, score: float, status: str) -> None:
    seen = m4(one_year(end), UP, Target(1.1, 2021))
    assert seen.numbers["score"] == pytest.approx(score, abs=1e-4)
    assert seen.status == status


@pytest.mark.parametrize(
    ("end", "score", "status"),
    [(0.97, 5, "on_track"), (0.9825, 3.75, "on_track"), (0.99, 1.25, "acceleration")]
    + [(0.9949, 0.025, "acceleration"), (0.9975, -1.25, "limited"), (1.0, -2.5, "limited")]
    + [(1.01, -3.75, "deterioration"), (1.03, -5, "deterioration")],
)
def test_m4_without_a_target(end: float, score: float, status: str) -> None:
    seen = m4(one_year(end), DOWN, None)
    assert (seen.numbers["score"], seen.status) == (pytest.approx(score), status)


def test_a_threshold_met_on_paper_is_met() -> None:
    # 201 / 200 - 1 is 0.005, and a little less in binary.
    half = one_year(201, 200)
    assert half.cagr < 0.005
    assert (m3(half, UP, None).status, m4(half, UP, None).status) == ("2", "acceleration")
    # 900 to 936, of 900 to 1024 in two years: 4 % of 6 2/3 % is 60 %.
    assert m2(one_year(936, 900), UP, Target(1024, half.start_year + 2)).status == "moderate"
    # 119 goes on to 141.61: 41.61 of 43.8.
    assert m3(one_year(119, 100), UP, Target(143.8, half.end_year + 1)).status == "3"
    # One per cent a year down is significantly away; what is nearer to zero is not.
    assert m2(one_year(99, 100), UP, None).status == "significant_away"
    assert m2(one_year(99.0001, 100), UP, None).status == "moderate_away"


def test_m4_replaces_zeros_and_tries_ten_times_more_and_less() -> None:
    # From 0.001, 0.01 or 0.0001 to 5 in one year: on track whichever stands in for the zero.
    seen = m4(one_year(5, 0), UP, None)
    assert seen.status == "on_track" and seen.marks == {"ZERO_REPLACED"}
    assert seen.numbers["cagr"] == pytest.approx(4999)
    # To 0.005: risen from 0.001 and 0.0001, fallen from 0.01.
    assert m4(one_year(0.005, 0), UP, None).marks == {"ZERO_REPLACED", "UNSTABLE"}
    assert m2(one_year(5, 0), UP, None).status == "UNABLE"
    still = m4(one_year(0, 0), UP, None)
    assert (still.status, still.numbers["cagr"]) == ("limited", 0)


def test_m4_at_and_near_the_limit() -> None:
    seen = m4(one_year(100, 100), PERCENT, None)
    assert (seen.status, seen.numbers["score"]) == ("on_track", 5)
    assert "C_UNKNOWN" in m4(one_year(80, 90), PERCENT, None).marks
    assert "C_UNKNOWN" not in m4(one_year(95, 89), PERCENT, None).marks
    assert "C_UNKNOWN" not in m4(one_year(96, 95), PERCENT, Target(99, 2030)).marks
    # The thresholds stay whole: 1.4 % a year is below 1.5 %, also from 90.
    assert m4(one_year(91.26, 90), PERCENT, None).status == "acceleration"
