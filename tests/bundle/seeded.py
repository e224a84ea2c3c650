"""One defect for each check of a finished bundle, and the table of them for a note.

What belongs here: the defects by the name of the check. What does not: the other defects that a check finds
(the tests of each check). `python -m tests.bundle.seeded` prints the table.
"""

import re
from pathlib import Path

import openpyxl

from orchestration.release.lock_model import read_lock
from orchestration.release.site.texts import load_texts
from tests.bundle.edits import Edit, change_json, remove, replace_text

OBSERVATIONS = "data/ILLUSTRATIVE_rpt_observation.csv"
FLOW = "sdmx/ILLUSTRATIVE_observations.csv"
WORKBOOK = "ILLUSTRATIVE_tables_en.xlsx"
PROGRESS = "site/en/progress/unece.html"
ENGLISH = load_texts()["home.lead"]["en"]


def _other_number(folder: Path) -> None:
    """The first decimal number of a CSV ends with another digit."""
    text = (folder / OBSERVATIONS).read_text(encoding="utf-8")
    changed = re.sub(
        r",(\d+\.\d*)(\d),", lambda found: f",{found[1]}{(int(found[2]) + 1) % 10},", text, count=1
    )
    assert changed != text
    (folder / OBSERVATIONS).write_text(changed, encoding="utf-8")


def _line_twice(folder: Path) -> None:
    lines = (folder / FLOW).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / FLOW).write_text("".join([*lines, lines[-1]]), encoding="utf-8")


def _frozen_pane(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / WORKBOOK)
    book.worksheets[-1].freeze_panes = "B4"
    book.save(folder / WORKBOOK)


def _forbidden(folder: Path) -> None:
    lock = read_lock(folder / "lock.json")
    datasets = tuple(one.model_copy(update={"rows_may_appear": False}) for one in lock.datasets)
    (folder / "lock.json").write_bytes(lock.model_copy(update={"datasets": datasets}).to_bytes())


OF_FILES: dict[str, tuple[str, Edit]] = {
    "records": ("a record file is gone", remove("LICENSES.md")),
    "comparison": (
        "a reason stands in revisions.csv only",
        replace_text("ILLUSTRATIVE_revisions.csv", "source_revision", "our_error"),
    ),
    "changes": (
        "a count differs from revisions.csv",
        replace_text("CHANGES.md", "| A02 | 0 | 0 | 1 |", "| A02 | 0 | 0 | 2 |"),
    ),
    "withheld rows": ("a source forbids its rows, and they are there", _forbidden),
    "data package": (
        "a size is wrong",
        change_json("datapackage.json", lambda package: package["resources"][0].update(bytes=1)),
    ),
    "codebook": (
        "a table is described that is not there",
        replace_text("ILLUSTRATIVE_codebook.csv", "rpt_area,", "rpt_areas,"),
    ),
    "equal numbers": ("one digit of one CSV", _other_number),
    "SDMX": ("one observation twice", _line_twice),
    "CSVW": (
        "a table described twice",
        change_json("data/csv-metadata.json", lambda group: group["tables"].append(group["tables"][0])),
    ),
    "JSON-stat": (
        "another version",
        change_json("jsonstat/ILLUSTRATIVE_observations.json", lambda one: one.update(version="1.0")),
    ),
    "DCAT-AP": (
        "the catalogue has no title",
        change_json("catalog.jsonld", lambda one: one.pop("dct:title")),
    ),
    "citation": (
        "a type that CFF does not have",
        replace_text("CITATION.cff", "type: dataset", "type: table"),
    ),
    "workbook rules": ("a frozen pane", _frozen_pane),
    "illustrative mark": (
        "provenance.json lacks it",
        change_json("provenance.json", lambda one: one.pop("illustrative")),
    ),
}
"""Of a bundle without a site: what is wrong, and how it comes about."""
OF_SITE: dict[str, tuple[str, Edit]] = {
    "site pages": ("a page is missing in one language", remove("site/fr/calendar.html")),
    "site links": (
        "a link to a place that is not there",
        replace_text("site/fr/index.html", 'href="#content"', 'href="#gone"'),
    ),
    "site numbers": (
        "one value of the progress table",
        replace_text(PROGRESS, '<data value="', '<data value="9'),
    ),
    "site words": (
        "an English sentence on a French page",
        replace_text("site/fr/index.html", "</main>", f"<p>{ENGLISH}</p></main>"),
    ),
    "PDF": (
        "a file that is no PDF",
        lambda folder: (folder / "site/ILLUSTRATIVE_progress_ru.pdf").write_bytes(b"x"),
    ),
}
"""Of a bundle with a site."""

if __name__ == "__main__":
    for name, (what, _) in {**OF_FILES, **OF_SITE}.items():
        print(f"| {name} | {what} |")
