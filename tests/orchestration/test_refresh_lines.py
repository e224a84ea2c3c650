"""What `circularity refresh` says: a first time, again with nothing new, and with a fault."""

import json
from pathlib import Path

import pytest

from connectors.errors import SourceError
from connectors.ingest import IngestResult
from connectors.refresh import FetchResult
from orchestration import cli
from orchestration.cli_refresh import Refreshed, summarise

KEYS = ("unsd/sdg_12_c", "eurostat/cei_srm030")


def refresh(monkeypatch: pytest.MonkeyPatch, home: Path, *options: str) -> int | str | None:
    monkeypatch.setenv("CIRCULARITY_HOME", str(home))
    monkeypatch.setattr("sys.argv", ["circularity", "refresh", *KEYS, *options])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code


def test_a_refresh_with_nothing_new_says_so_and_rebuilds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh(monkeypatch, tmp_path) == 0
    first = capsys.readouterr().out
    assert "unsd/sdg_12_c: new vintage (" in first and "3 bodies fetched, " in first
    assert first.splitlines()[-1] == "2 data sets: 2 new; 4 bodies"
    assert refresh(monkeypatch, tmp_path) == 0
    again = capsys.readouterr().out
    assert "nothing read and nothing rebuilt; asked, nothing new; 3 parts, no body fetched" in again
    assert refresh(monkeypatch, tmp_path, "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(f["dataset"], f["outcome"], f["read"]) for f in facts] == [(k, "unchanged", False) for k in KEYS]
    assert len(facts[0]["unchanged_parts"]) == 3 and facts[0]["bodies"] == 0


def test_a_fault_is_told_with_its_reason_and_counted() -> None:
    error = SourceError("unsd", "x", "answered a web page", part="A", next_step="wait", fault="T01")
    fetched = FetchResult("unsd/x", "2026-03-01T00:00:00Z", {}, {"A": error}, ("B",), resumed=1)
    failed = Refreshed(fetched, IngestResult("unsd/x", "absent", None, {"A": error}), ("No alert was sent.",))
    assert failed.lines() == [
        "unsd/x: absent, there is no vintage yet; 0 bodies fetched, 0 bytes; 1 unchanged, 1 part failed; "
        "resumed at part 2",
        f"  {error}",
        "  No alert was sent.",
    ]
    assert summarise([failed]) == "1 data set: 1 absent; 0 bodies"
