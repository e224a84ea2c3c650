"""One release after its gate is green: consultation, signatures, access, publication, correction, withdrawal.

What belongs here: the verbs in the order an office takes them, with the attempts that must be refused on the
way. What does not: planning and building (replay_office.py), judging what came of it (test_replay_year.py).

The embargo lies far ahead, so that it ends on the clock that each command is given, not on that of the day.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.office import STATISTICIAN, Office, hash_tree

ROLES = ("statistician", "secretariat")
EMBARGO, EMBARGO_UTC = "2099-01-05T10:00:00", "2099-01-05T09:00:00"
"""In winter Zurich is one hour ahead of UTC."""
A_SECOND_EARLY = "2099-01-05T08:59:59"
CORRECTED_AT, CORRECTION_EMBARGO = "2099-01-12T08:00:00", "2099-01-20T10:00:00"
CORRECTION_UTC, WITHDRAWN_AT = "2099-01-20T09:00:00", "2099-02-02T15:30:00"
LISTED = "Press office"
COUNTRY, INDICATOR = "CHE", "A02"
ANSWER = {"decision": "rejected", "reason": "The source confirms it.", "by": STATISTICIAN, "at": "2024-01-20"}
TEXT = {
    "en": "The note on missing parts named the wrong year.",
    "fr": "La note sur les parties manquantes citait une mauvaise année.",
    "ru": "В примечании о недостающих частях был указан неверный год.",
}
REASON = {"en": "A source took its data back.", "fr": "Une source a retiré ses données."}


@dataclass
class Year:
    """What the office said at each step of `release` and of its correction; whether a refused step changed a
    release; what was public after each act; the hash of each published folder when it was published.
    """

    office: Office
    keys: dict[str, Path]
    release: str
    said: dict[str, str] = field(default_factory=dict)
    changed: dict[str, bool] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)

    @property
    def correction(self) -> str:
        """The id of the first correction."""
        return f"{self.release}.1"

    def refuse(self, name: str, *arguments: str, code: int = 3, at: str | None = None) -> None:
        """A command that must be refused; what it said and whether any release changed."""
        before = hash_tree(self.office.root / "releases")
        self.said[name] = self.office.run(*arguments, code=code, at=at)
        self.changed[name] = hash_tree(self.office.root / "releases") != before

    def published(self, release: str) -> Path:
        """The read-only folder of a published release."""
        return self.office.root / "releases" / "published" / release

    @property
    def public(self) -> Path:
        """What a web server shows."""
        return self.office.root / "releases" / "public"

    def look(self, act: str) -> None:
        """Note what the small public files for programs say after `act`: latest, calendar and notices."""
        files = [self.public / name for name in ("latest.json", "calendar.json")]
        files += [self.public / release / "release.json" for release in (self.release, self.correction)]
        self.seen[act] = {
            path.relative_to(self.public).as_posix(): json.loads(path.read_text(encoding="utf-8"))
            for path in files
            if path.is_file()
        }


def consult_and_sign(year: Year) -> None:
    """Every member State is asked; nobody signs before each comment has its answer."""
    office, release = year.office, year.release
    sign = ("release", "sign-off", release, "--role", "statistician", "--name", STATISTICIAN)
    sign += ("--key", str(year.keys["statistician"]))
    year.refuse("signature before the consultation", *sign)
    year.said["consult"] = office.release("consult", release)
    _write_comments(office, release, None)
    year.said["a comment waits"] = office.release("consult", release)
    year.refuse("unanswered comment", *sign)
    _write_comments(office, release, ANSWER)
    year.said["all answered"] = office.release("consult", release)
    for role in ROLES:
        office.sign(release, role, year.keys[role])


def _write_comments(office: Office, release: str, answer: dict[str, str] | None) -> None:
    comment = {"country": COUNTRY, "indicator": INDICATOR, "comment": "Please check the last year."}
    path = office.decisions_dir(release) / "consultation" / "comments.yaml"
    content = {"comments": [comment | ({"answer": answer} if answer else {})]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def give_access(year: Year) -> None:
    """The plan's list, and nobody else, gets the signed candidate before the embargo."""
    year.refuse("access of a stranger", "release", "access", year.release, "--to", "A friend")
    year.said["access"] = year.office.release("access", year.release, "--to", LISTED)


