"""The erratum of a correction: what was wrong, where, and why, in three languages.

What belongs here: the file decisions/<id>/erratum.yaml, its fields, holding it against the corrected release.
What does not: the verb `correct` (correct.py), where readers see it (public/, site/).
"""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import PolicyError, UsageError
from expectations.waivers import Note, ReasonCode
from orchestration.release.checksums import read_sums
from orchestration.release.decisions import Text
from orchestration.release.files import canonical_json
from orchestration.release.site.facts import LANGUAGES


class Erratum(BaseModel):
    """`release` corrects `corrects`. `pages` are named as below a language folder of the site: home.html.

    At least one table, indicator or page is named; an empty list means that none is affected.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    corrects: str
    found: date
    reason_code: ReasonCode
    tables: tuple[Text, ...]
    indicators: tuple[Text, ...]
    pages: tuple[Text, ...]
    text: Note

    def to_bytes(self) -> bytes:
        """The erratum as it is published."""
        return canonical_json(self.model_dump(mode="json"))


def read_erratum(path: Path) -> Erratum:
    """Read erratum.yaml. Raises PolicyError if it or a language is missing, UsageError for other faults."""
    if not path.is_file():
        raise PolicyError(
            f"{path} is missing: a correction says what was wrong. Write it with release, corrects, found, "
            f"reason_code, tables, indicators, pages, and text in {', '.join(LANGUAGES)}."
        )
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not readable YAML: {' '.join(str(error).split())}.") from error
    _require_languages(content)
    try:
        return Erratum.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, f['loc'])) or 'file'}: {f['msg']}" for f in error.errors())
        raise UsageError(
            f"erratum.yaml is not complete: {faults}. Ids stand in quotes. Correct the file."
        ) from error


def require_fitting(erratum: Erratum, release: str, corrected: str, bundle: Path) -> None:
    """Refuse an erratum of another release, or one that names what the corrected `bundle` does not hold.

    Raises UsageError.
    """
    if (erratum.release, erratum.corrects) != (release, corrected):
        raise UsageError(
            f"erratum.yaml is of release {erratum.release} correcting {erratum.corrects}; here {release} "
            f"corrects {corrected}. Correct the file."
        )
    if not (erratum.tables or erratum.indicators or erratum.pages):
        raise UsageError("erratum.yaml names no table, no indicator and no page. Name what was wrong.")
    files = set(read_sums(bundle)[0])
    observations = pl.read_parquet(bundle / "data" / "rpt_observation.parquet", columns=["indicator"])
    unknown = [
        *(f"table {name}" for name in erratum.tables if f"data/{name}.parquet" not in files),
        *(f"indicator {name}" for name in erratum.indicators if name not in set(observations["indicator"])),
        *(f"page {name}" for name in erratum.pages if f"site/en/{name}" not in files),
    ]
    if unknown:
        raise UsageError(f"erratum.yaml names {', '.join(unknown)}, which release {corrected} does not have.")


def _require_languages(content: Any) -> None:
    text = content.get("text") if isinstance(content, dict) else None
    told = text if isinstance(text, dict) else {}
    missing = [language for language in LANGUAGES if not str(told.get(language) or "").strip()]
    if missing:
        raise PolicyError(
            f"The erratum has no text in {', '.join(missing)}: a correction is told in all three languages. "
            "Complete erratum.yaml."
        )
