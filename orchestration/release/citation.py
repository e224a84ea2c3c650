"""CITATION.cff: how to cite a release, and the producers whose data it joins.

What belongs here: the file in the Citation File Format 1.2.0, and its check by that format's own schema.
What does not: licences (provenance.py), the citation on a page of the site.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml

from orchestration.release import names
from orchestration.release.datapackage import PUBLISHER
from orchestration.release.findings import Content, Finding
from orchestration.release.lock_model import Lock, LockedDataset, read_lock
from orchestration.release.marks import ILLUSTRATIVE_MARK

CHECK = "citation"
_SCHEMA = "cff-1.2.0.json"
_ONE_LINE = 10_000
"""Characters before YAML would fold a text, and break what a reader searches for in two."""
_MESSAGE = "Cite this release, and the producers of the data it rests on, which are listed as references."


def render_citation(lock: Lock) -> bytes:
    """The file as YAML; dates come from the plan. A data set which the release lacks is not cited."""
    title = lock.plan.title.en
    citation: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": f"{title} – {ILLUSTRATIVE_MARK}" if lock.illustrative else title,
        "version": lock.release,
        "date-released": lock.plan.date.isoformat(),
        "authors": [{"name": PUBLISHER}],
    }
    if lock.plan.address is not None:
        citation["url"] = f"{lock.plan.address}/{lock.release}/"
    references = [_reference(dataset) for dataset in lock.datasets if not dataset.is_absent]
    citation |= {"references": references} if references else {}
    text = yaml.safe_dump(citation, allow_unicode=True, sort_keys=False, width=_ONE_LINE)
    return text.encode()


def _reference(dataset: LockedDataset) -> dict[str, Any]:
    """One producer's data set; our declared citations begin with the producer's name and a comma."""
    return {
        "type": "data",
        "title": dataset.title,
        "authors": [{"name": dataset.citation.split(",")[0]}],
        "version": str(dataset.vintage),
        "notes": dataset.citation,
    }


def check_citation(content: Content) -> Iterator[Finding]:
    """The file is valid Citation File Format and cites this release and its producers."""
    path = content.folder / names.CITATION
    if not path.is_file():
        yield Finding(CHECK, names.CITATION, "is missing.")
        return
    raw = path.read_bytes()
    for fault in format_faults(raw)[:3]:
        yield Finding(CHECK, names.CITATION, f"is not valid CFF 1.2.0: {fault}")
    if raw != render_citation(read_lock(content.folder / names.LOCK)):
        yield Finding(CHECK, names.CITATION, "is not what lock.json gives.")


def format_faults(raw: bytes) -> list[str]:
    """What the format's schema finds wrong, a line each."""
    from jsonschema import Draft7Validator, FormatChecker

    try:
        citation = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        return [" ".join(str(error).split())]
    faults = Draft7Validator(_schema(), format_checker=FormatChecker()).iter_errors(citation)
    return sorted(f"{fault.json_path}: {fault.message}" for fault in faults)


@cache
def _schema() -> dict[str, Any]:
    path = resources.files("orchestration.release") / "schemas" / _SCHEMA
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema
