"""What a person wrote by hand in a model, told apart from what a macro wrote into it.

What belongs here: one form for a clause of the compiled SQL and for the text of a model before Jinja, so that
the one can be looked for in the other. What does not: which changes are one change (judging.py).
"""

import re

from tests.mutation.cases import FIXTURE

# Jinja that stands for a name or a number alone: a clause with one of them is written by hand all the same.
PLAIN_JINJA = (
    (r"\{\{\s*ref\(\s*['\"](\w+)['\"]\s*\)\s*\}\}", r"\1"),
    (r"\{\{\s*source\(\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]\s*\)\s*\}\}", r"\1__\2"),
    (r"\{\{\s*parameter\(\s*['\"](\w+)['\"]\s*\)\s*\}\}", r"parameter:\1"),
    (r"\{\{\s*reference_year\(\)\s*\}\}", "select reference_year from lock__release"),
)
TEXT_OF_MODEL = r"\{%-?\s*set\s+(\w+)\s*=\s*(['\"])([^{}%]*?)\2\s*-?%\}"
COMMENTS = (r"(?s)\{#.*?#\}", r"--[^\n]*")
# What the printer of the compiled SQL writes otherwise than a person does.
PRINTED = (
    (r"\binner\s+join\b", "join"),
    (r"!=", "<>"),
    (r"\b(?:varchar|text)\b", "text"),
    (r"\b(?:integer|int)\b", "int"),
    # `x is not null` is printed `NOT x IS NULL`, `a not in (…)` `NOT a IN (…)`.
    (r"\bnot\b", ""),
)


def is_by_hand(clause: str, source: str) -> bool:
    """Whether a clause of the compiled SQL stands in the model's own text (`plain_source`)."""
    return plain(clause) in source


def plain_source(raw: str) -> str:
    """A model's text before Jinja, without its comments, in the form of `plain`."""
    for comment in COMMENTS:
        raw = re.sub(comment, " ", raw)
    for name, _, text in re.findall(TEXT_OF_MODEL, raw):
        raw = re.sub(rf"\{{\{{\s*{name}\s*\}}\}}", lambda _, text=text: text, raw)
    for jinja, text in PLAIN_JINJA:
        raw = re.sub(jinja, text, raw)
    return plain(raw)


def plain(sql: str) -> str:
    """In small letters, without white space, brackets and quoted names, each operator spelled one way."""
    sql = sql.lower().replace(FIXTURE, "")
    for written, one in PRINTED:
        sql = re.sub(written, one, sql)
    return re.sub(r'[\s()"]', "", sql)
