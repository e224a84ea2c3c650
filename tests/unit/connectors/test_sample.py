"""The illustrative sample: the same bytes everywhere, and in them everything a release has to cope with."""

from pathlib import Path

import polars as pl
import pytest

import connectors.sample
from connectors.config import SourceSettings
from connectors.http import Client
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset, list_datasets
from connectors.sample import SAMPLE_NOW, declared_bodies, oecd_bodies, pxweb_bodies, world
from connectors.sample.__main__ import list_checksums
from connectors.sample.shapes import shapes
from connectors.spec import DatasetSpec
from connectors.store import Store


def table(store, key: str, series: str, vintage: int) -> pl.DataFrame:
    found = store.list_vintages(key)[vintage - 1]
    return store.read_observations(key, found.vintage).filter(pl.col("series") == series)


def test_every_generated_body_has_its_recorded_hash():
    recorded = Path(connectors.sample.__file__).with_name("bodies.sha256").read_text()
    assert list_checksums() == recorded, "if the change is meant: python -m connectors.sample > bodies.sha256"


def test_all_56_countries_are_in_it(sample_store):
    found = table(sample_store, "world_bank/sp_pop_totl", "SP.POP.TOTL", 2)
    assert {c.iso3 for c in world.countries()} <= set(found["ref_area"])
    assert len(world.countries()) == 56
    assert "XKX" in set(found["ref_area"])


