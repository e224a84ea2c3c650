"""The invented world agrees with itself: what one table shows as a rate, others show as its numerator."""

import json

import polars as pl
import pytest
from pydantic import ValidationError

from connectors.registry import get_dataset, list_datasets
from connectors.sample import comtrade_bodies, quantities, related, shapes, world
from connectors.sample.invented import draw_declared
from connectors.sample.quantities import Quantity, amounts, declared, has_break, root, show
from connectors.sample.shapes import Shape, Shown
from connectors.spec import DatasetSpec

UNSD_PEOPLE = {(c.m49, str(y)): n for c in world.countries() for y, n in
               ((y, world.population()[c.iso3, y]) for y in world.years(2))}  # fmt: skip


def figures(store, key: str, series: str, vintage: int = 2, **codes: str) -> dict[tuple[str, str], float]:
    """(area, year) -> value of one cell of a table of the sample, in its units."""
    at = store.list_vintages(key)[vintage - 1]
    table = store.read_observations(key, at.vintage).filter(pl.col("series") == series)
    for name, code in codes.items():
        text = f'"{name.replace("__", " ")}":"{code}"'
        table = table.filter(pl.col("dimensions").cast(pl.String).str.contains(text, literal=True))
    rows = table.select("ref_area", "time_period", "obs_value", "unit_mult").iter_rows()
    return {(area, year): value * 10**power for area, year, value, power in rows if value is not None}


def eurostat(code: str) -> tuple[str, str]:
    return f"eurostat/{code}", code.upper()


# rate, its part, its whole (each: data set, series, codes), and how far rounding may carry them apart
RECYCLED, TREATED = (
    {"hazard": "HAZ_NHAZ", "waste": "TOT_X_MIN", "unit": "T", "wst_oper": code} for code in ("RCV_R", "TRT")
)
RATES = {
    "e-waste": (
        ("unsd/sdg_12_5", "EN_EWT_RCYR", {}),
        ("unsd/sdg_12_5", "EN_EWT_RCYV", {}),
        ("unsd/sdg_12_4", "EN_EWT_COLLV", {}),
        0.001,
    ),
    "hazardous": (
        ("unsd/sdg_12_4", "EN_HAZ_TRTDISR", {}),
        ("unsd/sdg_12_4", "EN_HAZ_TRTDISV", {}),
        ("unsd/sdg_12_4", "EN_HAZ_GENV", {}),
        0.001,
    ),
    "all waste": (
        (*eurostat("cei_wm010"), {"wst_oper": "RCV_R"}),
        (*eurostat("env_wastrt"), RECYCLED),
        (*eurostat("env_wastrt"), TREATED),
        0.06,
    ),
    **{
        waste: (
            (*eurostat("cei_wm020"), {"waste": waste}),
            (*eurostat("env_waspac"), {"waste": waste, "unit": "T", "wst_oper": "RCY"}),
            (*eurostat("env_waspac"), {"waste": waste, "unit": "T", "wst_oper": "GEN"}),
            0.06,
        )
        for waste in ("W1501", "W150102")
    },
    "energy taxes": (
        (*eurostat("env_ac_tax"), {"tax": "NRG", "unit": "PC_GDP"}),
        (*eurostat("env_ac_tax"), {"tax": "NRG", "unit": "MIO_EUR"}),
        None,
        0.006,
    ),
}


@pytest.mark.parametrize("vintage", [1, 2])
@pytest.mark.parametrize("name", RATES)
def test_a_rate_is_its_part_of_its_whole(sample_store, vintage, name):
    rate, part, whole, within = RATES[name]
    rates, parts = (figures(sample_store, *cell[:2], vintage, **cell[2]) for cell in (rate, part))
    if whole is None:
        geo = {c.geo: c.iso3 for c in world.countries()}
        dollars = {
            (g, str(y)): n for g, i in geo.items() for (c, y), n in world.whole_gdp().items() if c == i
        }
        wholes = {cell: value * 9e-7 for cell, value in dollars.items()}
    else:
        wholes = figures(sample_store, *whole[:2], vintage, **whole[2])
    both = [cell for cell in rates if cell in wholes and cell[0] not in ("1", "150")]
    assert len(both) > 100
    for cell in both:
        assert rates[cell] == pytest.approx(100 * parts[cell] / wholes[cell], abs=within)


