"""What the rules between two vintages must not find: the changes that every edition brings."""

import polars as pl

from connectors.continuity_rules import find_renamed, prepare
from connectors.observations import to_table
from tests.unit.connectors.test_observations import ROW


def trade(**values: float) -> pl.DataFrame:
    """One reporter's trade by partner."""
    rows = [
        {**ROW, "dimensions": f'{{"cmdCode":"3915","partnerCode":"{code.strip("p")}"}}', "obs_value": value}
        for code, value in values.items()
    ]
    return prepare(to_table(rows))


def test_partners_that_come_and_go_are_no_renamed_codes():
    assert find_renamed(trade(p0=15.0, p40=5.0, p56=10.0), trade(p0=15.0, p40=5.0, p100=10.0)) == []


def test_the_same_change_of_a_product_code_is():
    before, after = trade(p0=15.0), trade(p0=15.0)
    after = after.with_columns(pl.col("dimensions").str.replace("3915", "391500"))
    (found,) = find_renamed(before, after)
    assert found.fault == "S06" and "3915 -> 391500" in found.text
