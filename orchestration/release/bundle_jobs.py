"""The slow files of a bundle, made by two more processes while the first makes the others.

What belongs here: handing a release to each process once, and the jobs they do. What does not: which files
there are and when (bundle.py), what stands in them (workbook.py, site/).
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from expectations.report import GateReport
from orchestration.release.lock_model import Lock
from orchestration.release.schema import TableSchema
from orchestration.release.site import build
from orchestration.release.site.facts import BundleFile
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site_facts import build_facts
from orchestration.release.workbook import WorkbookText, render_workbook

_AT_ONCE = 2
"""A release is made on a machine of two processors; each process takes about a gigabyte."""


@dataclass(frozen=True)
class Release:
    """What every job is given: the planned tables and their schemas, the revisions, lock and gate."""

    tables: Mapping[str, pa.Table]
    schemas: Mapping[str, TableSchema]
    revisions: pa.Table
    lock: Lock
    gate: GateReport

    @cached_property
    def model(self) -> ReleaseTables:
        """The tables as pages look them up: made once a process, whatever the languages."""
        return ReleaseTables({**self.tables, "revisions": self.revisions})


def open_pool(release: Release) -> ProcessPoolExecutor:
    """The processes, each of which keeps `release`; spawned, because a fork of threads may hang."""
    return ProcessPoolExecutor(_AT_ONCE, get_context("spawn"), initializer=_keep, initargs=(release,))


_kept: list[Release] = []


def _keep(release: Release) -> None:
    _kept.append(release)


def write_workbook(path: Path, language: str) -> None:
    """The workbook of one language."""
    (release,) = _kept
    lock = release.lock
    title = lock.plan.title.by_language()[language]
    text = WorkbookText(title, lock.release, lock.plan.date, lock.illustrative, language)
    path.write_bytes(render_workbook(release.tables, release.schemas, release.revisions, text))


def write_pdf(site: Path, language: str) -> None:
    """The progress tables of one language as PDF."""
    (release,) = _kept
    build.write_pdf(site, language, release.model, build_facts(release.lock, release.gate, ()))


def write_language(site: Path, language: str, files: tuple[BundleFile, ...]) -> None:
    """The pages of one language; `files` are those of the bundle to which they lead."""
    (release,) = _kept
    build.write_language(site, language, release.model, build_facts(release.lock, release.gate, files))