def publish_at_the_embargo(year: Year) -> None:
    """A second early, then a dry run at the instant, then the publication."""
    publish = ("release", "publish", year.release)
    year.refuse("a second early", *publish, "--execute", at=A_SECOND_EARLY)
    year.said["dry run"] = year.office.run(*publish, at=EMBARGO_UTC)
    year.said["published"] = year.office.run(*publish, "--execute", at=EMBARGO_UTC)
    year.frozen[year.release] = hash_tree(year.published(year.release))
    year.look("published")


def correct(year: Year) -> None:
    """An erratum in three languages, then a release like any other, one week later."""
    office, correction = year.office, year.correction
    begin = ("release", "correct", correction)
    year.refuse("no erratum", *begin, at=CORRECTED_AT)
    _write_erratum(year, {**TEXT, "ru": ""})
    year.refuse("erratum without a language", *begin, at=CORRECTED_AT)
    _write_erratum(year, TEXT)
    year.said["correct"] = office.run(*begin, at=CORRECTED_AT)
    _carry_over(year)
    for verb in ("lock", "build"):
        office.release(verb, correction, at=CORRECTED_AT)
    year.said["check correction"] = office.release("check", correction, code=1, at=CORRECTED_AT)
    _drop_stale(year)
    for verb in ("check", "candidate", "consult"):
        office.release(verb, correction, at=CORRECTED_AT)
    for role in ROLES:
        office.sign(correction, role, year.keys[role], at=CORRECTED_AT)
    year.said["publish correction"] = office.release("publish", correction, "--execute", at=CORRECTION_UTC)
    year.said["diff correction"] = office.release("diff", correction, year.release)
    year.frozen[correction] = hash_tree(year.published(correction))
    year.look("corrected")


def _write_erratum(year: Year, text: dict[str, str]) -> None:
    erratum = {
        "release": year.correction,
        "corrects": year.release,
        "found": "2099-01-11",
        "reason_code": "our_error",
        "tables": [],
        "indicators": [INDICATOR],
        "pages": [],
        "text": text,
    }
    folder = year.office.decisions_dir(year.correction)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "erratum.yaml"
    path.write_text(yaml.safe_dump(erratum, allow_unicode=True), encoding="utf-8")


def _carry_over(year: Year) -> None:
    """What a person takes over from the corrected release, decisions and approvals; and a new embargo."""
    old, new = (year.office.decisions_dir(release) for release in (year.release, year.correction))
    (new / "licences.yaml").write_bytes((old / "licences.yaml").read_bytes())
    (new / "decisions").mkdir()
    for path in sorted((old / "decisions").iterdir()):
        decision = yaml.safe_load(path.read_text(encoding="utf-8"))
        moved = decision | {"release": year.correction, "expires": year.correction}
        text = yaml.safe_dump(moved, sort_keys=False, allow_unicode=True)
        (new / "decisions" / path.name).write_text(text, encoding="utf-8")
    plan_file = new / "plan.yaml"
    plan = yaml.safe_load(plan_file.read_text(encoding="utf-8"))
    plan["embargo"] = {"local": CORRECTION_EMBARGO, "zone": "Europe/Zurich"}
    plan_file.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _drop_stale(year: Year) -> None:
    """Take away the decisions whose finding is gone: nothing changed since the corrected release."""
    gate = json.loads((year.office.work_dir(year.correction) / "gate.json").read_text(encoding="utf-8"))
    for used in gate["decisions"]:
        if used["faults"]:
            name = used["decision"]["file"]
            (year.office.decisions_dir(year.correction) / "decisions" / name).unlink()


def withdraw(year: Year) -> None:
    """The correction is taken back: refused without a reason, then as a dry run, then for good."""
    command = ("release", "withdraw", year.correction)
    reasons = ("--reason", REASON["en"], "--reason-fr", REASON["fr"])
    year.refuse("no reason", *command, "--execute", at=WITHDRAWN_AT)
    year.refuse("withdrawal as a dry run", *command, *reasons, code=0, at=WITHDRAWN_AT)
    year.said["withdrawn"] = year.office.run(*command, *reasons, "--execute", at=WITHDRAWN_AT)
    year.look("withdrawn")
