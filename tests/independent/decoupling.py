"""Every row of the decoupling table recomputed.

What belongs here: which series stand for pressure and for GDP, the panel of a region, the moved bases.
"""

from collections.abc import Iterator, Mapping

from tests.independent.tables import Tables
from tests.independent.tapio import change, classify, mean_of_three

Values = Mapping[str, Mapping[int, float]]
STRICT = 0.02


def recompute(tables: Tables) -> Iterator[tuple[tuple, dict, dict[str, object]]]:
    """Changes, elasticity and classes where the table has figures."""
    for row in tables.read("mart_decoupling").iter_rows(named=True):
        if row["gdp_change"] is None or row["pressure_change"] is None:
            continue
        pressure, gdp = pressures(tables, row["perspective"]), gdps(tables, row["gdp_source"])
        members = [row["area"]] if row["area_kind"] == "country" else sorted(tables.groups[row["area"]])
        years = (row["start_first_year"] + 1, row["end_first_year"] + 1)
        cells: dict[str, object] = measured(pressure, gdp, members, *years)
        if row["area_kind"] == "country":
            common = [y for y in pressure.get(row["area"], {}) if y in gdp.get(row["area"], {})]
            cells["end_last_year"] = max(common)
            for name, shift in (("class_base_earlier", -1), ("class_base_later", 1)):
                moved = measured(pressure, gdp, members, years[0] + shift, years[1])
                cells[name] = moved["decoupling_class"] if moved else row[name]
        yield (row["perspective"], row["area_kind"], row["area"], row["span_years"]), row, cells


def measured(pressure: Values, gdp: Values, members: list[str], start: int, end: int) -> dict[str, object]:
    """The panel's changes between means of three years, per cent, and its classes; empty without a panel."""
    wanted = [year + step for year in (start, end) for step in (-1, 0, 1)]
    panel = [
        member
        for member in members
        if all(year in table.get(member, {}) for table in (pressure, gdp) for year in wanted)
    ]
    if not panel:
        return {}
    changes = []
    for table in (pressure, gdp):
        sums = {year: sum(table[member][year] for member in panel) for year in set(wanted)}
        first, last = mean_of_three(sums, start), mean_of_three(sums, end)
        assert first is not None and last is not None
        changes.append(change(first, last))
    moved, grown = changes
    assert moved is not None and grown is not None
    name = classify(moved, grown)
    return {
        "pressure_change": 100 * moved,
        "gdp_change": 100 * grown,
        "elasticity": None if name == "NOT_CLASSIFIABLE" else moved / grown,
        "decoupling_class": name,
        "decoupling_class_strict": classify(moved, grown, STRICT),
        "n_countries": len(panel),
    }


def pressures(tables: Tables, perspective: str) -> Values:
    """Tonnes: domestic material consumption, or footprint per person times population."""
    if perspective == "production":
        return plain(tables, "A01")
    people = plain(tables, "POP")
    return {
        area: {year: value * people[area][year] for year, value in line.items() if year in people[area]}
        for area, line in plain(tables, "A06").items()
    }


def gdps(tables: Tables, source: str) -> Values:
    """Constant prices of one base: the World Bank's, or material consumption over its rate per GDP.

    The World Bank's series is an input and no indicator: no table publishes it.
    """
    if source == "WORLD_BANK":
        return tables.received("world_bank/ny_gdp_mktp_pp_kd")
    tonnes = plain(tables, "A01")
    return {
        area: {
            year: tonnes[area][year] / rate for year, rate in line.items() if year in tonnes[area] and rate
        }
        for area, line in plain(tables, "A03").items()
        if area in tonnes
    }


def plain(tables: Tables, indicator: str) -> Values:
    cells = tables.cells[indicator, "_T"]
    return {area: {year: cell.value for year, cell in line.items()} for area, line in cells.items()}
