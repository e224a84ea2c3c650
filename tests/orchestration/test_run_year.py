"""A run that could not finish does not begin."""

from types import SimpleNamespace

import pytest

from connectors.errors import CheckError
from orchestration import cli_run


def test_without_the_library_of_the_pdf_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise CheckError("Install Pango.")

    began: list[int] = []
    monkeypatch.setattr(cli_run, "find_renderer", lacking)
    monkeypatch.setattr(cli_run, "execute_year", lambda settings, year, show: began.append(year))
    with pytest.raises(CheckError, match="Install Pango"):
        cli_run.run_year(SimpleNamespace(), 2026, print)
    assert began == []
