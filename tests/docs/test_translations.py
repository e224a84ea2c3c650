"""docs/translations.md lists every file of words in French and Russian, and no other."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXTS = REPOSITORY / "orchestration" / "release" / "texts"
PAGE = (REPOSITORY / "docs" / "translations.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$", PAGE, flags=re.MULTILINE)


def test_every_file_of_texts_is_listed_with_the_state_of_its_review() -> None:
    translated = [path for path in TEXTS.rglob("*.yaml") if "fr:" in path.read_text(encoding="utf-8")]
    listed = [name for name in ROWS if (TEXTS / name).is_file()]
    assert listed == sorted(path.relative_to(TEXTS).as_posix() for path in translated)


@pytest.mark.parametrize("files", [name for name in ROWS if not name.endswith(".yaml")])
def test_what_is_listed_elsewhere_has_both_languages(files: str) -> None:
    words = "".join(path.read_text(encoding="utf-8") for path in REPOSITORY.glob(files))
    assert "_fr" in words and "_ru" in words
