"""Words of a release in its three languages, by key: of workbooks, tables, columns, catalogue, changes.

What belongs here: reading texts/*.yaml, refusing what is missing in a language. What does not: the words
(YAML), the words of the method note (method_note.py) and of the site (site/texts.py).
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from connectors.errors import CheckError
from orchestration.release.schema import TableSchema

ENGLISH = "en"
LANGUAGES = (ENGLISH, "fr", "ru")
_BREAKS = re.compile(r"[ \n]+")
"""What YAML may leave between words. The no-break spaces of French and Russian stay."""


def say(file: str, key: str, language: str, **values: object) -> str:
    """The text `key` of texts/<file>.yaml, its {parameters} filled. Raises CheckError if there is none."""
    return _text(_load(file), f"{file}.{key}", key, language).format(**values)


def table_title(schema: TableSchema, language: str) -> str:
    """Title of a table. Raises CheckError if it has none in `language`."""
    return schema.title if language == ENGLISH else _of_table(schema.name, "title", language)


def table_description(schema: TableSchema, language: str) -> str:
    """Description of a table. Raises CheckError if it has none in `language`."""
    return schema.description if language == ENGLISH else _of_table(schema.name, "description", language)


def translated(text: str, language: str) -> str:
    """What a column or a code means. `text` is the English sentence, the key of texts/descriptions.yaml.

    Raises CheckError, which names the sentence, if it is not translated: it is new, or it was changed.
    """
    if language == ENGLISH:
        return text
    return _text(_load("descriptions"), f'descriptions: "{text}"', text, language)


def _of_table(table: str, what: str, language: str) -> str:
    return _text(_load("tables").get(table, {}), f"tables.{table}.{what}", what, language)


def _text(entries: Mapping[str, Any], name: str, key: str, language: str) -> str:
    text = entries.get(key, {}).get(language)
    if not text:
        raise CheckError(f"The text {name} is missing in {language}. Add it to texts/.")
    return _BREAKS.sub(" ", text).strip()


@cache
def _load(file: str) -> dict[str, Any]:
    path = resources.files("orchestration.release") / "texts" / f"{file}.yaml"
    entries: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries
