"""Data and downloads: every file of the release with its checksum, and how to read it.

What belongs here: the list of files by folder, and lines to copy for DuckDB, Python, R and Excel. What does
not: writing the files (bundle.py), the codebook.
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release import names
from orchestration.release.names import BundleNames
from orchestration.release.site.facts import BundleFile, SiteFacts
from orchestration.release.site.pages import embeds
from orchestration.release.site.pdf import pdf_name
from orchestration.release.site.render import DATA, HOME, NAMES, Page, Site

GROUPS = (names.DATA, names.SDMX, names.COMPARED, "")
"""Folders of the bundle in the order in which a reader looks for them; the last one is the bundle itself."""
EXAMPLE = "rpt_regional_progress"
OUTSIDE = "unece-circularity"


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    files = BundleNames(site.facts.illustrative)
    known = {file.path for file in site.facts.files}
    note = names.METHOD_NOTES[site.language]
    context = {
        "groups": _groups(site),
        "n_files": len(site.facts.files),
        "readers": [
            {"name": site.t(f"data.reader.{key}"), "lines": lines} for key, lines in lines_of(site.facts)
        ],
        "pdfs": [
            {"language": language, "name": NAMES[language], "path": pdf_name(site.facts, language)}
            for language in site.facts.languages
        ],
        "example": files.csv(EXAMPLE),
        "entries": [
            {"path": path, "what": site.t(f"data.start.{key}")}
            for key, path in (
                ("workbook", files.workbooks[site.language]),
                ("duckdb", files.duckdb),
                ("table", files.csv(EXAMPLE)),
                ("codebook", files.codebook),
                ("revisions", files.revisions),
                ("note", note),
            )
            if path in known
        ],
        "saved_as": _saved_as(site.facts),
        "embeds": embeds.INDEX,
    }
    trail = ((HOME, str(site.t("base.nav.home"))),)
    yield Page(DATA, "data.html.j2", str(site.t("data.title")), context, trail, "data")


def _saved_as(facts: SiteFacts) -> dict[str, str]:
    """By file of one language: the name outside the bundle, where releases and languages lie side by side.

    Other files keep their names, which the lines to copy state.
    """
    files = BundleNames(facts.illustrative)
    paths = {
        **{files.workbooks[language]: ("tables", language, "xlsx") for language in facts.languages},
        **{pdf_name(facts, language): ("progress", language, "pdf") for language in facts.languages},
    }
    return {
        path: files.named(f"{OUTSIDE}_{kind}_{facts.release}_{language}.{suffix}")
        for path, (kind, language, suffix) in paths.items()
    }


def lines_of(facts: SiteFacts) -> list[tuple[str, tuple[str, ...]]]:
    """Two lines a program, to be run in the folder of the bundle. A spreadsheet takes a menu, not lines."""
    files = BundleNames(facts.illustrative)
    return [
        ("duckdb", (f"ATTACH '{files.duckdb}' AS circularity (READ_ONLY);", f"FROM circularity.{EXAMPLE};")),
        ("python", ("import pandas", f"table = pandas.read_parquet('{files.parquet(EXAMPLE)}')")),
        ("r", ("library(arrow)", f'table <- read_parquet("{files.parquet(EXAMPLE)}")')),
    ]


def _groups(site: Site) -> list[dict[str, Any]]:
    found: dict[str, list[BundleFile]] = {group: [] for group in GROUPS}
    for file in sorted(site.facts.files, key=lambda file: file.path):
        folder = file.path.partition("/")[0] if "/" in file.path else ""
        found[folder if folder in found else ""].append(file)
    return [
        {"id": group or "records", "title": site.t(f"data.group.{group or 'records'}"), "files": files}
        for group, files in found.items()
        if files
    ]
