"""How a command ends: always with an exit code and a sentence, never with a traceback."""

from pathlib import Path

import pytest

from orchestration import cli
from orchestration.cli_output import run_plainly
from orchestration.cli_run import show_results
from orchestration.release.paths import ReleasePaths


def raises(error: BaseException) -> int:
    def command() -> None:
        raise error

    return run_plainly(command)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (SystemExit(), 0, ""),
        (SystemExit(3), 3, ""),
        (SystemExit("no such thing"), 1, "circularity: no such thing"),
        (SystemExit(130), 130, "circularity: Stopped."),
        (KeyboardInterrupt(), 130, "circularity: Stopped."),
        (OSError(28, "No space left on device"), 5, "No space left on device"),
        (ZeroDivisionError("oops"), 1, "This is a fault of the program: ZeroDivisionError at "),
    ],
)
def test_every_end_has_its_code_and_its_sentence(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raises(error) == code
    told = capsys.readouterr().err
    assert says in told and "Traceback" not in told
    assert bool(told) == bool(says)


def test_the_trace_is_shown_to_whoever_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIRCULARITY_TRACE", "1")
    assert raises(ZeroDivisionError("oops")) == 1
    assert "Traceback" in capsys.readouterr().err


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, **environment: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["circularity", *arguments])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_a_fault_inside_a_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through typer, which sets a hook of its own for uncaught exceptions."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(cli, "sync_files", fail)
    assert run(monkeypatch, "sync") == 1
    told = capsys.readouterr().err
    assert "This is a fault of the program" in told and "Traceback" not in told


@pytest.mark.parametrize("mode", ["sample", "archive"])
def test_only_a_live_source_is_probed(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path)
    assert run(monkeypatch, "probe", CIRCULARITY_SOURCE=mode, CIRCULARITY_HOME=home) == 2
    said = capsys.readouterr()
    assert "Set CIRCULARITY_SOURCE=live to probe" in said.err and "confirmed." not in said.out


def test_diff_takes_ids_and_no_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path)
    for ids in (("../2026.1", "2025.1"), ("2026.1", "/etc")):
        assert run(monkeypatch, "release", "diff", *ids, CIRCULARITY_HOME=home) == 2
        assert "is not a release id" in capsys.readouterr().err


def test_a_plan_that_is_not_utf8_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "real" / "decisions" / "2026.1" / "plan.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_bytes(b"title: Donn\xe9es\n")
    environment = {"CIRCULARITY_SOURCE": "archive", "CIRCULARITY_HOME": str(tmp_path)}
    assert run(monkeypatch, "release", "plan", "2026.1", **environment) == 2
    assert "plan.yaml is not readable YAML" in capsys.readouterr().err


def test_the_results_of_a_run_are_named_by_their_place(tmp_path: Path) -> None:
    paths, said = ReleasePaths(tmp_path, "2026.1"), list[str]()
    results = {"gate report": "gate.html", "workbook": "tables_fr.xlsx", "site": "site/index.html"}
    for name in results.values():
        (paths.bundle_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (paths.bundle_dir / name).touch()
    show_results(paths, said.append, "make dev")
    assert [line.split() for line in said[2:5]] == [
        [*label.split(), str(paths.bundle_dir / name)] for label, name in results.items()
    ]


def test_the_ui_of_this_state_is_named(tmp_path: Path) -> None:
    said: list[str] = []
    show_results(ReleasePaths(tmp_path, "2026.1"), said.append, "make dev SOURCE=live")
    assert said[-1].startswith("`make dev SOURCE=live` shows")
