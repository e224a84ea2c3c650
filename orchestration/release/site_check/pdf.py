"""The progress tables as PDF: sound, and with the very figures of the pages.

What belongs here: comparing each row of the document with the same row of the progress page. What does not:
reading the document (pdf_rules.py, pdf_text.py), comparing the page with the tables (numbers.py).
"""

from collections.abc import Iterator, Sequence

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.site.model import has_site
from orchestration.release.site_check.expected import progress_page, regions
from orchestration.release.site_check.pages import pdf_name
from orchestration.release.site_check.reading import ProgressRow
from orchestration.release.wording import LANGUAGES

CHECK = "PDF"


def check_pdf(content: Content) -> Iterator[Finding]:
    """One finding for each fault of a document, and for the first row that is not the page's."""
    if not has_site(content.tables):
        return
    for language in LANGUAGES:
        name = pdf_name(content, language)
        document = content.site.pdfs.get(name)
        if document is None:
            continue  # that it is missing is for the check of the pages to say
        for problem in document.problems:
            yield Finding(CHECK, f"{names.SITE}/{name}", problem)
        if not document.problems:
            for problem in _compared(_page_rows(content, language), document.text.rows):
                yield Finding(CHECK, f"{names.SITE}/{name}", problem)


def _compared(wanted: Sequence[ProgressRow], found: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if len(wanted) != len(found):
        yield f"has {len(found)} rows of figures instead of {len(wanted)}."
        return
    for row, cells in zip(wanted, found, strict=True):
        if len(row.cells) != len(cells):
            yield f"has {len(cells)} cells instead of {len(row.cells)} in the row of {row.key}."
            return
        for text, said in zip(row.cells, cells, strict=True):
            if said != text:
                yield f"prints {said!r} where the page prints {text!r} ({row.key})."
                return


def _page_rows(content: Content, language: str) -> list[ProgressRow]:
    """The rows of every progress page in their order, but for those with neither value nor verdict."""
    table = content.tables["rpt_regional_progress"]
    shown = {
        f"{row['region']},{row['indicator']},{row['breakdown']}"
        for row in table.select(["region", "indicator", "breakdown", "latest_value", "colour"]).to_pylist()
        if row["latest_value"] is not None or row["colour"] != "grey"
    }
    pages = [content.site.pages.get(f"{language}/{progress_page(one)}") for one in regions(content.tables)]
    return [row for page in pages if page is not None for row in page.rows if row.key in shown]