@pytest.mark.parametrize(
    ("key", "total", "each", "kilograms"),
    [
        ("unsd/sdg_12_4", "EN_EWT_GENV", "EN_EWT_GENPCAP", 1000),
        ("unsd/sdg_12_4", "EN_EWT_COLLV", "EN_EWT_COLLPCAP", 1000),
        ("unsd/sdg_12_3", "AG_FOOD_WST", "AG_FOOD_WST_PC", 1000),
        ("unsd/sdg_12_c", "ER_FFS_CMPT_CD", "ER_FFS_CMPT_PC_CD", 1e9),
    ],
)
def test_per_person_is_the_total_over_the_population(sample_store, key, total, each, kilograms):
    codes = {"Food__Waste__Sector": "ALL"} if "FOOD" in total else {}
    totals, per_head = figures(sample_store, key, total, **codes), figures(sample_store, key, each, **codes)
    both = [cell for cell in per_head if cell in UNSD_PEOPLE]
    assert len(both) > 40 and set(both) <= set(totals)
    for cell in both:
        assert per_head[cell] == pytest.approx(totals[cell] * kilograms / UNSD_PEOPLE[cell], abs=0.006)


@pytest.mark.parametrize(
    ("key", "series", "dimension", "total", "parts"),
    [
        ("unsd/sdg_12_2", "EN_MAT_DOMCMPG", "Type__of__product", "ALP", "BIM FOF MEO NMM"),
        ("unsd/sdg_12_3", "AG_FOOD_WST", "Food__Waste__Sector", "ALL", "HHS RTL OOHC"),
        ("eurostat/env_wasmun", "ENV_WASMUN", "wst_oper", "TRT", "RCY DSP_L_OTH RCV_E DSP_I"),
    ],
)
def test_parts_add_up(sample_store, key, series, dimension, total, parts):
    unit = {"unit": "THS_T"} if key.startswith("eurostat") else {}
    wholes = figures(sample_store, key, series, **{dimension: total}, **unit)
    found = [figures(sample_store, key, series, **{dimension: code}, **unit) for code in parts.split()]
    assert len(wholes) > 40
    for cell, whole in wholes.items():
        assert sum(part[cell] for part in found) == pytest.approx(whole, abs=0.03)


def test_all_hazardous_waste_treated_is_treated_somehow(sample_store):
    whole = figures(sample_store, "unsd/sdg_12_4", "EN_HAZ_TRTDISV")
    kinds = [
        figures(sample_store, "unsd/sdg_12_4", "EN_HAZ_TREATV", Type__of__waste__treatment=kind)
        for kind in ("RECYCL", "LANDFIL", "INCINRT")
    ]
    assert len(whole) > 300
    for cell, tonnes in whole.items():
        assert sum(kind[cell] for kind in kinds) == pytest.approx(tonnes, abs=0.03)


def test_municipal_treatment_says_the_same_in_both_data_bases(sample_store):
    share = figures(sample_store, "unsd/sdg_12_4", "EN_MWT_TREATR", Type__of__waste__treatment="INCINRT_EGY")
    burnt, made = (
        figures(sample_store, "eurostat/env_wasmun", "ENV_WASMUN", wst_oper=code, unit="THS_T")
        for code in ("RCV_E", "GEN")
    )
    geo = {c.m49: c.geo for c in world.countries()}
    both = [(area, year) for area, year in share if (geo[area], year) in made]
    assert len(both) > 500
    for area, year in both:
        at = geo[area], year
        assert share[area, year] == pytest.approx(100 * burnt[at] / made[at], abs=0.1)


def test_the_row_of_the_union_is_all_members_together(sample_store):
    people = sum(world.population()[c.iso3, 2020] for c in world.countries() if c.is_eu27)
    waste = sum(amounts("waste", 2)[c.iso3, 2020] for c in world.countries() if c.is_eu27)
    row = figures(sample_store, "eurostat/cei_pc034", "CEI_PC034")["EU27_2020", "2020"]
    assert row == round(waste * 1000 / people, 2)


def test_region_rows_of_e_waste_follow_the_other_definition(sample_store):
    rates = figures(sample_store, "unsd/sdg_12_5", "EN_EWT_RCYR")
    recycled, made = (
        figures(sample_store, key, series)["1", "2020"]
        for key, series in (("unsd/sdg_12_5", "EN_EWT_RCYV"), ("unsd/sdg_12_4", "EN_EWT_GENV"))
    )
    assert rates["1", "2020"] == pytest.approx(100 * recycled / made, abs=0.001)
    everywhere = sum(amounts("ewaste", 2)[c.iso3, 2020] for c in world.countries())
    assert made == pytest.approx(everywhere * related.WORLD_FACTOR, rel=1e-6)


def test_a_footprint_has_rows_of_regions_only(sample_store):
    assert {area for area, _ in figures(sample_store, "unsd/sdg_12_2", "EN_MAT_FTPRTN")} == {"1", "150"}


