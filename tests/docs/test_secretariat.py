"""What docs/secretariat.md has to hold: commands that exist, and every verb of a release year.

That the year says what the page says it prints is tested where the year is walked (tests/e2e/test_replay.py).
"""

import pytest
from typer.main import get_group

from orchestration.cli import app
from tests.docs.guide import PAGE, commands, missing, printed

VERBS = {
    *("plan", "lock", "build", "check", "candidate", "consult", "sign-off", "access", "publish"),
    *("correct", "withdraw", "verify"),
}


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_a_command_of_the_page_can_be_given(arguments: list[str]) -> None:
    command, rest = get_group(app), list(arguments)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    with command.make_context("circularity", rest) as context:
        assert context.args == []


def test_every_verb_of_the_year_is_told() -> None:
    assert {arguments[1] for arguments in commands() if arguments[0] == "release"} == VERBS


def test_every_exit_code_is_explained() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [row[2] for row in rows if row[2].isdigit()] == ["0", "1", "2", "3", "4", "5"]


def test_a_line_that_is_not_printed_is_noticed() -> None:
    lines = [line.replace("2026.1", "2020.1").replace("…", "x") for line in printed()]
    assert missing(lines, "2020.1") == []
    assert missing([line for line in lines if "published" not in line], "2020.1") != []
