"""The commands about people outside and about what is out: sentences, JSON and exit codes."""

import json
from dataclasses import dataclass

import pytest

from orchestration import cli, cli_outgoing
from orchestration.cli_output import run_plainly
from orchestration.release.context import ReleaseContext
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import publish, write_erratum

People = dict[str, Person]


@dataclass
class Desk:
    """A terminal whose clock and office are those of the test."""

    world: World
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str]:
        code = run_plainly(lambda: cli.app(["release", *arguments]))
        said = self.capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def desk(
    world: World, gate: FakeGate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Desk:
    class Place:
        root = world.ctx.root

        @property
        def now(self) -> object:
            return world.tick()

        def open_release(self, release: str) -> ReleaseContext:
            return world.of(release).ctx

    monkeypatch.setattr(cli_outgoing, "open_workplace", Place)
    return Desk(world, capsys)


def test_consult_says_where_the_sheets_are(desk: Desk, people: People) -> None:
    desk.world.prepare(people, signed=False, consultation="member_states")
    code, said = desk.run("consult", "2026.1")
    assert code == 0 and "2 review sheets, one a member State" in said
    assert "Next: circularity release sign-off 2026.1" in said
    code, said = desk.run("consult", "2026.1", "--json")
    assert code == 0 and json.loads(said)["sheets"] == 2
    assert desk.run("consult", "2026.2")[0] == 2


def test_access_is_refused_and_recorded(desk: Desk, people: People) -> None:
    desk.world.prepare(people, pre_release_access=["Press office"])
    desk.world.now = desk.world.now.replace(hour=8)
    code, said = desk.run("access", "2026.1", "--to", "The Daily")
    assert code == 3 and "no access before the embargo" in said
    code, said = desk.run("access", "2026.1", "--to", "Press office", "--json")
    assert code == 0 and json.loads(said)["state"] == "signed"
    assert desk.run("access", "2026.1")[0] == 2


def test_correct_withdraw_and_announce(desk: Desk, people: People) -> None:
    world = desk.world
    publish(world.prepare(people))
    assert desk.run("correct", "2026.1") == (
        2,
        "circularity: 2026.1 is not the id of a correction. Write 2026.1.1.\n",
    )
    assert desk.run("correct", "2026.1.1")[0] == 3
    write_erratum(world.of("2026.1.1"))
    code, said = desk.run("correct", "2026.1.1")
    assert code == 0 and "Next: circularity release lock 2026.1.1" in said
    assert desk.run("announce")[1].startswith("Nothing was out of date")
    code, said = desk.run("withdraw", "2026.1")
    assert code == 3 and "Say why with --reason" in said
    code, said = desk.run("withdraw", "2026.1", "--reason", "Wrong.")
    assert code == 0 and "This was a dry run" in said and not world.paths.withdrawn_dir.exists()
    code, said = desk.run(
        "withdraw", "2026.1", "--reason", "Wrong.", "--reason-fr", "Faux.", "--execute", "--json"
    )
    assert code == 0 and json.loads(said)["is_executed"]
    assert json.loads(world.paths.withdrawal_file.read_text())["reason"] == {"en": "Wrong.", "fr": "Faux."}
    (world.paths.public_dir / "latest.json").unlink()
    code, said = desk.run("announce", "--json")
    assert code == 0 and json.loads(said)["written"] == ["latest.json"]
    assert "withdrawn" in json.loads(said)["dates"][0]