def test_zeros_stay_zeros_and_breaks_are_marked(sample_store):
    first, second = (figures(sample_store, "unsd/sdg_12_4", "EN_HAZ_IMP", v) for v in (1, 2))
    zeros = {area for (area, _), value in second.items() if value == 0}
    assert zeros == {"8", "196", "352", "470"}
    assert all(second[cell] == value for cell, value in first.items())
    at = sample_store.list_vintages("eurostat/cei_pc034")[1]
    table = sample_store.read_observations("eurostat/cei_pc034", at.vintage)
    marked = table.filter(pl.col("obs_status") == "B").select("ref_area", "time_period").rows()
    assert marked == [("PL", "2012")]


def test_every_country_has_one_level_of_procurement(sample_store):
    at = sample_store.list_vintages("unsd/sdg_12_7")[0]
    table = sample_store.read_observations("unsd/sdg_12_7", at.vintage).filter(series="SG_SCP_PROCN")
    assert table.select("ref_area", "time_period").is_unique().all()
    assert set(table["obs_value"]) == {1.0}
    assert table["dimensions"].n_unique() == 4


def test_only_a_revised_country_differs_between_the_vintages(sample_store):
    first, second = (
        figures(sample_store, "unsd/sdg_12_2", "EN_MAT_DOMCMPG", v, Type__of__product="ALP") for v in (1, 2)
    )
    assert {area for (area, year), value in first.items() if second[area, year] != value} == {"620"}
    first, second = (
        figures(sample_store, "eurostat/cei_pc030", "CEI_PC030", v, unit="PPS_KG") for v in (1, 2)
    )
    assert all(second[cell] == value for cell, value in first.items()) and len(second) > len(first)


def test_what_one_country_sells_its_customer_buys():
    def rows(reporter: str, flow: str) -> dict[tuple[int, str], int]:
        query = {"reporterCode": reporter, "period": "2024", "flowCode": flow, "cmdCode": "3915,4707,7204"}
        listed = json.loads(comtrade_bodies.trade(query, 2))["data"]
        return {(row["partnerCode"], row["cmdCode"]): row["netWgt"] for row in listed}

    sold = rows("276", "X")
    sums: dict[str, int] = {}
    for (partner, code), weight in sold.items():
        if partner:
            sums[code] = sums.get(code, 0) + weight
    assert sums == {code: weight for (partner, code), weight in sold.items() if not partner}
    mirrored = 0
    for (partner, code), weight in sold.items():
        bought = rows(str(partner), "M").get((276, code), 0) if partner not in (0, 899) else 0
        if weight and bought:
            assert 0.85 <= bought / weight <= 1.1
            mirrored += 1
    assert mirrored >= 3


def test_few_countries_report_beyond_the_union_and_its_neighbours():
    near = {c.iso3 for c in world.countries() if c.is_eu27 or c.iso3 in world.EUROSTAT_AREAS}
    reporting = {c.iso3 for c in shapes.covered("ewaste", "all")}
    assert {c.iso3 for c in world.countries() if c.is_eu27} <= reporting
    assert len(reporting & near) / len(near) > 0.9 > len(reporting - near) / (56 - len(near))
    assert {c.iso3 for c in shapes.covered("ewaste", "europe")} <= near


# ---- What the two files may say


def test_every_amount_is_shown_or_leads_to_one_that_is():
    named = {shown.amount for shape in shapes.shapes().values() for shown in shape.cells}
    named |= {shown.regions for shape in shapes.shapes().values() for shown in shape.cells}
    used = {side.strip() for expression in named for side in expression.split("/")}
    used |= {unit.per for unit in declared().units.values()}
    used |= {name for q in declared().quantities.values() for name in (q.of, *q.parts, *q.less)}
    assert set(declared().quantities) - used == set()
    for name in used - {""}:
        assert amounts(name, 2)


def test_every_code_and_unit_of_a_shape_is_declared():
    specs = {spec.key: (spec, "all") for spec in list_datasets()}
    specs |= {f"unsd/{part}": (s, part) for s in list_datasets() if s.provider == "unsd" for part in s.parts}
    for name, shape in shapes.shapes().items():
        spec, part = specs[name]
        for shown in shape.cells:
            assert set(shown.at) <= set(spec.dimensions_of(part)), name
            assert shown.at.get("unit", spec.units[part][0]) in spec.units[part], name
        units = spec.units[part] if shape.cells else ()
        assert set(units) <= set(declared().units), name


def test_shares_stay_below_the_whole():
    for name, shape in shapes.shapes().items():
        for shown in shape.cells:
            top, _, bottom = (side.strip() for side in shown.amount.partition("/"))
            if bottom in ("", "materials_settled", "population"):
                continue
            whole = amounts(bottom, 2)
            assert all(0 <= value <= whole[cell] for cell, value in amounts(top, 2).items()), name


