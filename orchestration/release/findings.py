"""A finding about a finished bundle, and the frame in which the checks on its files are run.

What belongs here: the shape of a finding, what a check is given. What does not: any check.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.release.names import SITE, BundleNames
from orchestration.release.site_check.reading import SiteContent, read_site
from orchestration.release.wording import ENGLISH
from orchestration.release.workbook_read import WorkbookContent, read_workbook


@dataclass(frozen=True)
class Finding:
    """One fault of one file, in a plain sentence."""

    check: str
    file: str
    sentence: str

    def __str__(self) -> str:
        """The finding as people read it."""
        return f"{self.file}: {self.sentence}"


@dataclass(frozen=True)
class Content:
    """What is read once for all checks: tables by name, descriptor, mark, workbooks, site."""

    folder: Path
    tables: dict[str, pa.Table]
    descriptor: dict[str, Any]
    illustrative: bool

    @property
    def files(self) -> BundleNames:
        """The names which the bundle's files have to have."""
        return BundleNames(self.illustrative)

    @cached_property
    def workbooks(self) -> dict[str, WorkbookContent]:
        """The workbook of each language that has one; the English is read whole, of others what differs.

        Raises whatever the readers raise if a file is no workbook.
        """
        found: dict[str, WorkbookContent] = {}
        for language, file in self.files.workbooks.items():
            if (self.folder / file).is_file():
                found[language] = read_workbook(self.folder / file, found.get(ENGLISH))
        return found

    @cached_property
    def site(self) -> SiteContent:
        """Every page of the site, reduced to what is asked of it; empty if the release has no site.

        Raises whatever the readers raise for a figure's file that cannot be read.
        """
        return read_site(self.folder / SITE)

    def data_files(self) -> set[str]:
        """Every file that holds data, relative to the bundle: what the data package has to describe."""
        files = {*self.files.workbooks.values(), self.files.duckdb, self.files.revisions, self.files.codebook}
        return (
            files
            | set(self.files.sdmx_files(self.tables))
            | set(self.files.json_stat_files(self.tables))
            | {name for table in self.tables for name in (self.files.csv(table), self.files.parquet(table))}
        )
