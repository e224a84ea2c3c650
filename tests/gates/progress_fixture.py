"""Assessments of the small release (release_fixture.py): the cases which G7, G9, G15 and G21 tell apart.

Belongs here: rows of progress, of agreement, of the printed table and of targets. Does not: figures.
"""

from collections.abc import Sequence
from typing import Any

from tests.gates.registry_fixture import Rows


def progress(area: str, kind: str, i0: float, n: int, **changes: Any) -> dict[str, Any]:
    """Yellow: target 20 % below base, prediction 15 % below, so P = 100*(0.8-0.85)/(0.8-1) = 25, AP = 7.5."""
    row = {
        "indicator": "A02",
        "breakdown": "_T",
        "area": area,
        "method": "M1",
        "time_window": "all",
        "area_kind": kind,
        "status": "accelerate",
        "colour": "yellow",
        "reason": None,
        "model": "linear",
        "n_points": 3 if kind == "country" else None,
        "n_countries": n,
        "i0": i0,
        "i0_year": 2015,
        "icr": 0.96 * i0,
        "icr_year": 2017,
        "it": 0.85 * i0,
        "target_value": 0.8 * i0,
        "target_year": 2030,
        "target_expression": "champion(top=5)",
        "target_verified": False,
        "csi": 2.0,
        "ap": 7.5,
        "p": 25.0,
        "score": None,
        "base_estimated": False,
        "break_in_fit": False,
        "clamped": False,
        "late": False,
        "worsening": False,
        "is_headline": True,
        "method_version": "2026.1",
        "config_sha256": "d" * 64,
    }
    return row | changes


def open_sdg(area: str, score: float, status: str, colour: str) -> dict[str, Any]:
    """A row of M4: it needs no target, and its status is the band of its score."""
    none = dict.fromkeys(("model", "i0", "icr", "it", "target_value", "csi", "ap", "p"))
    found: dict[str, Any] = {
        "method": "M4",
        "time_window": "base",
        "status": status,
        "colour": colour,
        "score": score,
    }
    return progress(area, "country", 10.0, 1) | none | found


def measured(
    indicator: str, area: str, method: str, start: float, end: float, status: str, colour: str, **changes: Any
) -> dict[str, Any]:
    """A row of M2, M3 or M4 from 2015 to 2017, without a target unless `changes` names one."""
    none = dict.fromkeys(("model", "i0", "icr", "it", "target_value", "csi", "ap", "p"))
    window = {"M2": "short", "M3": "base", "M4": "base"}[method]
    found: dict[str, Any] = {
        "indicator": indicator,
        "method": method,
        "time_window": window,
        "status": status,
        "colour": colour,
        "start_year": 2015,
        "start_value": start,
        "end_year": 2017,
        "end_value": end,
    }
    return progress(area, "country", 10.0, 1) | none | found | changes


def awkward() -> Rows:
    """The cases of methodology 3.4, each judged by its rule: less waste (W05), more recycling (W06)."""
    unassessed = {"status": "NOT_ASSESSED", "colour": "grey", "reason": "NOT_ASSESSED"}
    unable = {"status": "UNABLE", "colour": "grey", "reason": "UNABLE"}
    past = {"target_value": 60.0, "target_year": 2016, "at_target_year": 58.0}
    return [
        measured("A04", "HRV", "M4", 1.0, 2.0, "", "", breakdown="BIM") | unassessed,
        measured("P02", "HRV", "M4", 1.0, 1.0, "achieved", "green", n_points=1),
        measured("W05", "CZE", "M4", 401.0, 401.0, "achieved", "green", n_points=1, target_value=500.0),
        measured("W05", "ESP", "M2", 400.0, 410.0, "significant_away", "red", worsening=True),
        measured("W05", "EST", "M3", -1.0, 2.0, "", "") | unable,
        measured("W05", "FRA", "M3", 0.0, 2.0, "", "") | unable,
        measured("W06", "DNK", "M4", -2.0, -3.0, "deterioration", "red", score=-5.0),
        measured("W06", "FIN", "M3", 100.0, 100.0, "achieved", "green"),
        measured("W06", "GRC", "M2", 50.0, 66.0, "achieved", "green", target_value=60.0),
        measured("W06", "IRL", "M2", 66.0, 58.0, "away", "red", target_value=60.0),
        measured("W06", "HUN", "M2", 50.0, 59.0, "MISSED", "red", **past),
    ]


def progress_tables(countries: Sequence[str]) -> dict[str, Rows]:
    """Every table of assessments."""
    counts = {"n_green": 0, "n_yellow": len(countries), "n_red": 0, "n_grey": 0, "n_members": len(countries)}
    both = {"n_methods": 2, "n_green": 1, "n_yellow": 1, "n_red": 0, "agreement": 0.5}
    target = {"target_expression": "champion(top=5)", "target_value": 14.0, "target_value_current": 14.0}
    a02 = {"indicator": "A02", "breakdown": "_T"}
    return {
        "rpt_progress": [
            progress("UNECE", "region", 17.5, 16),
            *(progress(area, "country", 10.0 + k, 1) for k, area in enumerate(countries)),
            open_sdg("BEL", 0.0, "acceleration", "yellow"),
            open_sdg("BGR", -2.5, "limited", "yellow"),
            open_sdg("AUT", 2.5, "on_track", "green"),
            *awkward(),
        ],
        "rpt_regional_progress": [
            a02
            | counts
            | {"region": "UNECE", "region_name_en": "UNECE region", "title_en": "Material use per person"}
            | {"status": "accelerate", "colour": "yellow", "n_countries": 16}
        ],
        "rpt_agreement": [a02 | {"area": "AUT", "area_kind": "country"} | both],
        "rpt_target": [
            a02 | {"area": "UNECE", "area_kind": "region", "frozen_vintage": "sample-2025.1"} | target
        ],
    }
