"""The names of a bundle's files.

What belongs here: every file name of a candidate, in one place. What does not: their content.
A file made for people (CSV, workbook, DuckDB) says in its name that it is illustrative; Parquet and the JSON,
HTML and Markdown files keep fixed names, by which programs find them, and carry the mark inside.
"""

from collections.abc import Collection
from dataclasses import dataclass

from orchestration.release.schema import ILLUSTRATIVE_PREFIX
from orchestration.release.sdmx.flows import STRUCTURE, flows_of
from orchestration.release.wording import LANGUAGES

DATA = "data"
COMPARED = "compared"
SDMX = "sdmx"
DATAPACKAGE = "datapackage.json"
GATE = "gate.json"
GATE_PAGE = "gate.html"
METHOD_NOTES = {language: f"method_{language}.html" for language in LANGUAGES}
BUNDLE_CHECK = "bundle-check.json"
PROVENANCE = "provenance.json"
LICENCES = "LICENSES.md"
LOCK = "lock.json"
CITATION = "CITATION.cff"
CATALOGUE = "catalog.jsonld"
CHANGES = "CHANGES.md"
CSVW = f"{DATA}/csv-metadata.json"
JSON_STAT = "jsonstat"
SITE = "site"


@dataclass(frozen=True)
class BundleNames:
    """The file names which depend on whether a bundle is illustrative."""

    illustrative: bool

    def named(self, name: str) -> str:
        """`name` with the prefix of illustrative data, if it applies."""
        return f"{ILLUSTRATIVE_PREFIX}{name}" if self.illustrative else name

    @property
    def workbooks(self) -> dict[str, str]:
        """The workbook of each language, the English first."""
        return {language: self.named(f"tables_{language}.xlsx") for language in LANGUAGES}

    @property
    def duckdb(self) -> str:
        """The DuckDB file."""
        return self.named("circularity.duckdb")

    @property
    def revisions(self) -> str:
        """Changes since the preceding release."""
        return self.named("revisions.csv")

    @property
    def codebook(self) -> str:
        """What every table, column and code means."""
        return self.named("codebook.csv")

    @property
    def json_stat(self) -> str:
        """The observations as JSON-stat, relative to the bundle."""
        return f"{JSON_STAT}/{self.named('observations.json')}"

    def json_stat_files(self, tables: Collection[str]) -> list[str]:
        """That file, if a release that publishes `tables` has it."""
        return [self.json_stat] if "rpt_observation" in tables else []

    def sdmx(self, file: str) -> str:
        """A file below sdmx/, relative to the bundle."""
        return f"{SDMX}/{self.named(file)}"

    def sdmx_files(self, tables: Collection[str]) -> list[str]:
        """The files below sdmx/ of a release that publishes `tables`, the structure last."""
        flows = flows_of(tables)
        return [self.sdmx(file) for file in (*(flow.file for flow in flows), *([STRUCTURE] if flows else []))]

    def csv(self, table: str) -> str:
        """The CSV of a table, relative to the bundle."""
        return f"{DATA}/{self.named(f'{table}.csv')}"

    def parquet(self, table: str) -> str:
        """The Parquet of a table, relative to the bundle."""
        return f"{DATA}/{table}.parquet"
