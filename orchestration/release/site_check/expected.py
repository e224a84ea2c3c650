"""What the site of these tables has to have: pages, and cells on the pages that stand for a whole table.

What belongs here: deriving both from the tables alone, without the code that makes the pages. What does not:
comparing (pages.py, numbers.py).
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

FIXED = (
    *("index.html", "progress/index.html", "indicators/index.html", "countries/index.html"),
    *("analysis/index.html", "analysis/gaps.html", "analysis/visibility.html", "analysis/decoupling.html"),
    *("analysis/policies.html", "data/index.html", "data/embeds.html", "quality/index.html"),
    *("quality/revisions.html", "calendar.html", "accessibility.html", "embeds/map.html"),
)
"""The pages which every release has, below the folder of a language."""
_PROGRESS = ("latest_value", "base_value", "target_value", "agreement", "n_countries", "n_members")
"""The numbers of a row of the progress table. The count and its whole are printed as a pair or not at all."""

Tables = Mapping[str, pa.Table]


def wanted_pages(tables: Tables) -> set[str]:
    """The slugs which the tables ask for; figures to be framed come on top."""
    members = tables["rpt_area"].filter(tables["rpt_area"]["is_member"])
    entry_points = pc.unique(tables["rpt_gap"]["entry_point"]).to_pylist()
    return {
        *FIXED,
        *(f"indicators/{code}.html" for code in tables["rpt_indicator"]["indicator"].to_pylist()),
        *(f"countries/{code}.html" for code in members["ref_area"].to_pylist()),
        *(progress_page(region) for region in regions(tables)),
        *(f"analysis/gaps-{one.lower()}.html" for one in entry_points),
    }


def regions(tables: Tables) -> list[str]:
    """The regions that have a progress table."""
    return list(pc.unique(tables["rpt_regional_progress"]["region"]).to_pylist())


def progress_page(region: str) -> str:
    """The slug of a region's progress table."""
    return f"progress/{region.lower().replace('_', '-')}.html"


def wanted_cells(tables: Tables) -> dict[str, set[str]]:
    """By slug the cells, as `data-cell` names them, that the page may not leave out."""
    found: dict[str, set[str]] = {}
    for slug, cell in (*_progress_cells(tables), *_observation_cells(tables)):
        found.setdefault(slug, set()).add(cell)
    return found


def _progress_cells(tables: Tables) -> Iterator[tuple[str, str]]:
    for row in tables["rpt_regional_progress"].to_pylist():
        key = f"rpt_regional_progress|{row['region']},{row['indicator']},{row['breakdown']}"
        is_paired = row["n_countries"] is not None and row["n_members"] is not None
        for column in _PROGRESS:
            if row[column] is not None and (is_paired or column not in ("n_countries", "n_members")):
                yield progress_page(row["region"]), f"{key}|{column}"


def _observation_cells(tables: Tables) -> Iterator[tuple[str, str]]:
    """The newest value of each series and country stands on the page of both."""
    table = tables["rpt_observation"]
    members = tables["rpt_area"].filter(tables["rpt_area"]["is_member"])["ref_area"]
    keep = pc.and_(pc.is_valid(table["obs_value"]), pc.is_in(table["ref_area"], members.combine_chunks()))
    series = table.filter(keep).group_by(["indicator", "breakdown", "ref_area"])
    for row in series.aggregate([("time_period", "max")]).to_pylist():
        key = ",".join((row["indicator"], row["breakdown"], row["ref_area"], row["time_period_max"]))
        cell = f"rpt_observation|{key}|obs_value"
        yield f"countries/{row['ref_area']}.html", cell
        yield f"indicators/{row['indicator']}.html", cell
