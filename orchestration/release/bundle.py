"""Write a candidate bundle from the staged data.

What belongs here: which files a bundle holds and the order in which they are made.
What does not: each format (its own module), judging finished files (bundle_check.py), state (candidate.py).
"""

import shutil
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from connectors.errors import CheckError
from expectations.report import GateReport
from orchestration.release import bundle_jobs, names
from orchestration.release.bundle_check import Finding, check_files, report_of
from orchestration.release.bundle_jobs import Release, open_pool
from orchestration.release.catalogue.entry import build_catalogue
from orchestration.release.changes import render_changes
from orchestration.release.checksums import data_hash, write_sums
from orchestration.release.citation import render_citation
from orchestration.release.codebook import CODEBOOK, build_codebook
from orchestration.release.csvw import build_csvw
from orchestration.release.datapackage import build_datapackage
from orchestration.release.duckdb_file import write_duckdb
from orchestration.release.files import canonical_json
from orchestration.release.gate_page import render
from orchestration.release.json_stat import render_json_stat
from orchestration.release.lock_model import Lock
from orchestration.release.method_note import render_notes
from orchestration.release.names import BundleNames
from orchestration.release.provenance import PACKAGE_LICENCE, build_provenance, render_licences
from orchestration.release.revisions import release_revisions
from orchestration.release.schema import REVISIONS, TableSchema
from orchestration.release.sdmx.data import write_flow
from orchestration.release.sdmx.flows import STRUCTURE, flows_of
from orchestration.release.site.build import write_common
from orchestration.release.site.model import has_site
from orchestration.release.site_facts import build_facts, list_files
from orchestration.release.tables import read_release_table, write_release_csv
from orchestration.release.wording import LANGUAGES


@dataclass(frozen=True)
class WrittenBundle:
    """The candidate hash of a finished bundle, and what its own check found: a candidate needs no finding."""

    candidate_sha256: str
    findings: tuple[Finding, ...]


def write_bundle(
    bundle_dir: Path,
    *,
    staging: Path,
    lock: Lock,
    gate: GateReport,
    schemas: Mapping[str, TableSchema],
) -> WrittenBundle:
    """Write every file of a candidate into the new folder `bundle_dir`, check them, list them in SHA256SUMS.

    `staging` holds data/ and, with a predecessor, compared/; `schemas` may know more tables than the plan.
    The same input gives the same bytes. What is wrong with the files is returned and recorded in
    bundle-check.json. Raises CheckError if the gate judged other data.
    """
    data, compared = staging / names.DATA, staging / names.COMPARED
    planned = {name: schemas[name] for name in sorted(lock.plan.tables)}
    tables = {
        name: read_release_table(data / schema.parquet_name(), schema) for name, schema in planned.items()
    }
    revisions = release_revisions(data, compared, gate, lock.illustrative)
    shutil.copytree(data, bundle_dir / names.DATA)
    if compared.is_dir():
        shutil.copytree(compared, bundle_dir / names.COMPARED)
    _require_judged(bundle_dir, gate)
    with open_pool(Release(tables, planned, revisions, lock, gate)) as pool:
        _write_formats(bundle_dir, tables, planned, revisions, lock, pool)
        for language, page in render_notes(tables, lock.release, lock.illustrative).items():
            (bundle_dir / names.METHOD_NOTES[language]).write_bytes(page.encode())
        _write_records(bundle_dir, lock, gate)
        (bundle_dir / names.CHANGES).write_bytes(render_changes(revisions, lock).encode())
        _write_descriptions(bundle_dir, lock, planned)
        if has_site(tables):
            _write_site(bundle_dir, lock, gate, pool)
    findings = check_files(bundle_dir)
    (bundle_dir / names.BUNDLE_CHECK).write_bytes(
        canonical_json(report_of(findings, lock.release, lock.illustrative))
    )
    return WrittenBundle(write_sums(bundle_dir), tuple(findings))


def _require_judged(bundle_dir: Path, gate: GateReport) -> None:
    if data_hash(bundle_dir / names.DATA) != gate.data_hash:
        raise CheckError("The staged data are not those which the gate judged. Check the release again.")


