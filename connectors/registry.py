"""Finds the declarations of data sets.

What belongs here: reading `datasets/`, listing, looking up. What does not: what a declaration means
(spec.py).
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from connectors.errors import UsageError
from connectors.spec import DatasetSpec

DATASETS_DIR = Path(__file__).parent / "datasets"


@lru_cache(maxsize=1)
def list_datasets() -> tuple[DatasetSpec, ...]:
    """Every declared data set, sorted by key. Raises UsageError naming a bad declaration."""
    return load_datasets(DATASETS_DIR)


def load_datasets(folder: Path) -> tuple[DatasetSpec, ...]:
    """Read all declarations below `folder`. Raises UsageError."""
    specs = [_read(path) for path in sorted(folder.glob("*/*.yaml"))]
    return tuple(sorted(specs, key=lambda spec: spec.key))


def get_dataset(key: str) -> DatasetSpec:
    """The declaration of `<provider>/<dataset>`. Raises UsageError with close matches."""
    known = {spec.key: spec for spec in list_datasets()}
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.4) or sorted(known)
    raise UsageError(f"No data set is called '{key}'. Did you mean: {', '.join(near)}?")


def _read(path: Path) -> DatasetSpec:
    where = f"{path.parent.name}/{path.name}"
    try:
        spec = DatasetSpec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise UsageError(f"The declaration datasets/{where} is not valid: {error}") from None
    if f"{spec.key}.yaml" != where:
        raise UsageError(
            f"The declaration datasets/{where} names itself {spec.key}; file and names must agree."
        )
    return spec
