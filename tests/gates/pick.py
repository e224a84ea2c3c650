"""Single rows of the small release, for a test that breaks one of them."""

from typing import Any

from tests.gates.release_fixture import Tables, find

Row = dict[str, Any]


def cell(tables: Tables, **keys: Any) -> Row:
    """One figure; the total unless a breakdown is named."""
    return find(tables["rpt_observation"], **({"breakdown": "_T"} | keys))


def headline(tables: Tables) -> Row:
    """The regional value of A02 in 2016 under its rule."""
    return find(tables["rpt_aggregate"], indicator="A02", time_period="2016", agg_rule="RSUM_MATCHED")


def country(tables: Tables) -> Row:
    """Germany's assessment by M1."""
    return find(tables["rpt_progress"], area="DEU")


def scored(tables: Tables, area: str) -> Row:
    """A scored assessment of A02 by M4."""
    return find(tables["rpt_progress"], area=area, method="M4", indicator="A02")


def assessed(tables: Tables, indicator: str, area: str) -> Row:
    """One of the awkward assessments."""
    return find(tables["rpt_progress"], area=area, indicator=indicator)


def region(tables: Tables) -> Row:
    """The region's assessment by M1."""
    return find(tables["rpt_progress"], area="UNECE")


def decoupling(tables: Tables, area: str) -> Row:
    """One area's decoupling."""
    return find(tables["rpt_decoupling"], area=area)


def dataset(tables: Tables, name: str = "sdg_12_2") -> Row:
    """One data set."""
    return find(tables["rpt_dataset"], dataset=name)


def indicator(tables: Tables, code: str) -> Row:
    """One entry of the registry."""
    return find(tables["rpt_indicator"], indicator=code)