def _write_formats(
    bundle_dir: Path,
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    lock: Lock,
    pool: Executor,
) -> None:
    workbooks = BundleNames(lock.illustrative).workbooks
    jobs = [
        pool.submit(bundle_jobs.write_workbook, bundle_dir / file, language)
        for language, file in workbooks.items()
    ]
    _write_flat_formats(bundle_dir, tables, schemas, revisions, lock)
    for job in jobs:
        job.result()


def _write_site(bundle_dir: Path, lock: Lock, gate: GateReport, pool: Executor) -> None:
    """Pages and PDFs, once every file they lead to is finished."""
    site = bundle_dir / names.SITE
    files = list_files(bundle_dir)
    jobs = [pool.submit(bundle_jobs.write_language, site, language, files) for language in LANGUAGES]
    # The shorter jobs come last: three languages on two processors leave one of them idle otherwise.
    jobs += [pool.submit(bundle_jobs.write_pdf, site, language) for language in LANGUAGES]
    write_common(site, build_facts(lock, gate, files))
    for job in jobs:
        job.result()


def _write_flat_formats(
    bundle_dir: Path,
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    lock: Lock,
) -> None:
    files = BundleNames(lock.illustrative)
    for name, table in tables.items():
        write_release_csv(table, schemas[name], bundle_dir / files.csv(name))
    write_release_csv(revisions, REVISIONS, bundle_dir / files.revisions)
    _write_sdmx(bundle_dir, tables, schemas, lock)
    _write_json_stat(bundle_dir, tables, lock)
    codebook = build_codebook(tables, schemas, revisions, lock.illustrative)
    write_release_csv(codebook, CODEBOOK, bundle_dir / files.codebook)
    write_duckdb(
        bundle_dir / files.duckdb,
        tables,
        schemas,
        revisions,
        release_id=lock.release,
        illustrative=lock.illustrative,
    )


def _write_sdmx(
    bundle_dir: Path, tables: Mapping[str, pa.Table], schemas: Mapping[str, TableSchema], lock: Lock
) -> None:
    # sdmx1 costs every command half a second, and this one alone needs it.
    from orchestration.release.sdmx.structure import build_structure

    flows = flows_of(tables)
    for flow in flows:
        path = bundle_dir / BundleNames(lock.illustrative).sdmx(flow.file)
        write_flow(path, flow, tables[flow.table], schemas[flow.table])
    if flows:
        structure = build_structure(
            tables,
            schemas,
            release_id=lock.release,
            issued=lock.plan.date,
            illustrative=lock.illustrative,
        )
        (bundle_dir / BundleNames(lock.illustrative).sdmx(STRUCTURE)).write_bytes(structure)


def _write_json_stat(bundle_dir: Path, tables: Mapping[str, pa.Table], lock: Lock) -> None:
    for file in BundleNames(lock.illustrative).json_stat_files(tables):
        collection = render_json_stat(
            tables,
            title=lock.plan.title.en,
            release_id=lock.release,
            issued=lock.plan.date.isoformat(),
            illustrative=lock.illustrative,
        )
        (bundle_dir / file).parent.mkdir()
        (bundle_dir / file).write_bytes(collection)


def _write_descriptions(bundle_dir: Path, lock: Lock, schemas: Mapping[str, TableSchema]) -> None:
    """What describes all other files, by their sizes and hashes."""
    descriptor = build_datapackage(bundle_dir, lock, schemas, PACKAGE_LICENCE)
    (bundle_dir / names.DATAPACKAGE).write_bytes(canonical_json(descriptor))
    catalogue = build_catalogue(descriptor, lock, schemas)
    (bundle_dir / names.CATALOGUE).write_bytes(canonical_json(catalogue))
    (bundle_dir / names.CSVW).write_bytes(canonical_json(build_csvw(descriptor)))


def _write_records(bundle_dir: Path, lock: Lock, gate: GateReport) -> None:
    (bundle_dir / names.LOCK).write_bytes(lock.to_bytes())
    (bundle_dir / names.GATE).write_bytes(gate.to_json().encode())
    (bundle_dir / names.GATE_PAGE).write_bytes(render(gate).encode())
    (bundle_dir / names.PROVENANCE).write_bytes(canonical_json(build_provenance(lock, gate)))
    (bundle_dir / names.LICENCES).write_bytes(render_licences(lock).encode())
    (bundle_dir / names.CITATION).write_bytes(render_citation(lock))
