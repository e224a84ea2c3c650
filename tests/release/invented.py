"""The dbt project of the invented world: its tables as declared and as exported.

What belongs here: those files. What does not: fixtures and verbs (conftest.py).
"""

from pathlib import Path

import polars as pl
import yaml

METHOD = "parameter,value,unit,source,verified,description\nmethod_version,2026.1,text,own,true,-\n"


def column(name: str, kind: str = "varchar") -> dict:
    return {"name": name, "data_type": kind, "description": name}


TABLES = {
    "rpt_magnitude": (
        ["indicator", "breakdown", "ref_area", "time_period"],
        [
            *(column(name) for name in ("indicator", "breakdown", "ref_area", "time_period")),
            column("previous_value", "double"),
        ],
    ),
    "rpt_method": (["parameter"], [column("parameter"), column("value")]),
    "rpt_region": (["region", "ref_area"], [column("region"), column("ref_area")]),
    "rpt_observation": (
        ["indicator", "breakdown", "ref_area", "time_period"],
        [
            column("indicator"),
            column("breakdown"),
            column("ref_area"),
            column("area_kind"),
            column("time_period"),
            column("obs_value", "double"),
            column("obs_status"),
            column("source"),
            column("illustrative", "boolean"),
        ],
    ),
    "rpt_progress": (
        ["indicator", "breakdown", "area", "area_kind", "method", "time_window"],
        [
            column("indicator"),
            column("breakdown"),
            column("area"),
            column("area_kind"),
            column("method"),
            column("time_window"),
            column("status"),
            column("colour"),
            column("illustrative", "boolean"),
        ],
    ),
    "rpt_target": (
        ["indicator", "area"],
        [column("indicator"), column("area"), column("target_value", "double")],
    ),
}


def write_dbt_project(folder: Path) -> Path:
    models = [
        {
            "name": name,
            "description": name,
            "config": {"meta": {"title": name, "primary_key": key}},
            "columns": columns,
        }
        for name, (key, columns) in TABLES.items()
    ]
    (folder / "models" / "release").mkdir(parents=True)
    (folder / "models" / "release" / "release.yml").write_text(yaml.safe_dump({"models": models}))
    (folder / "seeds").mkdir()
    (folder / "seeds" / "method_config.csv").write_text(METHOD)
    return folder


def export_tables(folder: Path, value: float, status: str, illustrative: bool) -> None:
    """What dbt would export."""
    frames = {
        "rpt_magnitude": {
            "indicator": ["A01"],
            "breakdown": ["_T"],
            "ref_area": ["FRA"],
            "time_period": ["2019"],
            "previous_value": [0.5],
        },
        "rpt_method": {"parameter": ["method_version"], "value": ["2026.1"]},
        "rpt_region": {"region": ["R", "R"], "ref_area": ["CHE", "FRA"]},
        "rpt_observation": {
            "indicator": ["A01", "A01"],
            "breakdown": ["_T", "_T"],
            "ref_area": ["CHE", "FRA"],
            "area_kind": ["country"] * 2,
            "time_period": ["2020", "2020"],
            "obs_value": [value, 2.0],
            "obs_status": ["A", "E"],
            "source": ["unsd/sdg_12_2/A01"] * 2,
            "illustrative": [illustrative] * 2,
        },
        "rpt_progress": {
            "indicator": ["A01"],
            "breakdown": ["_T"],
            "area": ["CHE"],
            "area_kind": ["country"],
            "method": ["M1"],
            "time_window": ["all"],
            "status": [status],
            "colour": ["green"],
            "illustrative": [illustrative],
        },
        "rpt_target": {"indicator": ["A01"], "area": ["CHE"], "target_value": [9.5]},
    }
    for name, content in frames.items():
        pl.DataFrame(content).write_parquet(folder / f"{name}.parquet")
