"""Edits of a bundle's files, by which tests seed a defect."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Edit = Callable[[Path], object]


def replace_text(file: str, old: str, new: str) -> Edit:
    """The first `old` of a text file becomes `new`; it has to be there."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def change_json(file: str, edit: Callable[[Any], object]) -> Edit:
    """`edit` changes the parsed file in place."""

    def change(folder: Path) -> None:
        value = json.loads((folder / file).read_text(encoding="utf-8"))
        edit(value)
        (folder / file).write_text(json.dumps(value), encoding="utf-8")

    return change


def remove(file: str) -> Edit:
    """The file is gone."""
    return lambda folder: (folder / file).unlink()
