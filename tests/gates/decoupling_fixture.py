"""Rows of decoupling for the small release (release_fixture.py): three countries and the region.

Belongs here: the cases which G11 tells apart. Does not: the other tables.
"""

from typing import Any


def decoupling(area: str, gdp_change: float, **changes: Any) -> dict[str, Any]:
    """Material use fell by 3 per cent while GDP grew by `gdp_change` per cent: strong decoupling."""
    row = {
        "perspective": "production",
        "area_kind": "country",
        "area": area,
        "area_name_en": area,
        "span_years": 5,
        "gdp_source": "WORLD_BANK",
        "start_first_year": 2010,
        "start_last_year": 2012,
        "end_first_year": 2015,
        "end_last_year": 2017,
        "n_countries": 1,
        "n_members": 1,
        "pressure_change": -3.0,
        "gdp_change": gdp_change,
        "elasticity": -3.0 / gdp_change,
        "decoupling_class": "strong_decoupling",
        "decoupling_class_strict": "strong_decoupling",
        "null_reason": None,
    }
    return row | changes


def decouplings() -> list[dict[str, Any]]:
    """Germany falls by the stricter bound, France grows by the first; Italy and the region are flat."""
    no_class = dict.fromkeys(
        ("decoupling_class", "decoupling_class_strict", "null_reason"), "NOT_CLASSIFIABLE"
    )
    flat = {"elasticity": None} | no_class
    shrinking = dict.fromkeys(("decoupling_class", "decoupling_class_strict"), "recessive_decoupling")
    return [
        decoupling("DEU", -2.0, **shrinking),
        decoupling("FRA", 1.0, decoupling_class_strict="NOT_CLASSIFIABLE"),
        decoupling("ITA", -0.9, **flat),
        decoupling("UNECE", 0.5, area_kind="region", n_countries=16, n_members=56, **flat),
    ]
