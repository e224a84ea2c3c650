"""Every column and code is described in French and Russian, and no translation outlives its sentence."""

import csv
import re
from importlib import resources
from pathlib import Path

import pytest
import yaml

from connectors.errors import CheckError
from orchestration.release.code_lists import load_vocabulary
from orchestration.release.schema import REVISIONS
from orchestration.release.wording import translated
from tests.gates.release_fixture import SCHEMAS

FILE = "ILLUSTRATIVE_codebook.csv"
TRANSLATED = ("fr", "ru")
CODE = re.compile(r"(?<!\w)(?=\w*[A-Za-z])(?=\w*[\d_])\w+")
"""A code or the name of a column: letters with a digit or an underscore among them."""
NO_WORDS = {"Open SDG."}


def sentences() -> set[str]:
    """Every English sentence that says what a published column or code means."""
    columns = {c.description for schema in (*SCHEMAS.values(), REVISIONS) for c in schema.columns}
    return columns | {text for codes in load_vocabulary().lists.values() for text in codes.codes.values()}


@pytest.fixture(scope="module")
def translations() -> dict[str, dict[str, str]]:
    path = resources.files("orchestration.release") / "texts" / "descriptions.yaml"
    entries: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


def test_each_sentence_has_both_languages_and_no_translation_is_stale(
    translations: dict[str, dict[str, str]],
) -> None:
    missing = [
        text for text in sorted(sentences()) if not all(translations.get(text, {}).get(n) for n in TRANSLATED)
    ]
    assert missing == []
    assert sorted(translations.keys() - sentences()) == []


def test_a_sentence_is_translated_once() -> None:
    path = resources.files("orchestration.release") / "texts" / "descriptions.yaml"
    entries = yaml.compose(path.read_text(encoding="utf-8"))
    assert isinstance(entries, yaml.MappingNode)
    keys = [key.value for key, _ in entries.value]
    assert sorted(keys) == sorted(set(keys))


def test_codes_and_names_of_columns_stay_as_they_are(translations: dict[str, dict[str, str]]) -> None:
    lost = [
        (text, language, code)
        for text, entry in translations.items()
        for language in TRANSLATED
        for code in CODE.findall(text)
        if code not in entry[language]
    ]
    assert lost == []


def test_russian_is_written_in_cyrillic_and_french_signs_keep_to_their_words(
    translations: dict[str, dict[str, str]],
) -> None:
    latin = [
        text
        for text, entry in translations.items()
        if not re.search("[а-яё]", entry["ru"]) and text not in NO_WORDS
    ]
    assert latin == []
    loose = [entry["fr"] for entry in translations.values() if re.search(" [:;?!%»]|« |'", entry["fr"])]
    assert loose == []


def test_an_end_of_a_sentence_is_the_same_in_all_languages(translations: dict[str, dict[str, str]]) -> None:
    unlike = [
        text
        for text, entry in translations.items()
        if {text.endswith("."), entry["fr"].endswith("."), entry["ru"].endswith(".")} == {True, False}
    ]
    assert unlike == []


def test_columns_and_codes_of_a_codebook_speak_three_languages(finished: Path) -> None:
    with (finished / FILE).open(encoding="utf-8", newline="") as stream:
        rows = {
            (r["table"], r["column"], r["code_list"] * (r["entry"] == "code"), r["code"]): r
            for r in csv.DictReader(stream)
        }
    value = rows["rpt_progress", "worsening", "", ""]
    assert (value["description_en"], value["description_fr"], value["description_ru"]) == (
        "The trend is adverse.",
        "La tendance est défavorable.",
        "Тенденция неблагоприятна.",
    )
    code = rows["", "", "obs_status", "B"]
    assert (code["description_fr"], code["description_ru"]) == ("rupture de série", "разрыв временного ряда")
    unit = rows["rpt_observation", "time_period", "", ""]
    assert (unit["description_fr"], unit["description_ru"]) == ("Année.", "Год.")
    assert "\N{NARROW NO-BREAK SPACE};" in rows["rpt_observation", "obs_value", "", ""]["description_fr"]


def test_a_sentence_without_a_translation_is_named() -> None:
    assert translated("A new sentence.", "en") == "A new sentence."
    for language in TRANSLATED:
        with pytest.raises(CheckError, match=rf'"A new sentence." is missing in {language}'):
            translated("A new sentence.", language)