@pytest.mark.parametrize("vintage", [1, 2])
def test_totals_are_per_capita_times_population(sample_store, vintage):
    total = table(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPT", vintage)
    per_head = table(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPC", vintage)
    people = {
        (c.m49, str(y)): world.population()[c.iso3, y]
        for c in world.countries()
        for y in world.years(vintage)
    }
    joined = total.join(per_head, on=["ref_area", "time_period", "dimensions"])
    assert joined.height == total.height == per_head.height
    checked = 0
    for area, year, tonnes, each in joined.select(
        "ref_area", "time_period", "obs_value", "obs_value_right"
    ).iter_rows():
        if (area, year) in people:
            assert tonnes == pytest.approx(each * people[area, year], abs=1e-5)
            checked += 1
    assert checked == 52 * 5 * len(world.years(vintage))


def test_the_second_vintage_turns_one_country_from_falling_to_rising(sample_store):
    def course(vintage: int) -> tuple[float, float]:
        found = table(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPC", vintage).filter(
            (pl.col("ref_area") == "620") & pl.col("dimensions").str.contains('"ALP"')
        )
        values = dict(found.select("time_period", "obs_value").iter_rows())
        return values["2010"], values["2023"]

    before, after = course(1), course(2)
    assert before[1] < before[0]
    assert after[1] > after[0]


def test_only_that_country_and_the_settled_year_differ_between_the_vintages(sample_store):
    first, second = (table(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPC", v) for v in (1, 2))
    both = first.join(second, on=["ref_area", "time_period", "dimensions"])
    changed = both.filter(pl.col("obs_value") != pl.col("obs_value_right"))
    assert set(changed["ref_area"]) == {"620", "1", "150"}
    first, second = (table(sample_store, "unsd/sdg_12_4", "EN_MWT_GENV", v) for v in (1, 2))
    both = first.join(second, on=["ref_area", "time_period"])
    assert set(both.filter(pl.col("obs_value") != pl.col("obs_value_right"))["time_period"]) == {"2023"}


def test_the_confidential_cell_is_one_in_each_vocabulary(sample_store):
    for vintage, raw in ((1, "c"), (2, "|C")):
        found = table(sample_store, "eurostat/cei_pc031", "CEI_PC031", vintage).filter(
            pl.col("conf_status") == "C"
        )
        assert found.select("ref_area", "time_period", "obs_value", "obs_status_raw").rows() == [
            ("LU", "2016", None, raw)
        ]
        unsd = table(sample_store, "unsd/sdg_12_4", "EN_MWT_GENV", vintage)
        assert unsd.filter((pl.col("ref_area") == "442") & (pl.col("time_period") == "2016")).is_empty()


def test_flags_breaks_and_gaps_are_there(sample_store):
    found = table(sample_store, "eurostat/cei_wm011", "CEI_WM011", 2)
    assert {"A", "B", "E", "P", "I", "O"} == set(found["obs_status"])
    assert found.filter(pl.col("obs_status_raw") == "be").height == 1
    breaks = found.filter(pl.col("obs_status_raw") == "b").select("ref_area", "time_period").rows()
    assert breaks == [("AT", "2012")]
    material = table(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPC", 2)
    assert {"20", "438", "492", "674"}.isdisjoint(material["ref_area"])
    hazardous = table(sample_store, "unsd/sdg_12_4", "EN_HAZ_PCAP", 2).filter(pl.col("ref_area") == "276")
    assert all(int(year) % 2 == 0 for year in hazardous["time_period"])


@pytest.mark.parametrize(
    ("key", "series"),
    [("unsd/sdg_12_2", "EN_MAT_DOMCMPC"), ("unsd/sdg_12_4", "EN_HAZ_PCAP"),
     ("unsd/sdg_12_4", "EN_MWT_GENV"), ("unsd/sdg_12_4", "SG_HAZ_CMRBASEL"),
     ("unsd/sdg_12_5", "EN_MWT_RCYR"), ("unsd/sdg_12_c", "ER_FFS_CMPT_CD")],
)  # fmt: skip
def test_wide_indicators_cover_45_countries_and_more(sample_store, key, series):
    countries = {c.m49 for c in world.countries()}
    assert len(countries & set(table(sample_store, key, series, 2)["ref_area"])) >= 45


def test_every_unsd_row_says_that_it_is_invented(sample_store):
    assert set(table(sample_store, "unsd/sdg_12_5", "EN_MWT_RCYR", 2)["comment_obs"]) == {
        "Invented figure of the illustrative sample"
    }


def declared(provider: str, dataset: str, **fields) -> DatasetSpec:
    """A declaration nothing else knows: no hand-made body, no entry in shapes.yaml."""
    like = {"unsd": "unsd/sdg_12_5", "eurostat": "eurostat/cei_pc031", "oecd": "oecd/munw"}
    base = get_dataset(like.get(provider, "world_bank/sp_pop_totl"))
    facts = base.model_dump(by_alias=True) | {"provider": provider, "dataset": dataset} | fields
    return DatasetSpec.model_validate(facts)


NEW = [
    declared(
        "unsd", "sdg_99_1", parts={"XX_NEW_ONE": ["TONNES"], "XX_NEW_TWO": ["PERCENT"]},
        dimensions=["Reporting Type"], part_dimensions={"XX_NEW_ONE": ["Activity"]},
        rhythm={"XX_NEW_TWO": {"every_years": 2, "includes": 2024}}, price_base={}, query={}, sums=[
            {"part": "XX_NEW_ONE", "dimension": "Activity", "total": "ALL", "addends": ["A", "B"],
             "tolerance": 0.001},
        ],
    ),
    declared(
        "eurostat", "new_data", code="NEW_DATA", parts={"all": ["THS_T", "PC"]},
        dimensions=["freq", "waste", "unit", "geo"],
    ),
    declared(
        "eurostat", "new_measures", code="NEW_MEASURES", parts={"all": ["PERSONS", "RATE"]},
        dimensions=["freq", "indic", "geo"],
        measures={"dimension": "indic", "units": {"JAN": "PERSONS", "GROWTH": "RATE"}},
    ),
    declared("world_bank", "xx_new", code="XX.NEW", parts={"all": ["USD"]}),
    declared("oecd", "new_flow", code="DSD_NEW@DF_NEW", parts={"all": ["T", "KG_PS"]}),
    declared(
        "comtrade", "trade", protocol="comtrade", code="HS", first_year=2020, parts={"all": ["KG", "USD"]},
        query={"flowCode": "M,X", "cmdCode": "3915,8549"},
        dimensions=["classificationCode", "flowCode", "cmdCode", "partnerCode"],
    ),
    declared(
        "unece", "new_table", protocol="pxweb", code="01_new.px", parts={"all": ["T"]}, query={},
        table={"folder": ["40-ENV", "Waste"], "area": "Country", "time": "Year"}, dimensions=["Kind"],
    ),
]  # fmt: skip


@pytest.fixture
def only_declared(monkeypatch):
    """`only_declared(spec)`: the sample knows this declaration alone."""
    caches = [
        *(declared_bodies.unsd_specs, declared_bodies.eurostat_specs, declared_bodies.world_bank_specs),
        oecd_bodies.oecd_specs,
    ]

    def declare(spec: DatasetSpec) -> None:
        for module in (declared_bodies, oecd_bodies, pxweb_bodies):
            monkeypatch.setattr(module, "list_datasets", lambda: (spec,))
        for cache in caches:
            cache.cache_clear()

    yield declare
    for cache in caches:
        cache.cache_clear()


def refreshed(spec: DatasetSpec, home: Path, vintage: str) -> pl.DataFrame:
    """The observations of a new vintage made from the sample."""
    settings = SourceSettings.from_env({"CIRCULARITY_HOME": str(home), "CIRCULARITY_SAMPLE_VINTAGE": vintage})
    store = Store(settings.root, illustrative=True)
    with Client(settings) as client:
        result = refresh_dataset(spec, client, store, SAMPLE_NOW)
    assert (result.outcome, result.errors) == ("new", {})
    return store.read_observations(spec.key, result.vintage.vintage)


@pytest.mark.parametrize("spec", NEW, ids=lambda spec: spec.key)
def test_a_new_declaration_is_answered_without_anything_else(spec, tmp_path, only_declared):
    only_declared(spec)
    first, second = (refreshed(spec, tmp_path, vintage) for vintage in ("1", "2"))
    series = {"netWgt", "primaryValue"} if spec.protocol == "comtrade" else {spec.code}
    assert set(first["series"]) == (set(spec.parts) if spec.provider == "unsd" else series)
    assert set(first["unit_measure"]) == {unit for units in spec.units.values() for unit in units}
    assert first["ref_area"].n_unique() >= 27
    newest = [frame.drop_nulls("obs_value")["time_period"].cast(pl.Int32).max() for frame in (first, second)]
    assert newest == [2023, 2024]
    assert second.height > first.height


def test_declared_rhythm_and_sums_hold_in_what_is_invented(tmp_path, only_declared):
    only_declared(NEW[0])
    table = refreshed(NEW[0], tmp_path, "2").with_columns(pl.col("series", "dimensions").cast(pl.String))
    every_second = table.filter(pl.col("series") == "XX_NEW_TWO")["time_period"].cast(pl.Int32)
    assert set(every_second % 2) == {0}
    kinds = table.filter(pl.col("series") == "XX_NEW_ONE").with_columns(
        kind=pl.col("dimensions").str.json_path_match("$.Activity")
    )
    wide = kinds.pivot("kind", index=["ref_area", "time_period"], values="obs_value").drop_nulls()
    assert wide.height > 300
    assert (wide["A"] + wide["B"] - wide["ALL"]).abs().max() < 0.01


def test_every_shape_belongs_to_a_declaration():
    known = {spec.key for spec in list_datasets()}
    known |= {
        f"unsd/{part}" for spec in list_datasets() if spec.protocol == "unsd_sdg" for part in spec.parts
    }
    assert set(shapes()) <= known
