"""The mark of illustrative data is on every file, or on none.

What belongs here: where each format has to carry the mark (release.md, section 12).
What does not: its words (marks.py), refusing to publish (publish_checks.py).
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.marks import ILLUSTRATIVE_MARK, MARK_BY_LANGUAGE
from orchestration.release.names import BundleNames
from orchestration.release.schema import ILLUSTRATIVE_PREFIX
from orchestration.release.site_check.marks import STYLE, has_mark, missing_in_style, missing_in_svg
from orchestration.release.tables import read_csv, read_csv_header

CHECK = "illustrative mark"


def is_illustrative(folder: Path) -> bool:
    """True if anything in the bundle says that its data are illustrative: one trace is enough."""
    if any(path.name.startswith(ILLUSTRATIVE_PREFIX) for path in folder.rglob("*")):
        return True
    if any(_marked_parquet(path) for path in sorted(folder.rglob("*.parquet"))):
        return True
    if any(has_mark(path) for path in sorted((folder / names.SITE).rglob("*.html"))):
        return True
    records = (
        *(names.LOCK, names.GATE, names.PROVENANCE, names.DATAPACKAGE, names.BUNDLE_CHECK),
        names.CATALOGUE,
    )
    if any(_read_json(folder / name).get("illustrative") for name in records):
        return True
    texts = (names.GATE_PAGE, names.LICENCES, names.CITATION, names.CHANGES, names.CSVW)
    return any(
        mark in (folder / name).read_text(encoding="utf-8")
        for name in (*texts, *names.METHOD_NOTES.values())
        if (folder / name).is_file()
        for mark in MARK_BY_LANGUAGE.values()
    )


def check_marks(content: Content) -> Iterator[Finding]:
    """Every file of an illustrative bundle that lacks its mark. A real bundle has no trace of it at all."""
    if not content.illustrative:
        return
    for file, check in _places(content):
        path = content.folder / file
        if not path.is_file():
            yield Finding(CHECK, file, "is missing under the name that says the data are illustrative.")
            continue
        missing = check(path)
        if missing:
            yield Finding(CHECK, file, f"lacks the illustrative mark: {missing}.")


def _places(content: Content) -> Iterator[tuple[str, Callable[[Path], str | None]]]:
    files = BundleNames(illustrative=True)
    for name in sorted(content.tables):
        yield files.csv(name), _missing_in_csv
        yield files.parquet(name), _missing_in_parquet
    for path in sorted((content.folder / names.COMPARED).glob("*.parquet")):
        yield f"{names.COMPARED}/{path.name}", _missing_in_parquet
    yield files.revisions, _missing_in_csv
    yield files.codebook, _missing_in_csv
    for file in files.sdmx_files(content.tables):
        yield (
            file,
            _missing_in_text if file.endswith(".xml") else partial(_missing_in_csv, column="ILLUSTRATIVE"),
        )
    for file in files.json_stat_files(content.tables):
        yield file, _missing_in_json_stat
    yield names.CSVW, partial(_missing_in_record, field="rdfs:comment")
    yield files.duckdb, _missing_in_duckdb
    for language, file in files.workbooks.items():
        yield file, partial(_missing_in_workbook, content, language)
    yield names.GATE_PAGE, _missing_in_page
    for name in (names.LICENCES, names.CITATION):
        yield name, _missing_in_text
    yield names.CHANGES, _missing_in_changes
    for language, page in names.METHOD_NOTES.items():
        if (content.folder / page).is_file():
            yield page, partial(_missing_words, MARK_BY_LANGUAGE[language])
    for name in (names.DATAPACKAGE, names.PROVENANCE, names.CATALOGUE):
        yield name, _missing_in_record
    for name in (names.LOCK, names.GATE):
        yield name, _missing_flag
    yield from _places_of_site(content)


def _places_of_site(content: Content) -> Iterator[tuple[str, Callable[[Path], str | None]]]:
    """Pages, what prints the mark behind them, and the files that a reader takes away from them."""
    site = content.site
    for path, page in site.pages.items():
        yield f"{names.SITE}/{path}", partial(_said, page.unmarked)
    for path, document in site.pdfs.items():
        yield _prefixed(path), partial(_said, document.unmarked)
    for path in sorted(site.files - set(site.pages) - set(site.pdfs)):
        mark = MARK_BY_LANGUAGE.get(path.partition("/")[0])
        if path == STYLE:
            yield f"{names.SITE}/{path}", missing_in_style
        elif mark is not None and path.endswith(".svg"):
            yield _prefixed(path), partial(missing_in_svg, mark)
        elif mark is not None:
            # A PNG shows the drawing beside it, from which it was made, and says so in its name.
            yield _prefixed(path), _missing_in_csv if path.endswith(".csv") else partial(_said, None)


def _prefixed(path: str) -> str:
    """The file of the site as it has to be called."""
    folder, _, name = f"{names.SITE}/{path}".rpartition("/")
    return f"{folder}/{ILLUSTRATIVE_PREFIX}{name.removeprefix(ILLUSTRATIVE_PREFIX)}"


def _said(missing: str | None, _: Path) -> str | None:
    """What reading the site found missing."""
    return missing


def _marked_parquet(path: Path) -> bool:
    schema = pq.read_schema(path)
    if b"illustrative" in (schema.metadata or {}):
        return True
    return "illustrative" in schema.names and bool(
        pc.any(pq.read_table(path, columns=["illustrative"]).column(0)).as_py()
    )


def _missing_in_csv(path: Path, column: str = "illustrative") -> str | None:
    raw = path.read_bytes()
    if column not in read_csv_header(raw):
        return f"column {column}"
    marks = read_csv(raw, {column: pa.string()}).column(0)
    is_whole = pc.all(pc.equal(marks, "true"), min_count=0).as_py()
    return None if is_whole else f"a row of column {column}"


def _missing_in_parquet(path: Path) -> str | None:
    schema = pq.read_schema(path)
    if (schema.metadata or {}).get(b"illustrative") != ILLUSTRATIVE_MARK.encode():
        return "key-value metadata"
    if "illustrative" not in schema.names:
        return "column illustrative"
    values = pq.read_table(path, columns=["illustrative"]).column(0)
    return (
        None
        if not len(values) or pc.all(values, skip_nulls=False).as_py()
        else "a row of column illustrative"
    )


def _missing_in_duckdb(path: Path) -> str | None:
    # A download may come from anyone: what it holds may reach no other file.
    with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as db:
        unmarked = db.execute(
            "select table_name from duckdb_tables() where comment is null or not starts_with(comment, ?) "
            "union all select view_name from duckdb_views() where not internal "
            "and (comment is null or not starts_with(comment, ?)) order by 1",
            [ILLUSTRATIVE_MARK, ILLUSTRATIVE_MARK],
        ).fetchall()
    return f"comment of {unmarked[0][0]}" if unmarked else None


def _missing_in_workbook(content: Content, language: str, _: Path) -> str | None:
    workbook = content.workbooks[language]
    if ILLUSTRATIVE_MARK not in (workbook.shell.properties.title or ""):
        return "workbook title"
    for name, cells in workbook.sheets.items():
        if ILLUSTRATIVE_MARK not in str(cells.title):
            return f"title of sheet {name}"
    return None


def _missing_in_page(path: Path) -> str | None:
    page = path.read_text(encoding="utf-8")
    for language, words in MARK_BY_LANGUAGE.items():
        if f'<p lang="{language}">{words}</p>' not in page:
            return f"banner in {language}"
    return None


def _missing_words(words: str, path: Path) -> str | None:
    return None if f"<p>{words}</p>" in path.read_text(encoding="utf-8") else "banner"


def _missing_in_text(path: Path) -> str | None:
    return None if ILLUSTRATIVE_MARK in path.read_text(encoding="utf-8") else "line at its head"


def _missing_in_record(path: Path, field: str = "illustrative") -> str | None:
    return None if _read_json(path).get(field) == ILLUSTRATIVE_MARK else f"field {field}"


def _missing_in_json_stat(path: Path) -> str | None:
    collection = _read_json(path)
    if collection.get("extension", {}).get("illustrative") != ILLUSTRATIVE_MARK:
        return "field illustrative"
    return None if ILLUSTRATIVE_MARK in str(collection.get("label")) else "label"


def _missing_in_changes(path: Path) -> str | None:
    text = path.read_text(encoding="utf-8")
    return next((f"line in {one}" for one, words in MARK_BY_LANGUAGE.items() if words not in text), None)


def _missing_flag(path: Path) -> str | None:
    return None if _read_json(path).get("illustrative") is True else "field illustrative"


def _read_json(path: Path) -> dict[str, Any]:
    """A JSON object, or an empty one if the file is missing or unreadable: other checks report that."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
