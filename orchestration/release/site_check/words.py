"""No page in French or Russian falls silently into English (G16).

What belongs here: comparing the texts of a page with the English ones of the site and of the tables. What
does not: whether a translation exists (site/texts.py refuses a gap), whether it is good (a native speaker).

A text in another language is marked with `lang` where it stands, and codes and lines to copy are `<code>`:
reading leaves both out. English is known by three of its words in a row, and a shorter text by being equal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.site.texts import load_texts
from orchestration.release.wording import ENGLISH, LANGUAGES

CHECK = "site words"
# Letters beside a digit, as in a checksum, are no word.
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:[’'-][^\W\d_]+)*(?!\w)")
_RUN = 3
_PLACE = re.compile(r"\{\w+\}")


def check_words(content: Content) -> Iterator[Finding]:
    """One finding for each text of a page that is English though the page is not."""
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        runs, whole = _english_only(content.tables, language)
        judged: dict[str, bool] = {}
        for page in content.site.by_language[language].values():
            for text in sorted(page.texts):
                if text not in judged:
                    judged[text] = text in whole or any(run in runs for run in _runs(text))
                if judged[text]:
                    yield Finding(CHECK, f"{names.SITE}/{page.path}", f"says in English: {text}")


def _english_only(tables: Mapping[str, pa.Table], language: str) -> tuple[set[tuple[str, ...]], set[str]]:
    """The runs of words, and the whole short texts, that occur in English and never in `language`."""
    english, own = ({*_site_texts(one), *_names(tables, one)} for one in (ENGLISH, language))
    runs = {run for text in english for run in _runs(text)} - {run for text in own for run in _runs(text)}
    return runs, {text for text in english - own if len(_WORD.findall(text)) and not text.isupper()}


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    found = [word.casefold() for word in _WORD.findall(text)]
    return zip(*(found[start:] for start in range(_RUN)), strict=False)


@cache
def _site_texts(language: str) -> frozenset[str]:
    """Every literal piece of the site's texts between the places that a page fills."""
    entries = (entry[language] for entry in load_texts().values())
    forms = (form for entry in entries for form in ([entry] if isinstance(entry, str) else entry.values()))
    return frozenset(_ordered(piece for form in forms for piece in _PLACE.split(form)))


def _names(tables: Mapping[str, pa.Table], language: str) -> frozenset[str]:
    """Every name and note that the tables hold in this language."""
    columns = (
        table[column]
        for table in tables.values()
        for column in table.column_names
        if column.endswith(f"_{language}") and pa.types.is_string(table[column].type)
    )
    return frozenset(_ordered(text for one in columns for text in pc.unique(one).drop_null().to_pylist()))


def _ordered(texts: Iterable[str]) -> Iterator[str]:
    return (words for text in texts if (words := " ".join(text.split())))