def quantity(monkeypatch, **facts) -> None:
    """Declare one more amount, `thing`."""
    known = declared()
    more = {**known.quantities, "thing": Quantity.model_validate(facts)}
    monkeypatch.setattr(quantities, "declared", lambda: known.model_copy(update={"quantities": more}))
    amounts.cache_clear()


@pytest.fixture(autouse=True)
def _forget():
    yield
    amounts.cache_clear()


def test_an_amount_is_its_level_times_its_parent(monkeypatch):
    quantity(monkeypatch, of="population", level=0.5, spread=0, drifts=[0], noise=0)
    people = world.population()
    assert amounts("thing", 1) == {cell: n * 0.5 for cell, n in people.items()}
    assert show("thing", "KG", ["DEU"], 2020, 1) == 500.0
    assert show("thing / population", "PERCENT", ["DEU", "FRA"], 2020, 1) == 50.0
    assert show("thing", "I10", ["MLT"], 2010, 1) == 100.0
    assert show("thing", "KG", ["XXX"], 2020, 1) is None


def test_an_amount_stops_at_its_most_and_grows_by_its_drift(monkeypatch):
    quantity(monkeypatch, of="country", level=0.5, spread=0, drifts=[0.1], noise=0, most=0.6)
    course = [amounts("thing", 1)["DEU", year] for year in (2000, 2001, 2002, 2023)]
    assert course == pytest.approx([0.5, 0.55, 0.6, 0.6])


def test_an_amount_without_others_and_a_sum_of_parts(monkeypatch):
    quantity(monkeypatch, of="municipal", less=["municipal_recycled"])
    generated, recycled = (amounts(name, 1)["DEU", 2015] for name in ("municipal", "municipal_recycled"))
    assert amounts("thing", 1)["DEU", 2015] == generated - recycled
    quantity(monkeypatch, parts=["municipal", "hazardous"])
    assert (
        amounts("thing", 1)["DEU", 2016]
        == amounts("municipal", 1)["DEU", 2016] + amounts("hazardous", 1)["DEU", 2016]
    )  # noqa: E501
    assert ("DEU", 2015) not in amounts("thing", 1), "hazardous waste has even years only"


def test_a_break_lifts_an_amount_and_all_that_comes_of_it(monkeypatch):
    quantity(monkeypatch, of="waste_minerals", spread=0, drifts=[0], noise=0, breaks={"DEU": 2015})
    assert has_break("thing", "DEU", 2015) and not has_break("thing", "DEU", 2016)
    assert has_break("thing", "POL", 2012), "its ancestor changed"
    assert not has_break("population", "DEU", 2015)
    before, after = (
        amounts("thing", 1)["DEU", y] / amounts("waste_minerals", 1)["DEU", y] for y in (2014, 2015)
    )
    assert (before, after) == pytest.approx((1, 1.12))


def test_things_are_counted_and_choices_are_choices(monkeypatch):
    quantity(monkeypatch, of="population", level=1e-6, whole=True)
    assert all(value == int(value) for value in amounts("thing", 1).values())
    quantity(monkeypatch, of="country", among=[0.25, 1])
    assert set(amounts("thing", 1).values()) == {0.25, 1.0}


def test_what_decides_on_reporting_is_the_last_ancestor_of_its_own():
    assert root("plastic_recycled") == root("packaging_recycled") == root("packaging") == "packaging"
    assert root("municipal_energy") == root("municipal") == "municipal"
    assert root("food_waste") == root("food_waste_retail") == "food_waste_households"
    assert root("minerals") == root("metal_ores") == "materials"
    assert root("municipal_composted") == root("municipal_recycled") == "municipal"


@pytest.mark.parametrize("facts", [{}, {"of": "country", "parts": ["waste"]}, {"of": "country", "level": 0}])
def test_an_amount_of_no_or_two_origins_is_refused(facts):
    with pytest.raises(ValidationError):
        Quantity.model_validate(facts)


def test_a_cell_that_shows_nothing_is_refused():
    with pytest.raises(ValidationError, match="shows an amount"):
        Shown.model_validate({"at": {"waste": "TOTAL"}})


def test_a_shape_keeps_to_its_years_and_to_the_rhythm(monkeypatch):
    spec = get_dataset("eurostat/cei_pc034")
    shape = shapes.shapes()[spec.key]

    def years(found: Shape, of: DatasetSpec = spec) -> set[int]:
        monkeypatch.setattr("connectors.sample.invented.shapes", lambda: {of.key: found})
        return {cell.year for cell in draw_declared(of, "all", of.dimensions[:1], ("KG_HAB",), 2, "europe")}

    assert years(shape) == set(range(2004, 2025, 2))
    assert years(shape.model_copy(update={"since": 2019})) == {2020, 2022, 2024}
    assert years(shape.model_copy(update={"years": (2010, 2011)})) == {2010}
