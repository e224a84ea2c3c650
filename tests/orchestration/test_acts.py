"""The acts on one release as jobs: the verbs of the command line, and their refusals, seen from Dagster."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.acts import ACTS, announce_dates, begin_correction, record_access, withdraw_published
from orchestration.resources import StateResource


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty office with live sources; its state root."""
    monkeypatch.setenv("CIRCULARITY_SOURCE", "live")
    monkeypatch.setenv("CIRCULARITY_HOME", str(tmp_path))
    return tmp_path / "real"


def run(job: dg.JobDefinition, op: str, **config: Any) -> dg.ExecuteInProcessResult:
    given = {"ops": {op: {"config": config}}} if config else {}
    return job.execute_in_process(
        run_config=given,
        resources={"state": StateResource()},
        raise_on_error=False,
        instance=dg.DagsterInstance.ephemeral(),
    )


def failure_of(result: dg.ExecuteInProcessResult) -> tuple[str, int]:
    """The sentence and the exit code with which a job failed."""
    (event,) = [e for e in result.all_events if e.is_step_failure]
    told = event.step_failure_data.user_failure_data
    assert told is not None and told.description is not None
    return told.description, int(told.metadata["exit_code"].value or 0)


@pytest.mark.parametrize(
    ("job", "op", "config", "words", "code"),
    [
        (begin_correction, "correct", {"release": "2026.1"}, "is not the id of a correction", 2),
        (begin_correction, "correct", {"release": "2026.1.1"}, "there is nothing to correct", 3),
        (withdraw_published, "withdraw", {"release": "2026.1", "reason": "r"}, "is not planned here", 2),
        (record_access, "access", {"release": "2026.1", "to": "Press"}, "is not planned", 2),
    ],
)
def test_a_refusal_is_the_verbs_own_sentence_and_code(
    office: Path, job: dg.JobDefinition, op: str, config: dict[str, str], words: str, code: int
) -> None:
    result = run(job, op, **config)
    assert not result.success
    said, exit_code = failure_of(result)
    assert words in said and exit_code == code
    assert not list(office.rglob("*.json")), "a refusal changed something"


def test_announcing_writes_what_the_command_writes(office: Path) -> None:
    assert run(announce_dates, "announce").success
    assert json.loads((office / "releases" / "public" / "latest.json").read_text())["release"] is None


def test_a_withdrawal_is_handed_on_as_it_was_typed(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    class Report:
        def lines(self) -> list[str]:
            return ["done"]

    def withdraw(ctx: Any, **given: Any) -> Report:
        asked.append({"release": ctx.release_id, **given})
        return Report()

    monkeypatch.setattr("orchestration.acts.withdraw_release", withdraw)
    assert run(withdraw_published, "withdraw", release="2026.1", reason="r").success
    assert run(
        withdraw_published, "withdraw", release="2026.1", reason="r", reason_fr="f", execute=True
    ).success
    assert [(a["release"], a["reason"], a["execute"]) for a in asked] == [
        ("2026.1", {"en": "r", "fr": "", "ru": ""}, False),
        ("2026.1", {"en": "r", "fr": "f", "ru": ""}, True),
    ]


def test_every_act_has_a_description() -> None:
    assert len(ACTS) == 4 and all(job.description for job in ACTS)
