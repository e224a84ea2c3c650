"""The verb `verify`: judge a bundle that lies anywhere, offline, without our store.

What belongs here: what a download can prove about itself, and saying plainly what it cannot.
What does not: publishing conditions such as the embargo (publish_checks.py).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import CircularityError, UsageError, quote
from connectors.origins import is_official, origin_of
from expectations.builder import suite_sha256
from expectations.report import GateReport
from orchestration.release.bundle_check import check_bundle
from orchestration.release.check import judge
from orchestration.release.checksums import SUMS_NAME, candidate_hash, data_hash, verify_sums
from orchestration.release.lock_model import Lock, LockedDataset, read_lock
from orchestration.release.signoff_chain import SignOff, judge_signoffs, read_chain
from orchestration.release.ssh import fingerprint, is_allowed


class VerifyReport(BaseModel):
    """`problems`: the bundle is not what it claims to be; `notes`: what was and was not proved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str | None
    candidate_sha256: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1 if there is any problem."""
        return 1 if self.problems else 0

    def lines(self) -> list[str]:
        """The report in plain sentences."""
        verdict = "is NOT as it was made" if self.problems else "is intact"
        name = self.release or "of unknown release"
        head = f"Bundle {name}, candidate hash {self.candidate_sha256}, {verdict}."
        return [head, *self.problems, *self.notes]


def verify_bundle(path: Path, *, allowed_signers: Path | None = None) -> VerifyReport:
    """Verify the bundle in `path`, or in `path`/bundle; signoff.jsonl and publication.json may lie beside it.

    `allowed_signers` is an OpenSSH allowed-signers file got from the office by another way; without it, the
    keys are those inside the bundle, and the report shows their fingerprints for comparison. Needs no network
    and no store. Raises UsageError if there is no bundle.
    """
    bundle = path / "bundle" if (path / "bundle" / SUMS_NAME).is_file() else path
    if not (bundle / SUMS_NAME).is_file():
        raise UsageError(f"{path} holds no bundle: there is no {SUMS_NAME} in it.")
    candidate = candidate_hash(bundle)
    problems = verify_sums(bundle)
    if problems:
        note = "Because files differ, their content was not examined."
        return VerifyReport(release=None, candidate_sha256=candidate, problems=tuple(problems), notes=(note,))
    try:
        lock = read_lock(bundle / "lock.json")
        gate = GateReport.from_json((bundle / "gate.json").read_text(encoding="utf-8"))
    except (CircularityError, ValidationError, OSError, UnicodeDecodeError) as error:
        reason = f"lock.json or gate.json cannot be read: {str(error).splitlines()[0]}"
        return VerifyReport(release=None, candidate_sha256=candidate, problems=(reason,), notes=())
    problems, notes = _verify_records(bundle, lock, gate)
    for more_problems, more_notes in (
        _verify_content(bundle, lock, gate),
        _verify_origin(bundle.parent, lock, candidate, allowed_signers),
    ):
        problems += more_problems
        notes += more_notes
    return VerifyReport(
        release=lock.release, candidate_sha256=candidate, problems=tuple(problems), notes=tuple(notes)
    )


Found = tuple[list[str], list[str]]


def _verify_records(bundle: Path, lock: Lock, gate: GateReport) -> Found:
    problems, notes = [], []
    if data_hash(bundle / "data") != gate.data_hash:
        problems.append("The data are not those the gate judged: the data hash in gate.json is another.")
    if gate.release != lock.release:
        problems.append(f"gate.json is of release {gate.release} and lock.json of {lock.release}.")
    if gate.verdict != "green":
        problems.append("The gate of this bundle is red.")
    if gate.illustrative != lock.illustrative:
        problems.append("lock.json and gate.json do not agree on whether the data are illustrative.")
    if lock.illustrative:
        notes.append("ILLUSTRATIVE DATA: the figures are invented and never for publication.")
    copies = sorted({origin for dataset in lock.datasets for origin in _copies(dataset)})
    if copies:
        notes.append(f"Not from the producers' own addresses, but from copies: {', '.join(copies)}.")
    if lock.code.dirty:
        notes.append("It was built from an uncommitted tree: nobody can rebuild it exactly.")
    return problems, notes


def _copies(dataset: LockedDataset) -> Iterator[str]:
    """Where parts of a data set came from, if not from its provider's own address."""
    for part in dataset.parts.values():
        if part.url is not None and not is_official(part.url, dataset.provider):
            try:
                origin = "{}://{}:{}".format(*origin_of(part.url))
            except ValueError:
                origin = part.url
            yield f"{dataset.provider} from {quote(origin)}"


def _verify_content(bundle: Path, lock: Lock, gate: GateReport) -> Found:
    """Formats and marks by the validators; the rules, if they are the ones that judged."""
    problems = [str(finding) for finding in check_bundle(bundle)]
    if problems:
        return problems, ["Because the files have faults, the gate was not repeated."]
    if gate.suite_sha256 != suite_sha256():
        return problems, ["Other rules are installed here than judged it; the gate was not repeated."]
    again = judge(bundle, lock, [used.decision for used in gate.decisions])
    if again != gate:
        problems.append("The gate, run again on these data, gives other results than gate.json.")
    return problems, ["The gate was run again and gives the same results."] if again == gate else []


def _verify_origin(folder: Path, lock: Lock, candidate: str, allowed_signers: Path | None) -> Found:
    problems, notes = [], []
    publication = folder / "publication.json"
    if (
        publication.is_file()
        and f'"candidate_sha256": "{candidate}"'.encode() not in publication.read_bytes()
    ):
        problems.append("publication.json beside the bundle does not name this candidate hash.")
    if not (folder / "signoff.jsonl").is_file():
        if allowed_signers is not None:
            problems.append(
                f"No signoff.jsonl lies beside the bundle: nobody of {allowed_signers.name} signed."
            )
        return problems, ["No signoff.jsonl lies beside the bundle: who made it is not proved."]
    chain = read_chain(folder / "signoff.jsonl", lock.release)
    faults = [refusal.sentence for refusal in judge_signoffs(chain, lock.plan, candidate, ())]
    problems += faults
    if not faults:
        signers = [f"{line.name} ({line.role})" for line in chain.standing(candidate)]
        notes.append(f"Signed by {' and '.join(signers)}.")
    if allowed_signers is None:
        keys = ", ".join(f"{s.name} {fingerprint(s.public_key)}" for s in lock.plan.signatories)
        notes.append(
            f"The keys are those inside the bundle. Compare them with what the office announced: {keys}."
        )
    else:
        strangers = _find_strangers(chain.standing(candidate), allowed_signers)
        problems += [f"The key of {name} is not in {allowed_signers.name}." for name in strangers]
    return problems, notes


def _find_strangers(signed: Sequence[SignOff], allowed_signers: Path) -> list[str]:
    """Who signed with a key that the office's file does not give to that very person."""
    try:
        allowed_signers.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{allowed_signers} cannot be read as an allowed-signers file.") from error
    return [
        line.name
        for line in signed
        if not is_allowed(line.payload(), line.signature, line.principal, allowed_signers)
    ]
