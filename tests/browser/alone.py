"""The pages of a release that are no part of its site: gate report, method notes, notices.

What belongs here: making one of every kind, invented. What does not: what is asked of them.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.release.erratum import Erratum
from orchestration.release.gate_page import render as render_gate
from orchestration.release.method_note import render_notes
from orchestration.release.paths import ReleasePaths
from orchestration.release.public.notice import latest_sections, release_sections, render_page
from orchestration.release.standing import Published, Record, Withdrawal
from tests.bundle.red_report import make_red_report
from tests.gates.release_fixture import SCHEMAS, as_arrow, clean

PAGES = (
    *("gate_red.html", "gate_plain.html", "method_en.html", "method_fr.html", "method_ru.html"),
    *("notice_corrected.html", "notice_correction.html", "notice_withdrawn.html", "latest.html", "none.html"),
)
_PUBLISHED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_ERRATUM = Erratum(
    release="2026.1.1",
    corrects="2026.1",
    found=date(2026, 11, 21),
    reason_code="our_error",
    tables=("rpt_progress",),
    indicators=("W07",),
    pages=(),
    text={"en": "A value was wrong.", "fr": "Une valeur était fausse.", "ru": "Значение было неверным."},
)
_WITHDRAWAL = Withdrawal(
    release="2026.2",
    withdrawn_at=_PUBLISHED,
    withdrawn_by="Bo",
    reason={"en": "Its figures were wrong.", "fr": "Ses chiffres étaient faux."},
    candidate_sha256="b" * 64,
    published_at=_PUBLISHED,
)


def write_alone(folder: Path) -> None:
    """Write every page of PAGES into `folder`, and nothing else."""
    for name, page in _pages(folder.parent / "red").items():
        (folder / name).write_bytes(page if isinstance(page, bytes) else page.encode())


def _pages(scratch: Path) -> dict[str, str | bytes]:
    red = make_red_report(scratch)
    record = _record()
    corrected, correction, withdrawn = record.releases
    files = ("site/en/index.html", "site/fr/index.html", "site/ru/index.html", "gate.html")
    tables = {name: as_arrow(rows, SCHEMAS[name]) for name, rows in clean().items()}
    notes = render_notes(tables, "2026.1", illustrative=True)
    return {
        "gate_red.html": render_gate(red),
        "gate_plain.html": render_gate(
            red.model_copy(update={"verdict": "green", "illustrative": False, "decisions": ()})
        ),
        **{f"method_{language}.html": note for language, note in notes.items()},
        "notice_corrected.html": render_page(release_sections(record, corrected, files)),
        "notice_correction.html": render_page(release_sections(record, correction, files)),
        "notice_withdrawn.html": render_page(release_sections(record, withdrawn, files)),
        "latest.html": render_page(latest_sections(record)),
        "none.html": render_page(latest_sections(Record(()))),
    }


def _record() -> Record:
    """A release, its correction, and a release of the same year that was withdrawn."""

    def published(release: str, erratum: Erratum | None, withdrawal: Withdrawal | None) -> Published:
        paths = ReleasePaths(Path("nowhere"), release)
        return Published(paths, _PUBLISHED, "a" * 64, erratum, withdrawal)

    return Record(
        (
            published("2026.1", None, None),
            published("2026.1.1", _ERRATUM, None),
            published("2026.2", None, _WITHDRAWAL),
        )
    )
