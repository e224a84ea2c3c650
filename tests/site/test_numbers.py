"""How numbers are printed in each language, and that the exact value stands beside."""

from datetime import date

import pytest
from babel.numbers import format_decimal

from orchestration.release.site.numbers import Cell, Numbers, Shape, shape_of


@pytest.mark.parametrize(
    ("language", "number", "share", "day"),
    [
        ("en", "1,234,567.9", "67%", "2 March 2026"),
        ("fr", "1\u202f234\u202f567,9", "67\u202f%", "2 mars 2026"),
        ("ru", "1\u00a0234\u00a0567,9", "67\u00a0%", "2 марта 2026\u202fг."),
    ],
)
def test_formats_of_each_language(language: str, number: str, share: str, day: str) -> None:
    numbers = Numbers(language)
    assert numbers.text(1234567.891, Shape(1)) == number
    assert numbers.share_text(0.6712) == share
    assert numbers.day(date(2026, 3, 2)) == day


def test_exact_value_and_place_stand_beside_the_printed_number() -> None:
    cell = Cell("rpt_observation", ("W07", "_T", "ALB", "2022"), "obs_value")
    assert str(Numbers("en").data(12.3456, Shape(1), cell)) == (
        '<data value="12.3456" data-cell="rpt_observation|W07,_T,ALB,2022|obs_value">12.3</data>'
    )


def test_scaled_number_keeps_its_unscaled_value() -> None:
    assert str(Numbers("fr").data(25817187894.4198, Shape(1, 1_000_000))) == (
        '<data value="25817187894.4198">25\u202f817,2</data>'
    )


@pytest.mark.parametrize(("value", "text"), [(0.0004, "0.0004"), (-0.00026, "−0.0003"), (0.0, "0.0")])
def test_what_is_not_zero_is_not_printed_as_zero(value: float, text: str) -> None:
    assert Numbers("en").text(value, Shape(1)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0%"), (1.0, "100%"), (0.9995, "99.95%"), (0.0004, "0.04%"), (0.004, "0.4%"), (0.5, "50%")],
)
def test_only_nothing_is_nought_and_only_all_is_a_hundred_percent(value: float, text: str) -> None:
    assert Numbers("en").share_text(value) == text


@pytest.mark.parametrize(
    ("unit", "values", "shape"),
    [
        ("%", (12.3456, 50.0), Shape(1)),
        ("t/cap", (9.5, 14.2, 18.1), Shape(1)),
        ("kg/USD_2015", (0.0043, 0.002), Shape(4)),
        ("kg/cap", (334.2, 400.9), Shape(0)),
        ("number", (3.0, 12.0), Shape(0)),
        ("t", (250e6, 3e6, 40e6), Shape(1, 1_000_000)),
        ("t", (250.5, 300.0), Shape(0)),
        ("ratio", (0.0, 0.0), Shape(0)),
        ("ratio", (), Shape(0)),
    ],
)
def test_decimals_and_scale_follow_the_series(unit: str, values: tuple[float, ...], shape: Shape) -> None:
    assert shape_of(unit, values) == shape


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
def test_numbers_are_those_of_babel(language: str, decimals: int) -> None:
    """CLDR, which Babel holds, is the authority on rounding and signs."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    locale = {"en": "en_GB"}.get(language, language)
    for value in (0.0, -0.0, 0.875, 1.5, 2.5, 2.675, 7, -1234.5, 999.95, -12345, 1234567.125, 1e22):
        wanted = format_decimal(value, pattern, locale=locale).replace("-", "\u2212")
        assert Numbers(language).text(value, Shape(decimals)) == wanted
