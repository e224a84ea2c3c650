"""Every word of the site in three languages, with its plural forms."""

import re
from importlib import resources
from pathlib import Path

import pytest
import yaml

from connectors.errors import CheckError
from orchestration.release.site.texts import Texts, load_texts, plural_categories, read_texts


def test_all_texts_are_complete() -> None:
    assert len(load_texts()) > 300  # loading refuses the first gap


def test_every_part_an_indicator_declares_has_its_words() -> None:
    """The sample has few of them; a release of real data has all."""
    models = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "intermediate" / "indicators"
    declared = set()
    for path in models.glob("int_indicator__*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            declared |= set(model.get("config", {}).get("meta", {}).get("components") or ())
    assert len(declared) > 40
    assert {f"breakdown.{code}" for code in declared} - set(load_texts()) == set()


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_missing_language_is_refused_by_key_and_language(language: str) -> None:
    words = {code: "word" for code in ("en", "fr", "ru") if code != language}
    with pytest.raises(CheckError, match=f"home.lead is missing in {language}"):
        read_texts("home", f"lead: {words}")


def test_missing_plural_form_is_refused() -> None:
    source = "n: {en: {one: a, other: b}, fr: {one: a, other: b}, ru: {one: a, many: b}}"
    with pytest.raises(CheckError, match="plural form few in ru"):
        read_texts("x", source)


def test_other_parameters_in_a_translation_are_refused() -> None:
    with pytest.raises(CheckError, match="different"):
        read_texts("x", "n: {en: 'to {year}', fr: 'en {an}', ru: '{year}'}")


def test_unknown_key_is_refused() -> None:
    with pytest.raises(CheckError, match="no text home.nothing, wanted in fr"):
        Texts("fr", load_texts())("home.nothing")


def test_missing_parameter_is_refused() -> None:
    with pytest.raises(CheckError, match="needs region"):
        Texts("en", load_texts())("progress.caption")


@pytest.mark.parametrize(
    ("language", "count", "form"),
    [
        ("en", 0, "rows"),
        ("en", 1, "row"),
        ("fr", 0, "ligne trouvée"),
        ("fr", 2, "lignes"),
        ("ru", 1, "строка"),
        ("ru", 3, "строки"),
        ("ru", 5, "строк"),
        ("ru", 11, "строк"),
        ("ru", 21, "строка"),
    ],
)
def test_plural_forms_follow_the_language(language: str, count: int, form: str) -> None:
    text = str(Texts(language, load_texts())("base.rows_found", n=count))
    assert str(count) in text
    assert form in text.split(" ", 1)[1] or form in text.split()


def test_plural_categories_are_those_of_cldr() -> None:
    assert plural_categories("ru") == {"one", "few", "many"}
    assert plural_categories("fr") == plural_categories("en") == {"one", "other"}


def test_parameters_are_escaped() -> None:
    text = Texts("en", load_texts())("progress.caption", region="<b>")
    assert "&lt;b&gt;" in text


def test_no_text_is_left_over() -> None:
    """A key stands in a page or template, or its family is chosen by a code at run time."""
    package = resources.files("orchestration.release")
    folders = (Path(str(package)) / "site", Path(str(package)) / "templates" / "site")
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".j2")]
    source = "\n".join(path.read_text("utf-8") for path in paths)
    families = set(re.findall(r"[\"']([\w.]+)\.(?:\{|[\"'] ~)", source))
    named = set(re.findall(r"[\"']([\w.]+)[\"']", source))
    unused = [
        key
        for key in load_texts()
        if key not in named and not any(key.startswith(f"{family}.") for family in families)
    ]
    assert unused == []


def test_french_and_russian_keep_their_spaces_together() -> None:
    """A plain space before a French colon or a Russian dash lets a line begin with it."""
    loose = {"fr": re.compile(r" [:;!?»]|« "), "ru": re.compile(r" — |« ")}
    for key, entry in load_texts().items():
        for language, pattern in loose.items():
            text = entry[language]
            forms = [text] if isinstance(text, str) else list(text.values())
            assert not any(pattern.search(form) for form in forms), f"{key} in {language}"
