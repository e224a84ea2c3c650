"""The PDF of the progress tables: tagged, in its language, with its fonts, the same bytes each time."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pyarrow as pa
import pytest

from connectors.errors import CheckError
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site.build import open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.pdf import pdf_name, write_progress_pdf
from orchestration.release.site.render import site_environment
from orchestration.release.site_check.pdf_rules import read_pdf
from tests.site import world

LANGUAGES = ("en", "fr", "ru")
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_the_file_keeps_what_pdf_ua_asks(built: Path, language: str) -> None:
    path = built / pdf_name(world.facts(), language)
    found = read_pdf(path, language)
    assert found.problems == () and found.unmarked is None
    with pikepdf.open(path) as document, document.open_metadata() as metadata:
        assert MARK_BY_LANGUAGE[language] in str(metadata["dc:title"])
        assert len(document.pages) >= 5  # title, three regions, reasons


def test_a_release_that_is_not_illustrative_has_the_plain_name() -> None:
    assert pdf_name(world.facts(illustrative=False), "fr") == "progress_fr.pdf"
    assert pdf_name(world.facts(), "fr") == "ILLUSTRATIVE_progress_fr.pdf"


@every_language
def test_the_same_tables_give_the_same_bytes(
    built: Path, invented: Mapping[str, pa.Table], tmp_path: Path, language: str
) -> None:
    site = open_site(language, ReleaseTables(invented), world.facts())
    write_progress_pdf(tmp_path / "again.pdf", site, site_environment())
    first = built / pdf_name(world.facts(), language)
    assert (tmp_path / "again.pdf").read_bytes() == first.read_bytes()


def _drop(key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        del document.Root[key]

    return change


def _without_title(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        del metadata["dc:title"]


def _without_scope(document: pikepdf.Pdf) -> None:
    for element in document.objects:
        if (
            isinstance(element, pikepdf.Dictionary)
            and str(element.get("/S", "")) == "/TH"
            and "/A" in element
        ):
            del element["/A"]


def _without_font(document: pikepdf.Pdf) -> None:
    for element in document.objects:
        if isinstance(element, pikepdf.Dictionary):
            for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                if key in element:
                    del element[key]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (_drop("/Lang"), "does not say that its language is ru."),
        (_drop("/MarkInfo"), "is not tagged."),
        (_drop("/ViewerPreferences"), "does not show its title in the window."),
        (_drop("/StructTreeRoot"), "has no table among its tags."),
        (_drop("/Metadata"), "does not claim PDF/UA-1."),
        (_without_title, "has no title."),
        (_without_scope, "heads of tables without scope."),
        (_without_font, "does not hold the letters of"),
    ],
)
def test_the_check_finds_each_defect(
    built: Path, tmp_path: Path, change: Callable[[pikepdf.Pdf], None], finding: str
) -> None:
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(built / pdf_name(world.facts(), "ru")) as document:
        change(document)
        document.save(broken)
    assert any(finding in problem for problem in read_pdf(broken, "ru").problems)


def _circle(document: pikepdf.Pdf) -> None:
    tree = document.Root.StructTreeRoot
    child = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Div, P=tree))
    child.K = child
    tree.K = child


def _copies(document: pikepdf.Pdf) -> None:
    """Each of fifty levels holds the next one twice: more elements than any machine can visit."""
    below = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Div))
    for _ in range(50):
        below = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Div, K=[below, below]))
    document.Root.StructTreeRoot.K = below


def _deep(document: pikepdf.Pdf) -> None:
    below = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.TD))
    for _ in range(5000):
        below = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Div, K=below))
    document.Root.StructTreeRoot.K = below


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (_circle, "cannot be read as PDF: one of its tags stands in two places."),
        (_copies, "cannot be read as PDF: one of its tags stands in two places."),
        (_deep, "cannot be read as PDF: its tags are nested more than 100 deep."),
    ],
)
def test_tags_that_are_no_tree_are_a_finding(
    built: Path, tmp_path: Path, change: Callable[[pikepdf.Pdf], None], finding: str
) -> None:
    with pikepdf.open(built / pdf_name(world.facts(), "en")) as document:
        change(document)
        document.save(tmp_path / "broken.pdf")
    assert read_pdf(tmp_path / "broken.pdf", "en").problems == (finding,)


def test_a_file_that_is_no_pdf_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no")
    assert "cannot be read" in read_pdf(tmp_path / "x.pdf", "en").problems[0]


def test_a_machine_without_pango_is_told_what_to_install(
    invented: Mapping[str, pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        """The renderer looks for its library when it is imported."""

        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.startswith("weasyprint"):
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    site = open_site("en", ReleaseTables(invented), world.facts())
    with pytest.raises(CheckError, match=r"needs the text library Pango.*Install it .*libpango-1\.0-0"):
        write_progress_pdf(tmp_path / "x.pdf", site, site_environment())
    assert not (tmp_path / "x.pdf").exists()
