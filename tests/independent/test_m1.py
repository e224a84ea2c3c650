"""M1 of the second implementation, by hand."""

import math

import numpy as np
import pytest

from tests.independent.m1 import Prediction, classify, fit, predict, region, transform
from tests.independent.model import Indicator, Outcome, Point, Target, base_point, judged_at, last_break

UP, DOWN = Indicator(1), Indicator(-1)
PERCENT = Indicator(1, 0, 100, trend_model="logit")


def points(*pairs: tuple[int, float], breaks: tuple[int, ...] = ()) -> list[Point]:
    return [Point(year, value, year in breaks) for year, value in pairs]


def test_slope_and_intercept_are_both_weighted() -> None:
    # T = 2020; weights 12/12, 12/6, 12/3 = 1, 2, 4; W = 7; tb = 2008 + (0 + 12 + 36)/7 = 2008 + 48/7.
    series = points((2008, 7.0), (2014, 14.0), (2017, 0.0))
    trend = fit(series, UP, 2020)
    assert trend.tb == pytest.approx(2008 + 48 / 7)
    # zb = (7 + 28 + 0)/7 = 5. Deviations of t: -48/7, -6/7, 15/7; of z: 2, 9, -5.
    # Sum of products: (-96 - 108 - 300)/7 = -72; of squares: (2304 + 72 + 900)/49 = 3276/49.
    assert trend.zb == pytest.approx(5)
    assert trend.beta == pytest.approx(-72 / (3276 / 49))
    slope, intercept = np.polyfit([-12, -6, -3], [7, 14, 0], 1, w=np.sqrt([1, 2, 4]))
    assert (trend.beta, trend.at(2020)) == pytest.approx((slope, intercept))


def test_each_scale_leads_back_to_values() -> None:
    # ln: 1, e, so slope 1 a year from 2010 to 2011, It(2013) = e^3.
    grown = fit(points((2010, 1.0), (2011, math.e)), Indicator(1, trend_model="geometric"), 2030)
    assert grown.at(2013) == pytest.approx(math.e**3)
    # Shares 0.5 and 0.75: logit 0 and ln 3; one year on 2 ln 3, so 9/10.
    share = fit(points((2010, 50.0), (2011, 75.0)), PERCENT, 2030)
    assert share.at(2012) == pytest.approx(90)


@pytest.mark.parametrize(
    ("value", "model"), [(0.5, "logit"), (99.5, "logit"), (0.4, "linear"), (99.6, "linear")]
)
def test_a_clamped_share_falls_back_to_linear(value: float, model: str) -> None:
    assert transform(np.array([value, 50.0]), PERCENT)[0] == model


def test_a_logarithm_needs_positive_values() -> None:
    assert transform(np.array([0.0, 1.0]), Indicator(1, trend_model="geometric"))[0] == "linear"


def test_only_points_after_the_break_enter_if_three_remain() -> None:
    series = points((2005, 90.0), (2015, 10.0), (2016, 11.0), (2017, 12.0), breaks=(2015,))
    seen = predict(series, UP, 2030)
    assert seen is not None
    assert (seen.i0, seen.base_estimated, seen.break_in_fit) == (10, False, False)
    assert (seen.it, seen.icr) == (pytest.approx(25), 12)
    fewer = predict(points((2005, 1.0), (2016, 12.0), (2017, 13.0), breaks=(2016,)), UP, 2030)
    assert fewer is not None and fewer.break_in_fit and fewer.base_estimated
    assert fewer.i0 == pytest.approx(11)


def test_an_observed_base_beyond_the_break_is_not_comparable() -> None:
    series = points((2015, 90.0), (2016, 11.0), (2017, 12.0), (2018, 13.0), breaks=(2016,))
    seen = predict(series, UP, 2030)
    assert seen is not None and seen.base_estimated and seen.i0 == pytest.approx(10)


def test_a_prediction_is_held_inside_the_limits() -> None:
    seen = predict(points((2015, 90.0), (2016, 95.0)), Indicator(1, 0, 100), 2030)
    assert seen is not None and (seen.it, seen.clamped) == (100, True)
    above = predict(points((2015, 104.0), (2016, 95.0)), Indicator(1, 0, 100), 2030)
    assert above is not None and (above.i0, above.it) == (104, 0)
    assert predict(points((2016, 95.0)), UP, 2030) is None
    assert predict(points((2016, 95.0), (2030, 96.0)), UP, 2030) is None


def test_a_region_is_the_median_of_its_countries() -> None:
    countries = [Prediction(float(n), float(2 * n), float(-n), 2010 + n % 2) for n in range(1, 17)]
    seen = region(countries)
    assert seen is not None
    assert (seen.i0, seen.icr, seen.it, seen.icr_year) == (8.5, 17, -8.5, 2011)
    assert region([]) is None


def judge(i0: float, icr: float, it: float, target: float, indicator: Indicator = DOWN) -> Outcome:
    return classify(i0, icr, it, indicator, Target(target, 2030))


@pytest.mark.parametrize(
    ("it", "p", "status"),
    # TV - I0 = -10: P = 100 (10 - It) / -10.
    [(11.0, 10, "maintain"), (11.1, 11, "accelerate"), (19.9, 99, "accelerate"), (20.0, 100, "reverse")],
)
def test_p_decides(it: float, p: float, status: str) -> None:
    seen = judge(20, 18, it, 10)
    assert seen.numbers == pytest.approx({"csi": 2, "ap": 10 - p / 10, "p": p})
    assert seen.status == status


def test_near_the_target_and_beyond_it_no_ratio_is_formed() -> None:
    # |TV - I0| = 4.9 < 5 % of 100.
    assert judge(104.9, 106, 100, 100).status == "maintain"
    assert judge(104.9, 106, 100.1, 100).status == "reverse"
    assert judge(104.9, 106, 99, 100).numbers == {"csi": None, "ap": None, "p": None}
    assert judge(105, 104, 102, 100).numbers["p"] == pytest.approx(40)
    # Base met by far, latest not: yellow at best.
    assert judge(50, 120, 90, 100).status == "accelerate"
    assert judge(50, 90, 90, 100).status == "maintain"
    assert judge(50, 90, 110, 100).status == "reverse"
    assert judge(50, 120, 90, 100).numbers["csi"] is None


def test_a_worsening_series_has_a_negative_index_and_a_met_one_ten() -> None:
    assert judge(20, 24, 30, 10).numbers["csi"] == pytest.approx(-4)
    assert judge(20, 9, 9, 10).numbers["csi"] == 10


def test_base_break_and_judgement_year() -> None:
    series = points((2012, 1.0), (2017, 2.0), (2019, 3.0), breaks=(2012, 2019))
    assert last_break(series) == 2019
    assert last_break(series[:2]) is None
    assert base_point(series) == series[1]
    assert base_point(series[:1]) == series[0]
    assert base_point([]) is None
    assert judged_at(series, 2018) == (series[2], False)
    assert judged_at(series, 2017) == (series[1], False)
    assert judged_at(series, 2020) == (series[2], True)
