"""CITATION.cff: valid by the format's own schema, cites the producers, and each defect is found."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from orchestration.release.bundle_check import read_content
from orchestration.release.citation import check_citation, format_faults, render_citation
from tests.bundle.conftest import Staged, make_lock
from tests.bundle.edits import Edit, remove, replace_text
from tests.gates.release_fixture import ABSENT, PLANNED

FILE = "CITATION.cff"


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_citation(read_content(folder)))


def test_it_cites_the_release_and_every_producer_with_data(finished: Path) -> None:
    citation = yaml.safe_load((finished / FILE).read_text(encoding="utf-8"))
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert (citation["version"], citation["date-released"]) == ("sample-2026.1", "2026-03-01")
    assert [reference["notes"] for reference in citation["references"]] == [
        f"Producer of {key}" for key in PLANNED
    ]
    assert f"Producer of {ABSENT}" not in str(citation)
    assert said(finished) == ""


def test_a_producer_is_the_name_before_the_first_comma() -> None:
    lock = make_lock()
    datasets = (lock.datasets[0].model_copy(update={"citation": "Eurostat, Waste, code x"}),)
    citation = yaml.safe_load(render_citation(lock.model_copy(update={"datasets": datasets})))
    assert citation["references"][0]["authors"] == [{"name": "Eurostat"}]


def test_a_release_without_any_data_set_is_valid_and_a_plan_with_an_address_gives_it() -> None:
    lock = make_lock()
    plan = lock.plan.model_copy(update={"address": "https://example.org/circularity"})
    raw = render_citation(lock.model_copy(update={"datasets": (), "plan": plan, "illustrative": False}))
    assert format_faults(raw) == []
    citation = yaml.safe_load(raw)
    assert citation["url"] == "https://example.org/circularity/sample-2026.1/"
    assert (citation["title"], "references" in citation) == ("Circular economy in the UNECE region", False)


def test_the_same_lock_gives_the_same_bytes(staged: Staged, finished: Path) -> None:
    assert render_citation(staged.lock) == (finished / FILE).read_bytes()


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (remove(FILE), "is missing"),
        (replace_text(FILE, "type: dataset", "type: table"), "is not valid CFF 1.2.0: $.type"),
        (replace_text(FILE, "'2026-03-01'", "'March 2026'"), "is not valid CFF 1.2.0: $['date-released']"),
        (replace_text(FILE, "authors:", "writers:"), "is not valid CFF 1.2.0"),
        (replace_text(FILE, "message:", "message: ["), "is not valid CFF 1.2.0"),
        (replace_text(FILE, "Producer of world_bank", "Producer of nobody"), "is not what lock.json gives"),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Edit, sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)
