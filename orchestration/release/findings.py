"""A finding about a finished bundle, and the frame in which the checks on its files are run.

What belongs here: the shape of a finding, what a check is given. What does not: any check.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.release.names import BundleNames
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
    """What is read once for all checks: the tables by name, the descriptor, the mark, the workbook."""

    folder: Path
    tables: dict[str, pa.Table]
    descriptor: dict[str, Any]
    illustrative: bool

    @property
    def files(self) -> BundleNames:
        """The names which the bundle's files have to have."""
        return BundleNames(self.illustrative)

    @cached_property
    def workbook(self) -> WorkbookContent:
        """The workbook. Raises whatever its readers raise if the file is none."""
        return read_workbook(self.folder / self.files.workbook)

    def data_files(self) -> set[str]:
        """Every file that holds data, relative to the bundle: what the data package has to describe."""
        files = {self.files.workbook, self.files.duckdb, self.files.revisions, self.files.codebook}
        return (
            files
            | set(self.files.sdmx_files(self.tables))
            | {name for table in self.tables for name in (self.files.csv(table), self.files.parquet(table))}
        )
