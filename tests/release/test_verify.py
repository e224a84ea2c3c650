"""verify works on a download: no store, no network, no trust."""

import json
import shutil
from pathlib import Path

import pytest

from connectors.errors import UsageError
from orchestration.release.checksums import write_sums
from orchestration.release.listing import list_releases, show_release
from orchestration.release.plan_model import Signatory
from orchestration.release.publish import publish_release
from orchestration.release.ssh import format_allowed_signers
from orchestration.release.verify import verify_bundle
from tests.release.conftest import FakeGate, Person, World
from tests.release.publishing import write_decision

People = dict[str, Person]


@pytest.fixture
def download(world: World, gate: FakeGate, people: People, tmp_path: Path) -> Path:
    """A published release, copied to another place; the store it came from is gone."""
    world.prepare(people)
    publish_release(world.ctx, now=world.now, execute=True)
    target = tmp_path / "download"
    shutil.copytree(world.paths.published_dir, target)
    shutil.rmtree(world.ctx.root)
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def test_a_download_is_proved_intact_and_signed(download: Path) -> None:
    report = verify_bundle(download)
    assert report.exit_code == 0, report.lines()
    said = " ".join(report.lines())
    assert "Signed by Ana (statistician) and Boris (secretariat)." in said
    assert "Not from the producers' own addresses, but from copies:" in said
    assert "SHA256:" in said and "The gate was run again and gives the same results." in said
    assert verify_bundle(download / "bundle").exit_code == 0


def test_a_bundle_without_signatures_says_what_is_not_proved(download: Path) -> None:
    (download / "signoff.jsonl").unlink()
    report = verify_bundle(download)
    assert report.exit_code == 0
    assert "No signoff.jsonl lies beside the bundle: who made it is not proved." in report.notes


def test_every_changed_byte_is_found(download: Path) -> None:
    for file in sorted(p for p in (download / "bundle").rglob("*") if p.is_file()):
        content = file.read_bytes()
        file.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        assert verify_bundle(download).exit_code == 1, file.name
        file.write_bytes(content)
    for name in ("signoff.jsonl", "publication.json"):
        content = (download / name).read_bytes()
        digest = verify_bundle(download).candidate_sha256
        (download / name).write_bytes(content.replace(digest.encode(), b"0" * 64))
        assert verify_bundle(download).exit_code == 1, name
        (download / name).write_bytes(content)


def test_keys_are_compared_with_those_the_office_gave(download: Path, people: People, tmp_path: Path) -> None:
    real = [Signatory.model_validate(people[name].entry()) for name in ("Ana", "Boris")]
    file = tmp_path / "allowed_signers"
    file.write_text(format_allowed_signers(real))
    assert verify_bundle(download, allowed_signers=file).exit_code == 0
    file.write_text(format_allowed_signers(real[:1]))
    report = verify_bundle(download, allowed_signers=file)
    assert report.problems == ("The key of Boris is not in allowed_signers.",)
    ana, boris = format_allowed_signers(real).splitlines()
    stranger, key = people["Mallory"].public_key.split()[:2], boris.split()[2:]
    for line in (
        f"# {boris}",  # a comment gives nobody anything
        boris.replace(real[1].principal, real[0].principal),  # the key of another person
        " ".join([*boris.split()[:2], *stranger, *key]),  # a key in the comment behind a key
    ):
        file.write_text(f"{ana}\n{line}\n")
        report = verify_bundle(download, allowed_signers=file)
        assert report.problems == ("The key of Boris is not in allowed_signers.",), line


def test_keys_given_and_nobody_signed_is_a_problem(download: Path, people: People, tmp_path: Path) -> None:
    file = tmp_path / "allowed_signers"
    file.write_text(format_allowed_signers([Signatory.model_validate(people["Ana"].entry())]))
    (download / "signoff.jsonl").unlink()
    report = verify_bundle(download, allowed_signers=file)
    assert report.exit_code == 1
    assert "nobody of allowed_signers signed" in " ".join(report.problems)


def test_a_validator_that_fails_is_a_problem(download: Path, gate: FakeGate) -> None:
    gate.findings = ("ILLUSTRATIVE mark missing in the workbook.",)
    assert verify_bundle(download).problems == gate.findings


@pytest.mark.parametrize("day", ["2031-01-01", "soon"])
def test_a_gate_judged_on_another_day_than_the_plans_is_a_problem(download: Path, day: str) -> None:
    path = download / "bundle" / "gate.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "as_of": day}), encoding="utf-8")
    write_sums(download / "bundle")
    said = "The gate, run again on these data, gives other results than gate.json."
    assert said in verify_bundle(download / "bundle").problems


def test_a_folder_without_a_bundle_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no bundle"):
        verify_bundle(tmp_path)


def test_list_and_show_say_where_a_release_stands(world: World, gate: FakeGate, people: People) -> None:
    write_decision(world)
    world.prepare(people, signed=False)
    world.sign(people["Ana"])
    summary = list_releases(world.ctx.root)
    assert [(s.release, s.state) for s in summary] == [("2026.1", "candidate")]
    view = show_release(world.paths)
    text = "\n".join(view.lines())
    assert "Embargo until 2026-01-12 10:00:00 Europe/Zurich (2026-01-12 09:00:00 UTC)" in text
    assert "unsd/beta: absent: no vintage has been fetched" in text
    assert "Ana as statistician: approve" in text
    assert "Next step: circularity release sign-off 2026.1" in text
    assert f"Files:\n  {world.paths.bundle_dir / 'LICENSES.md'}" in text
    assert "acceptance g5.yaml by Ana and Boris, expires 2026.1: r" in text
    json.dumps(view.model_dump(mode="json"))
    with pytest.raises(UsageError, match=r"Known are: 2026\.1"):
        show_release(world.paths.of("2027.1"))
