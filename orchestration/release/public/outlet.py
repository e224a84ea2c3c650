"""The public folder: every file and link that a web server shows, and bringing it up to date.

What belongs here: which address holds what. What does not: what a page, a feed or a calendar says.

Everything follows from the records, so writing it again changes nothing, and a call that was stopped is
finished by the next. Serve the folder with its links followed (`rsync -aL` copies them as folders).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.disk import make_folder, write_atomic
from orchestration.release.checksums import SUMS_NAME, read_sums
from orchestration.release.clock import describe_instant, utc_text
from orchestration.release.context import require_utc
from orchestration.release.files import canonical_json, switch_link
from orchestration.release.paths import ReleasePaths
from orchestration.release.process_lock import hold_lock
from orchestration.release.public.calendar import collect_dates, render_ics, render_json
from orchestration.release.public.feed import render_feed
from orchestration.release.public.notice import (
    describe_release,
    latest_sections,
    release_sections,
    render_page,
    render_text,
)
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.standing import ERRATUM_FILE, Published, Record, read_record

BESIDE = ("publication.json", "signoff.jsonl", "lock.json", ERRATUM_FILE)
"""What lies beside a bundle under its address: `verify` needs it."""


@dataclass(frozen=True)
class Outlet:
    """What the public folder has to hold: bytes by relative path, and where each link leads."""

    files: Mapping[str, bytes]
    links: Mapping[str, Path]
    faults: tuple[str, ...]


def write_public(paths: ReleasePaths) -> tuple[list[str], list[str]]:
    """Bring the public folder up to date: what was written, and which plans could not be read."""
    outlet = build_outlet(paths)
    stale = find_stale(paths, outlet)
    for name in stale:
        path = paths.public_dir / name
        if name in outlet.files:
            write_atomic(path, outlet.files[name])
        else:
            make_folder(path.parent)
            switch_link(path, outlet.links[name])
    return stale, list(outlet.faults)


class AnnounceReport(BaseModel):
    """What was brought up to date below `folder`, the announced dates, and plans that could not be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    written: tuple[str, ...]
    dates: tuple[str, ...]
    faults: tuple[str, ...]

    def lines(self) -> list[str]:
        """The report in plain sentences."""
        what = f"{len(self.written)} files brought up to date" if self.written else "Nothing was out of date"
        return [f"{what}: {self.folder}", *(f"  {date}" for date in self.dates), *self.faults]


def announce_releases(root: Path, *, now: datetime) -> AnnounceReport:
    """The verb `announce`: bring the public folder of a state root up to date, and say what it announces.

    Raises StoreError while somebody publishes or withdraws: what was read before would overwrite their news.
    """
    paths = ReleasePaths(root, release_id="")  # only the places which all releases share are asked for
    with hold_lock(paths.publish_lock_file, "", require_utc(now), "announcing"):
        written, faults = write_public(paths)
        dates, _ = collect_dates(paths, read_record(paths))
    return AnnounceReport(
        folder=str(paths.public_dir),
        written=tuple(written),
        dates=tuple(f"{d.release}: {describe_instant(d.at, d.zone)}, {d.state}" for d in dates),
        faults=tuple(faults),
    )


def find_stale(paths: ReleasePaths, outlet: Outlet) -> list[str]:
    """What of the public folder is missing or out of date, pages before the links that follow them."""
    files = [name for name, content in outlet.files.items() if _read(paths.public_dir / name) != content]
    links = [
        name
        for name, target in outlet.links.items()
        if not (paths.public_dir / name).is_symlink()
        or (paths.public_dir / name).resolve() != target.resolve()
    ]
    return sorted(files) + sorted(links)


def is_current(paths: ReleasePaths) -> bool:
    """Whether the public folder shows what the records say."""
    return not find_stale(paths, build_outlet(paths))


def build_outlet(paths: ReleasePaths) -> Outlet:
    """Everything the public folder has to hold now. Raises StoreError if a record is damaged."""
    record = read_record(paths)
    dates, faults = collect_dates(paths, record)
    files = {
        "latest.json": canonical_json(_latest(record)),
        "latest/index.html": render_page(latest_sections(record)),
        "calendar.json": render_json(dates),
    }
    for language in LANGUAGES:
        files[f"calendar_{language}.ics"] = render_ics(dates, language)
        if record.releases:
            files[f"feed_{language}.xml"] = render_feed(record, language)
    links = {}
    for one in record.releases:
        files |= {f"{one.release}/{name}": body for name, body in _release_files(record, one).items()}
        folder = one.paths.withdrawn_dir if one.withdrawal else one.paths.published_dir
        links[f"{one.release}/bundle"] = folder / "bundle"
    return Outlet(files, links, tuple(faults))


def build_tombstones(record: Record, one: Published) -> dict[str, bytes]:
    """What a withdrawn bundle shows at each of its addresses: a page as a page, anything else as text.

    The checksums are kept. `one` carries its withdrawal.
    """
    bundle = one.paths.published_dir / "bundle"
    files = {SUMS_NAME: (bundle / SUMS_NAME).read_bytes()}
    for name in read_sums(bundle)[0]:
        sections = release_sections(record, one, (), up="../" * (name.count("/") + 1))
        is_page = name.endswith(".html")
        files[name] = render_page(sections) if is_page else render_text(sections)
    return files


def _release_files(record: Record, one: Published) -> dict[str, bytes]:
    folder = one.paths.published_dir
    sections = release_sections(record, one, read_sums(folder / "bundle")[0])
    beside = {name: (folder / name).read_bytes() for name in BESIDE if (folder / name).is_file()}
    page = render_page(sections)
    return {"index.html": page, "release.json": describe_release(record, one), **beside}


def _latest(record: Record) -> dict[str, object]:
    """What programs read to find the latest standing release; all null if there is none."""
    latest = record.latest
    return {
        "release": latest.release if latest else None,
        "path": f"{latest.release}/" if latest else None,
        "candidate_sha256": latest.candidate_sha256 if latest else None,
        "published_at": utc_text(latest.published_at) if latest else None,
    }


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
