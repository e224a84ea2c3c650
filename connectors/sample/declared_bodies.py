"""Bodies in the providers' wire formats for every declared data set that has no hand-made one.

What belongs here: from a declaration and invented cells to bytes. What does not: figures (invented.py), the
hand-made bodies of the indicators (bodies.py, unsd_bodies.py), HTTP (adapter.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from connectors.registry import list_datasets
from connectors.sample import bodies, unsd_bodies, world
from connectors.sample.invented import draw_declared
from connectors.sample.shapes import UNION, Cell
from connectors.sample.world import as_text
from connectors.spec import DatasetSpec


@lru_cache(maxsize=1)
def eurostat_specs() -> dict[str, DatasetSpec]:
    """Online data code -> declaration."""
    return {str(spec.code): spec for spec in list_datasets() if spec.protocol == "eurostat"}


@lru_cache(maxsize=1)
def world_bank_specs() -> dict[str, DatasetSpec]:
    """Indicator code -> declaration."""
    return {str(spec.code): spec for spec in list_datasets() if spec.protocol == "world_bank"}


@lru_cache(maxsize=1)
def unsd_specs() -> dict[str, DatasetSpec]:
    """Series code -> the declaration that names it."""
    return {part: spec for spec in list_datasets() if spec.protocol == "unsd_sdg" for part in spec.parts}


# ---- UNSD


def unsd_series_list(vintage: int) -> bytes:
    """The body of Series/List: the hand-made series, then every other declared one."""
    others = {
        series: _unsd_headings(spec, series)
        for series, spec in unsd_specs().items()
        if series not in unsd_bodies.SERIES
    }
    return unsd_bodies.series_list(vintage, {**unsd_bodies.SERIES, **others})


@lru_cache(maxsize=256)
def unsd_csv(series: str, vintage: int) -> bytes:
    """The body of DataCSV of any declared series; an unknown code gives an empty body."""
    if series in unsd_bodies.SERIES:
        return unsd_bodies.data_csv(series, vintage)
    if series not in unsd_specs():
        return b""
    spec = unsd_specs()[series]
    dimensions = tuple(name for name in spec.dimensions_of(series) if name != "Reporting Type")
    # A unit is no part of the key here: of several declared ones (a change of base year) the first is shown.
    cells = draw_declared(spec, series, dimensions, spec.units[series][:1], vintage, "all")
    rows = [_unsd_row(cell) for cell in cells]
    return unsd_bodies.render_csv(series, _unsd_headings(spec, series), dimensions, rows)


def _unsd_headings(spec: DatasetSpec, series: str) -> tuple[str, str, str, str]:
    """Goal, target and indicator of a data set called sdg_12_4, and the series' title."""
    goal, target = (spec.dataset.removeprefix("sdg_").split("_") + [""])[:2]
    prices = f" (constant {spec.price_base[series]} prices)" if series in spec.price_base else ""
    return goal, f"{goal}.{target}", f"{goal}.{target}.1", f"{spec.title}: {series}{prices}"


def _unsd_row(cell: Cell) -> unsd_bodies.Row:
    area, name = (
        (cell.country.m49, cell.country.name)
        if cell.country
        else (cell.region, {"1": "World", "150": "Europe"}[cell.region])
    )
    nature = "N" if cell.country is None else "E" if cell.is_estimated else "C"
    status = "B" if cell.is_break else "E" if cell.is_estimated else "P" if cell.is_provisional else "A"
    return area, name, cell.year, as_text(cell.value), cell.unit, nature, status, cell.codes


# ---- Eurostat


@lru_cache(maxsize=128)
def eurostat_csv(code: str, vintage: int) -> bytes | None:
    """The SDMX-CSV of any declared data set; None where there is none."""
    if code in bodies.EUROSTAT:
        return bodies.eurostat_csv(code, vintage)
    spec = eurostat_specs().get(code)
    if spec is None:
        return None
    return bodies.render_eurostat(code, spec.dimensions, _eurostat_rows(spec, vintage), vintage)


def _eurostat_rows(spec: DatasetSpec, vintage: int) -> Iterator[bodies.EurostatRow]:
    others = tuple(name for name in spec.dimensions if name not in ("unit", "geo"))
    units = spec.units["all"] if "unit" in spec.dimensions else ("",)
    for cell in draw_declared(spec, "all", others, units, vintage, "europe"):
        geo = cell.country.geo if cell.country else cell.region
        found = {**dict(zip(others, cell.codes, strict=True)), "unit": cell.unit}
        codes = tuple(found[name] for name in spec.dimensions if name != "geo")
        yield codes, geo, cell.year, as_text(cell.value), _flags(cell), ""


def _flags(cell: Cell) -> str:
    """Letters as they come together; the Union's row is Eurostat's own estimate."""
    if cell.region == UNION:
        return "i"
    return "b" * cell.is_break + "e" * cell.is_estimated + "p" * cell.is_provisional


def eurostat_dataflow(code: str, vintage: int) -> bytes | None:
    """The catalogue's entry of any declared data set; None where there is none."""
    if code not in eurostat_specs():
        return None
    day = datetime.strptime(bodies.EUROSTAT_UPDATE[vintage], "%d/%m/%y %H:%M:%S")
    notes = {
        "UPDATE_DATA": f"{day.isoformat()}+0100",
        "OBS_PERIOD_OVERALL_OLDEST": str(world.FIRST_YEAR),
        "OBS_PERIOD_OVERALL_LATEST": str(world.LAST_YEAR[vintage]),
    }
    annotations = "".join(
        f"<c:Annotation><c:AnnotationTitle>{title}</c:AnnotationTitle>"
        f"<c:AnnotationType>{kind}</c:AnnotationType></c:Annotation>"
        for kind, title in notes.items()
    )
    base = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><m:Structure xmlns:m="{base}message" '
        f'xmlns:s="{base}structure" xmlns:c="{base}common"><m:Structures>'
        f'<s:Dataflows><s:Dataflow id="{code}" agencyID="ESTAT" '
        f'version="1.0"><c:Annotations>{annotations}</c:Annotations></s:Dataflow></s:Dataflows>'
        "</m:Structures></m:Structure>"
    )
    return text.encode()


# ---- World Bank


def world_bank_page(code: str, vintage: int, page: int, per_page: int) -> bytes:
    """One page of any declared indicator; an unknown code gives the provider's error with status 200."""
    spec = world_bank_specs().get(code)
    if code in bodies.WORLD_BANK or spec is None:
        return bodies.world_bank_page(code, vintage, page, per_page)
    return bodies.render_world_bank(_world_bank_rows(spec, vintage), vintage, page, per_page)


def _world_bank_rows(spec: DatasetSpec, vintage: int) -> list[dict[str, object]]:
    """Every country and year; a gap is a row with null."""
    cells = draw_declared(spec, "all", (), spec.units["all"], vintage, "all")
    found = {(cell.country.iso3, cell.year): cell.value for cell in cells if cell.country}
    return [
        bodies.world_bank_row(
            str(spec.code), spec.title, (c.iso3, c.iso2, c.name), year, found.get((c.iso3, year))
        )
        for c in world.countries()
        for year in reversed(world.years(vintage))
    ]
