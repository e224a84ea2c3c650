"""The verdicts of the invented release: by region, by country, by method.

What belongs here: rows of the tables about progress and availability. What does not: values (world.py).
"""

from typing import Any

from tests.site.world_registry import COUNTRIES, INDICATORS, series

VERDICTS = {
    "ALB": (("accelerate", "yellow"), ("significant", "green"), ("3", "green"), ("on_track", "green")),
    "AUT": (("achieved", "green"), ("away", "red"), ("2", "yellow"), ("limited", "yellow")),
    "FRA": (("INSUFFICIENT", "grey"),) * 4,
    "KAZ": (("NO_DATA", "grey"),) * 4,
    "UNECE": (("accelerate", "yellow"), ("moderate", "yellow"), ("1", "red"), ("limited", "yellow")),
    "PROGRAMME": (("reverse", "red"), ("significant", "green"), ("3", "green"), ("NO_WEIGHT", "grey")),
    "PROVIDER_AREA": (("MISSED", "red"), ("COVERAGE", "grey"), ("COVERAGE", "grey"), ("COVERAGE", "grey")),
}


def _statuses(area: str) -> dict[str, str]:
    columns = {}
    for method, (status, colour) in zip(("m1", "m2", "m3", "m4"), VERDICTS[area], strict=True):
        columns |= {f"{method}_status": status, f"{method}_colour": colour}
    return columns


def regional() -> list[dict[str, Any]]:
    rows = []
    wanted = [(code, "UNECE") for code in ("W07", "A02", "A09", "P11")]
    wanted += [("W07", "PROGRAMME"), ("A09", "PROVIDER_AREA")]
    units = {entry[0]: (entry[2], entry[3]) for entry in INDICATORS}
    for code, region in wanted:
        has_value = code == "W07" or region == "PROVIDER_AREA"
        verdicts = _statuses(region) if has_value else _statuses("KAZ")
        rows.append(
            {
                "region": region,
                "region_order": 1,
                "indicator": code,
                "breakdown": "_T",
                "entry_point": units[code][0],
                "unit_measure": units[code][1],
                "sdg_target": "12.5",
                "direction": 1,
                "agg_rule": "RSUM_MATCHED",
                "base_year": 2015 if has_value else None,
                "base_value": 33.3 if has_value else None,
                "latest_year": 2022,
                "latest_value": 41.125 if has_value else None,
                "null_reason": None if has_value else "COVERAGE",
                "obs_status": "E",
                "n_countries": 3,
                "n_members": 4,
                "status": verdicts["m1_status"],
                "colour": verdicts["m1_colour"],
                "target_value": 60.0 if code == "W07" else None,
                "target_year": 2030 if code == "W07" else None,
                "target_expression": "champion(top=5)",
                "target_verified": False,
                **verdicts,
                "agreement": 0.75 if has_value else None,
                "is_contradiction": region == "PROGRAMME",
                "robustness": "fragile" if has_value else None,
                "n_green": 1,
                "n_yellow": 1,
                "n_red": 0,
                "n_grey": 2,
            }
        )
    return rows


def agreements() -> list[dict[str, Any]]:
    areas = [(code, "country") for code in COUNTRIES] + [("UNECE", "region"), ("PROVIDER_AREA", "region")]
    return [
        {
            "indicator": indicator,
            "breakdown": breakdown,
            "area": area,
            "area_kind": kind,
            **_statuses(area),
            "n_methods": 4,
            "n_green": 1,
            "n_yellow": 2,
            "n_red": 1,
            "modal_colour": "yellow",
            "agreement": 0.5,
            "is_contradiction": area == "AUT",
        }
        for indicator, breakdown, _ in (*series(), ("P13", "_T", "0-1"))
        for area, kind in areas
    ]


def _results() -> list[dict[str, Any]]:
    return [
        {
            "indicator": "W07",
            "breakdown": "_T",
            "area": "UNECE",
            "area_kind": "region",
            "method": method,
            "time_window": window,
            "status": "accelerate",
            "colour": "yellow",
        }
        for method, window in (("M1", "all"), ("M2", "short"), ("M2", "long"), ("M3", "base"), ("M4", "base"))
    ]


def progress() -> list[dict[str, Any]]:
    span = {"start_year": 2015, "start_value": 33.3, "end_year": 2022, "end_value": 41.125}
    return [{**row, **span, "is_headline": True} for row in _results()]


def robustness() -> list[dict[str, Any]]:
    run = {"robustness": "fragile", "n_changes": 9, "n_flips": 1, "first_flipping_change": "leave_out_AUT"}
    return [{**row, **run, "n_removed": 1} for row in _results()]


def visibility() -> list[dict[str, Any]]:
    areas = [(code, "country", 1) for code in COUNTRIES] + [("PROGRAMME", "region", 2)]
    return [
        {
            "area_kind": kind,
            "area": area,
            "scope": "W",
            "n_countries": n,
            "n_others": 4 - n,
            "n_indicators": 5,
            "availability_index": 0.5,
            "others_index": 0.75,
            "visibility_gap": -0.25,
            "n_cells": 5 * n,
            "n_without_value": 2 * n,
            "n_not_reported": 2 * n,
        }
        for area, kind, n in areas
    ]


def changes() -> list[dict[str, Any]]:
    """A changed verdict of M1, and one of M2 in both its windows, of which the pages tell the short one."""
    key = {"indicator": "W07", "breakdown": "_T", "area": "UNECE", "area_kind": "region"}
    told = (
        ("M1", "all", "maintain", "accelerate"),
        ("M2", "long", "significant", "moderate"),
        ("M2", "short", "significant", "moderate"),
    )
    return [
        {**key, "method": method, "time_window": window, "status_before": before, "colour_before": "green"}
        | {"status": after, "colour": "yellow", "cause": "new_years"}
        for method, window, before, after in told
    ]
