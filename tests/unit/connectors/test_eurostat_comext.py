"""Comext: a YAML is all it takes, its own address, and units that belong to the measure code alone."""

from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.protocols import eurostat
from connectors.protocols.base import FailedPart
from connectors.registry import load_datasets
from connectors.spec import DatasetSpec
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.wireformats import SNAPSHOT, with_changes

DECLARATION = """
provider: eurostat
dataset: comext_plastic_waste
title: EU trade in plastic waste (CN8)
protocol: eurostat
parts:
  all: [EUR, 100KG, SUP]
code: DS-045409
query:
  format: SDMX-CSV
  key: A..INT_EU27_2020+EXT_EU27_2020.39151000.1+2.
dimensions: [freq, reporter, partner, product, flow, indicators]
measures:
  dimension: indicators
  units: {VALUE_IN_EUROS: EUR, QUANTITY_IN_100KG: 100KG, SUPPLEMENTARY_QUANTITY: SUP}
negative_values: quarantine
licence: {name: CC BY 4.0, url: https://example.org/terms, rows_may_appear: true, reviewed: null}
citation: Eurostat, EU trade since 1988 by HS2-4-6 and CN8, online data code DS-045409.
version_marker: UPDATE_DATA
freshness: {expected_every_days: 31, note: Updated monthly.}
row_cap: 5000000
owner: circular-economy-statistics
"""


@pytest.fixture
def comext(tmp_path: Path) -> DatasetSpec:
    path = tmp_path / "datasets" / "eurostat" / "comext_plastic_waste.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(DECLARATION)
    return load_datasets(tmp_path / "datasets")[0]


def body(*measures: str, code: str = "DS-045409") -> bytes:
    head = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    facts = "15/01/26 11:00:00,A,GR,EXT_EU27_2020,39151000,1"
    lines = [f"ESTAT:{code}(1.0),{facts},{measure},2024,250," for measure in measures]
    return ("\r\n".join([head, *lines]) + "\r\n").encode()


def test_the_declaration_is_the_only_step(comext, client, provider, tmp_path):
    provider.script = [Reply(body("VALUE_IN_EUROS", "QUANTITY_IN_100KG", "SUPPLEMENTARY_QUANTITY"))]
    (part,) = eurostat.fetch_parts(comext, client, tmp_path, {})
    path, _, query = provider.asked[0].path.partition("?")
    key = "A..INT_EU27_2020+EXT_EU27_2020.39151000.1+2."
    assert path == f"/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409/{key}"
    assert query == "format=SDMX-CSV"
    table = eurostat.parse(part.path.read_bytes(), comext, "all", SNAPSHOT).table
    assert table["ref_area"].unique().to_list() == ["GR"]
    assert set(table["unit_measure"].to_list()) == {"EUR", "100KG", "SUP"}
    hundreds = table.filter(table["unit_measure"] == "100KG")["dimensions"].cast(str)
    assert hundreds.str.contains("QUANTITY_IN_100KG").all()


def test_a_measure_nobody_declared_has_no_unit(comext):
    with pytest.raises(SourceError, match="measure without a declared unit") as caught:
        eurostat.parse(body("VALUE_IN_EUROS", "QUANTITY_KG"), comext, "all", SNAPSHOT)
    assert (caught.value.fault, caught.value.field, caught.value.value) == (
        "V09",
        "indicators",
        "QUANTITY_KG",
    )


@pytest.mark.parametrize(("measure", "unit"), [("QUANTITY_IN_100KG", "KG"), ("QUANTITY_KG", "100KG")])
def test_100_kg_are_never_read_as_kg_whatever_is_declared(comext, measure, unit):
    measures = comext.measures.model_copy(update={"units": {measure: unit}})
    wrong = with_changes(comext, measures=measures, units={"all": (unit,)})
    with pytest.raises(SourceError, match=f"declares a measure in {unit} that is in") as caught:
        eurostat.parse(body(measure), wrong, "all", SNAPSHOT)
    assert (caught.value.fault, caught.value.value) == ("V09", measure)


def test_a_key_with_a_position_too_few_is_refused_before_the_call(comext, client, provider, tmp_path):
    wrong = with_changes(comext, query={**comext.query, "key": "A..39151000.1."})
    (part,) = eurostat.fetch_parts(wrong, client, tmp_path, {})
    assert isinstance(part, FailedPart)
    assert "does not fit its dimensions" in str(part.error)
    assert provider.asked == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  dimension: indicators", "  dimension: measure", "a dimension that is not declared"),
        ("SUPPLEMENTARY_QUANTITY: SUP", "SUPPLEMENTARY_QUANTITY: KG", "other units than parts"),
        ("flow, indicators]", "flow, indicators, unit]", "either a dimension unit or measures"),
    ],
)
def test_measures_that_contradict_the_declaration_are_refused(comext, tmp_path, old, new, words):
    assert old in DECLARATION
    path = tmp_path / "datasets" / "eurostat" / "comext_plastic_waste.yaml"
    path.write_text(DECLARATION.replace(old, new))
    with pytest.raises(Exception, match=words):
        load_datasets(tmp_path / "datasets")
