"""Judge the finished files of a bundle: `candidate` does it once, `publish` and `verify` again.

What belongs here: which checks there are, the records, bundle-check.json.
What does not: judging the data (expectations/), signatures, checksums of a signed bundle (checksums.py).
A tool that is missing is a finding, never a pass.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations.frames import require_table_name
from orchestration.release import names
from orchestration.release.catalogue.check import check_catalogue
from orchestration.release.changes import check_changes
from orchestration.release.checksums import SUMS_NAME, data_hash, hash_file, verify_sums
from orchestration.release.citation import check_citation
from orchestration.release.codebook import check_codebook
from orchestration.release.comparison_check import check_comparison
from orchestration.release.csvw import check_csvw
from orchestration.release.datapackage_check import check_datapackage
from orchestration.release.findings import Content, Finding
from orchestration.release.json_stat import check_json_stat
from orchestration.release.mark_check import check_marks, is_illustrative
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.method_note import has_notes
from orchestration.release.number_check import check_numbers
from orchestration.release.predecessor import COMPARED_TABLES
from orchestration.release.sdmx.check import check_sdmx
from orchestration.release.site.model import has_site
from orchestration.release.site_check.links import check_links
from orchestration.release.site_check.numbers import check_site_numbers
from orchestration.release.site_check.pages import check_pages
from orchestration.release.site_check.pdf import check_pdf
from orchestration.release.site_check.words import check_words
from orchestration.release.withheld_check import check_withheld
from orchestration.release.workbook_check import check_workbook

__all__ = ["CHECKS", "Finding", "check_bundle", "check_files", "read_content", "report_of"]

_RECORDS = (
    *(names.DATAPACKAGE, names.GATE, names.GATE_PAGE, names.PROVENANCE, names.LICENCES, names.LOCK),
    *(names.CITATION, names.CATALOGUE, names.CHANGES, names.CSVW),
)


def check_bundle(bundle_dir: Path) -> list[Finding]:
    """Every finding about a finished bundle: its checksums, its own bundle-check.json, and all its files."""
    findings = [Finding("checksums", SUMS_NAME, problem) for problem in verify_sums(bundle_dir)]
    recorded = _read_object(bundle_dir / names.BUNDLE_CHECK)
    if recorded.get("verdict") != "green":
        findings.append(Finding("own record", names.BUNDLE_CHECK, "does not say that all checks passed."))
    found = check_files(bundle_dir)
    if any(finding.check == "readable" for finding in found):
        return findings + found
    if is_illustrative(bundle_dir) and recorded.get("illustrative") != ILLUSTRATIVE_MARK:
        sentence = "lacks the illustrative mark: field illustrative."
        findings.append(Finding("illustrative mark", names.BUNDLE_CHECK, sentence))
    return findings + found


def check_files(bundle_dir: Path) -> list[Finding]:
    """Every finding about the files of a bundle, checksums apart. Never raises for their content."""
    try:
        content = read_content(bundle_dir)
    except Exception as error:  # noqa: BLE001 - a download may be made to break a reader in any way
        return [Finding("readable", names.DATA, f"cannot be read: {_first_line(error)}")]
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            findings += check(content)
        except Exception as error:  # noqa: BLE001 - see above; a check that cannot be done is never a pass
            findings.append(Finding(name, names.DATA, f"this check could not be done: {_first_line(error)}"))
    return findings


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def report_of(findings: Sequence[Finding], release_id: str, illustrative: bool) -> dict[str, Any]:
    """bundle-check.json: the verdict of each check, and the findings."""
    report: dict[str, Any] = {
        "release": release_id,
        "verdict": "red" if findings else "green",
        "checks": {name: "fail" if any(f.check == name for f in findings) else "pass" for name in CHECKS},
        "findings": [{"check": f.check, "file": f.file, "sentence": f.sentence} for f in findings],
    }
    return report | {"illustrative": ILLUSTRATIVE_MARK} if illustrative else report


def read_content(folder: Path) -> Content:
    """What all checks look at. Raises OSError, ValueError or ArrowException if the Parquet cannot be read."""
    paths = sorted((folder / names.DATA).glob("*.parquet"))
    if not paths:
        raise ValueError("there is no Parquet file in it")
    tables = {require_table_name(path): pq.read_table(path) for path in paths}
    return Content(folder, tables, _read_object(folder / names.DATAPACKAGE), is_illustrative(folder))


def _read_object(path: Path) -> dict[str, Any]:
    """A JSON object, or an empty one if the file is missing or is none: `check_records` reports that."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def check_records(content: Content) -> Iterator[Finding]:
    """All record files are there and name each other's hashes rightly; no file is there that nobody names."""
    needed = [*_RECORDS, *(names.METHOD_NOTES.values() if has_notes(content.tables) else ())]
    known = {*needed, names.BUNDLE_CHECK, SUMS_NAME} | content.data_files()
    known |= {f"{names.COMPARED}/{name}.parquet" for name in COMPARED_TABLES}
    present = {p.relative_to(content.folder).as_posix() for p in content.folder.rglob("*") if p.is_file()}
    for name in needed:
        if name not in present:
            yield Finding("records", name, "is missing.")
    # Whether a page, a drawing or a font belongs to the site is for the checks of the site to say.
    site = {name for name in present if name.startswith(f"{names.SITE}/") and has_site(content.tables)}
    if has_site(content.tables) and not site:
        yield Finding("records", names.SITE, "is missing.")
    for name in sorted(present - known - site):
        yield Finding("records", name, "does not belong to a bundle.")
    gate = _read_object(content.folder / names.GATE)
    provenance = _read_object(content.folder / names.PROVENANCE)
    digest = data_hash(content.folder / names.DATA)
    if gate.get("data_hash") != digest or provenance.get("data_sha256") != digest:
        yield Finding("records", names.GATE, "does not name the data of this bundle.")
    if names.LOCK in present and provenance.get("lock_sha256") != hash_file(content.folder / names.LOCK):
        yield Finding("records", names.PROVENANCE, "does not name the lock of this bundle.")
    if names.GATE in present and provenance.get("gate", {}).get("sha256") != hash_file(
        content.folder / names.GATE
    ):
        yield Finding("records", names.PROVENANCE, "does not name the gate report of this bundle.")


CHECKS: dict[str, Callable[[Content], Iterable[Finding]]] = {
    "records": check_records,
    "comparison": check_comparison,
    "changes": check_changes,
    "withheld rows": check_withheld,
    "data package": check_datapackage,
    "codebook": check_codebook,
    "equal numbers": check_numbers,
    "SDMX": check_sdmx,
    "CSVW": check_csvw,
    "JSON-stat": check_json_stat,
    "DCAT-AP": check_catalogue,
    "citation": check_citation,
    "workbook rules": check_workbook,
    "site pages": check_pages,
    "site links": check_links,
    "site numbers": check_site_numbers,
    "site words": check_words,
    "PDF": check_pdf,
    "illustrative mark": check_marks,
}
"""The checks on files, in the order of bundle-check.json; equal numbers include the oldest DuckDB client."""
