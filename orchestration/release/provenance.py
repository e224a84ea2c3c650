"""Where a bundle comes from: provenance.json for programs, LICENSES.md for people.

What belongs here: both texts, made from the lock and the gate report.
What does not: the lock itself (lock_model.py), approvals of licences (decisions.py).
"""

from typing import Any

from connectors.origins import is_official
from expectations.report import GateReport
from orchestration.release.files import sha256_bytes
from orchestration.release.lock_model import Lock, LockedDataset
from orchestration.release.marks import ILLUSTRATIVE_MARK

PACKAGE_LICENCE = {
    "name": "see-sources",
    "title": "Each source's own terms apply; see LICENSES.md",
    "path": "LICENSES.md",
}
"""A release joins the data of several producers; none of them lets a single licence stand for all."""


def build_provenance(lock: Lock, gate: GateReport) -> dict[str, Any]:
    """Code, environment, lock, source files, rules and verdict of a release, each by its hash."""
    provenance: dict[str, Any] = {
        "release": lock.release,
        "title": lock.plan.title.by_language(),
        "reference_year": lock.reference_year,
        "issued": lock.plan.date.isoformat(),
        "code": lock.code.model_dump(mode="json"),
        "environment_sha256": lock.environment_sha256,
        "lock_sha256": lock.sha256,
        "predecessor": lock.predecessor.model_dump(mode="json") if lock.predecessor else None,
        "objects": [part for dataset in lock.datasets for part in _objects(dataset)],
        "rules": {
            "method_version": lock.method.version,
            "method_config_sha256": lock.method.sha256,
            "suite_sha256": gate.suite_sha256,
        },
        "gate": {"verdict": gate.verdict, "sha256": sha256_bytes(gate.to_json().encode())},
        "data_sha256": gate.data_hash,
    }
    return provenance | {"illustrative": ILLUSTRATIVE_MARK} if lock.illustrative else provenance


def _objects(dataset: LockedDataset) -> list[dict[str, Any]]:
    return [
        {
            "provider": dataset.provider,
            "dataset": dataset.dataset,
            "vintage": dataset.vintage,
            "part": name,
            "sha256": part.sha256,
            "status": part.status,
            "retrieved_at": part.retrieved_at,
            "url": part.url,
            "official_address": part.url is not None and is_official(part.url, dataset.provider),
        }
        for name, part in sorted(dataset.parts.items())
    ]


def render_licences(lock: Lock) -> str:
    """LICENSES.md: terms, attribution and whether rows may appear, for each source."""
    lines = [f"# Sources and their terms: release {lock.release}", ""]
    if lock.illustrative:
        lines += [f"**{ILLUSTRATIVE_MARK}**", ""]
    lines += [
        "This release joins data of the producers below. Cite them together with the release. "
        "Each producer's own terms apply to its data.",
        "",
    ]
    for dataset in lock.datasets:
        lines += _licence_of(dataset)
    return "\n".join(lines)


def _licence_of(dataset: LockedDataset) -> list[str]:
    state = (
        f"not in this release: {dataset.absence_reason}"
        if dataset.is_absent
        else f"edition {dataset.vintage}, dated {dataset.producer_date} by its producer"
    )
    rows = "yes" if dataset.rows_may_appear else "no, derived values only"
    return [
        f"## {dataset.title}",
        "",
        f"- Data set: `{dataset.key}`, {state}",
        f"- Terms: {dataset.licence}, <{dataset.licence_url}>",
        f"- Attribution: {dataset.citation}",
        f"- Rows may appear in the release: {rows}",
        "",
    ]
