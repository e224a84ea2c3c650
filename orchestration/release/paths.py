"""Where the parts of a release lie under one state root.

What belongs here: names of folders and files. What does not: reading or writing them.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReleasePaths:
    """The places of one release. `root` is CIRCULARITY_HOME/real or CIRCULARITY_HOME/sample."""

    root: Path
    release_id: str

    @property
    def decisions_dir(self) -> Path:
        """The office's own small YAML files for this release."""
        return self.root / "decisions" / self.release_id

    @property
    def plan_file(self) -> Path:
        """The plan, written by `plan` or by hand."""
        return self.decisions_dir / "plan.yaml"

    @property
    def releases_dir(self) -> Path:
        """All releases of this root."""
        return self.root / "releases"

    @property
    def work_dir(self) -> Path:
        """Everything about this release which is not published."""
        return self.releases_dir / self.release_id

    @property
    def lock_file(self) -> Path:
        """The lock."""
        return self.work_dir / "lock.json"

    @property
    def state_file(self) -> Path:
        """State and history."""
        return self.work_dir / "state.json"

    @property
    def staging_dir(self) -> Path:
        """data/ and compared/ as built from the lock, and their completion mark."""
        return self.work_dir / "staging"

    @property
    def gate_file(self) -> Path:
        """The gate report on staging."""
        return self.work_dir / "gate.json"

    @property
    def gate_page(self) -> Path:
        """The gate report as a page."""
        return self.work_dir / "gate.html"

    @property
    def bundle_dir(self) -> Path:
        """The candidate bundle."""
        return self.work_dir / "candidate"

    @property
    def signoff_file(self) -> Path:
        """The chain of sign-offs; append-only."""
        return self.work_dir / "signoff.jsonl"

    @property
    def consultation_dir(self) -> Path:
        """The review sheets, one a member State, and consultation.json with their hashes and candidate."""
        return self.work_dir / "consultation"

    @property
    def comments_file(self) -> Path:
        """What the member States said and what the office answered, written by hand."""
        return self.decisions_dir / "consultation" / "comments.yaml"

    @property
    def erratum_file(self) -> Path:
        """What a correction corrects, written by hand in three languages."""
        return self.decisions_dir / "erratum.yaml"

    @property
    def access_file(self) -> Path:
        """Who was given the signed candidate before the embargo; append-only and never published."""
        return self.work_dir / "access.jsonl"

    @property
    def all_published_dir(self) -> Path:
        """The folder of all published releases."""
        return self.releases_dir / "published"

    @property
    def published_dir(self) -> Path:
        """This release, published: bundle/, signoff.jsonl, publication.json, lock.json. Read-only."""
        return self.all_published_dir / self.release_id

    @property
    def withdrawn_dir(self) -> Path:
        """The tombstone of this release: withdrawal.json, and a notice at every address. Read-only."""
        return self.releases_dir / "withdrawn" / self.release_id

    @property
    def withdrawal_file(self) -> Path:
        """When, by whom and why this release was withdrawn."""
        return self.withdrawn_dir / "withdrawal.json"

    @property
    def public_dir(self) -> Path:
        """What a web server shows, made from records: releases by address, latest, feeds, calendar."""
        return self.releases_dir / "public"

    @property
    def latest_file(self) -> Path:
        """The small file that names the latest standing release."""
        return self.public_dir / "latest.json"

    @property
    def publish_lock_file(self) -> Path:
        """Held by the one process that publishes."""
        return self.releases_dir / "publish.lock"

    @property
    def verb_lock_file(self) -> Path:
        """Held by the one process that changes this release."""
        return self.releases_dir / f".{self.release_id}.lock"

    @property
    def journal_file(self) -> Path:
        """One line a step of every publication, in order of doing."""
        return self.releases_dir / "journal.jsonl"

    @property
    def warehouse_dir(self) -> Path:
        """dbt's inputs, database and exports."""
        return self.root / "warehouse"

    @property
    def warehouse_lock_file(self) -> Path:
        """Held by the one process that prepares, fills or reads the warehouse."""
        return self.root / "warehouse.lock"

    @property
    def current_dir(self) -> Path:
        """The tables statisticians query between releases."""
        return self.root / "current"

    def of(self, release_id: str) -> "ReleasePaths":
        """The places of another release under the same root."""
        return ReleasePaths(self.root, release_id)
