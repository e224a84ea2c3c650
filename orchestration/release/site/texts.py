"""The words of the site: every string keyed, in three languages, with the plural forms of each.

What belongs here: reading texts/site/*.yaml, refusing what is incomplete, choosing form and language.
What does not: the words (the YAML files), numbers and dates (numbers.py).

A key is the file's name and the path inside it: `home.lead` stands in home.yaml. A text that depends on a
count is a mapping of the plural categories of its language (CLDR, through Babel), chosen by parameter `n`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from babel import Locale
from markupsafe import Markup, escape

from connectors.errors import CheckError
from orchestration.release.site.facts import LANGUAGES

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COUNTED = range(1000)
"""Counts for which a language must have its plural form: every category a table of ours can ask for."""

Entry = Mapping[str, str | Mapping[str, str]]


class Texts:
    """The words of one language. Calling it with a key gives the text, safe for HTML.

    Parameters that are not markup are escaped. Raises CheckError for an unknown key or a missing parameter.
    """

    def __init__(self, language: str, entries: Mapping[str, Entry]) -> None:
        """`entries` as load_texts gives them, already checked."""
        self.language = language
        self._entries = entries
        self._plural = Locale.parse(language).plural_form
        self._fixed: dict[str, Markup] = {}

    def __call__(self, key: str, n: int | None = None, **values: object) -> Markup:
        """The text of `key`; `n` chooses the plural form and fills `{n}` unless `values` print it."""
        is_fixed = n is None and not values
        if is_fixed and key in self._fixed:
            return self._fixed[key]
        text = self._chosen(key, n)
        filled = {"n": n, **values} if n is not None else values
        missing = sorted(set(_PLACEHOLDER.findall(text)) - set(filled))
        if missing:
            raise CheckError(
                f"The site's text {key} needs {', '.join(missing)}, which its page does not give."
            )
        words = escape(text).format(**filled)
        if is_fixed:
            self._fixed[key] = words
        return words

    def plain(self, key: str) -> str:
        """The text of `key` without markup, for attributes and sorting."""
        return self._chosen(key, None)

    def source(self, key: str) -> str:
        """The English text of `key`, to be compared with what it translates."""
        return str(self._entry(key)["en"])

    def forms(self, key: str) -> dict[str, str]:
        """Every plural form of `key`, by category: a script counts while the reader filters."""
        entry = self._entry(key)[self.language]
        if isinstance(entry, str):
            raise CheckError(f"The site's text {key} has no plural forms in {self.language}.")
        return dict(entry)

    def _entry(self, key: str) -> Entry:
        if key not in self._entries:
            raise CheckError(
                f"The site has no text {key}, wanted in {self.language}. Add it in three languages."
            )
        return self._entries[key]

    def _chosen(self, key: str, n: int | None) -> str:
        entry = self._entry(key)[self.language]
        if isinstance(entry, str):
            return entry
        if n is None:
            raise CheckError(f"The site's text {key} has plural forms and needs a count n.")
        return entry[self._plural(n)]


@cache
def load_texts() -> Mapping[str, Entry]:
    """Every text of texts/site/, by key, complete in all languages. Raises CheckError naming key and gap."""
    folder = resources.files("orchestration.release") / "texts" / "site"
    entries: dict[str, Entry] = {}
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name.endswith(".yaml"):
            entries |= read_texts(path.name.removesuffix(".yaml"), path.read_text(encoding="utf-8"))
    return entries


def read_texts(stem: str, source: str) -> dict[str, Entry]:
    """The texts of one YAML file called `stem`, checked."""
    # The loader written in C: the same values in a tenth of the time.
    return {key: _checked(key, entry) for key, entry in _leaves(stem, yaml.load(source, yaml.CSafeLoader))}


@cache
def plural_categories(language: str) -> frozenset[str]:
    """The CLDR plural categories which a whole number can have in `language`."""
    rule = Locale.parse(language).plural_form
    return frozenset(rule(n) for n in _COUNTED)


def _leaves(prefix: str, node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(node, dict):
        raise CheckError(f"The site's text {prefix} is not given by language.")
    if set(node) & set(LANGUAGES):
        yield prefix, node
        return
    for name, child in node.items():
        yield from _leaves(f"{prefix}.{name}", child)


def _checked(key: str, node: Mapping[str, Any]) -> Entry:
    for language in LANGUAGES:
        if not node.get(language):
            raise CheckError(f"The site's text {key} is missing in {language}. Add it.")
    if extra := sorted(set(node) - set(LANGUAGES)):
        raise CheckError(f"The site's text {key} has {', '.join(extra)} beside its languages.")
    entry = {language: _forms(key, language, node[language]) for language in LANGUAGES}
    names = {language: _names(text) for language, text in entry.items()}
    if any(names[language] != names["en"] for language in LANGUAGES):
        raise CheckError(f"The site's text {key} has different {{parameters}} in its languages: {names}.")
    return entry


def _forms(key: str, language: str, text: Any) -> str | dict[str, str]:
    if not isinstance(text, dict):
        return str(text)
    missing = plural_categories(language) - set(text)
    if missing:
        raise CheckError(
            f"The site's text {key} lacks the plural form {', '.join(sorted(missing))} in {language}. Add it."
        )
    return {category: str(form) for category, form in text.items()}


def _names(text: str | Mapping[str, str]) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())
    return {name for form in forms for name in _PLACEHOLDER.findall(form)}
