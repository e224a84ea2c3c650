"""The gate page: readable, self-contained, and never a place where data becomes markup."""

import re
from html.parser import HTMLParser

import pytest

from expectations.report import GateReport
from orchestration.release.gate_page import render
from tests.bundle.red_report import make_red_report
from tests.faults.matrix import fault


@pytest.fixture(scope="module")
def red_report(tmp_path_factory: pytest.TempPathFactory) -> GateReport:
    return make_red_report(tmp_path_factory.mktemp("gate"))


class _Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]


@fault("H12")
def test_the_page_asks_nothing_of_any_network_and_runs_no_script(red_report: GateReport) -> None:
    page = render(red_report)
    audit = _Audit()
    audit.feed(page)
    assert not {"script", "img", "link", "iframe", "form"} & set(audit.tags)
    assert audit.addresses == []
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_the_page_tells_reasons_findings_and_decisions(red_report: GateReport) -> None:
    text = re.sub(r"<[^>]+>", " ", render(red_report))
    assert "Red: the data stay here" in text
    assert "Decision stale.yaml does not count" in text
    assert "A02 UNECE 2016: 16 countries above the line, 16 below, 1 counted." in text
    assert "Rule G3, level 1 (within the release), owner: statistics." in text
    assert "Rule G1, level 2 (against the preceding release) and level 4 (between domains)." in text
    assert "The producer revised its survey." in text
    assert "Ann Statistician" in text
    assert "Bo Head" in text
    assert "Révisé par le producteur" in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in render(red_report)


def test_each_rule_carries_symbol_and_word_so_that_colour_is_not_alone(red_report: GateReport) -> None:
    page = render(red_report)
    for symbol, word in (("✔", "Passed"), ("✖", "Not passed"), ("◑", "Passed, looked at and accepted")):
        assert re.search(rf"{symbol}</span> {word}</p>", page)


def test_the_illustrative_banner_stands_in_three_languages(red_report: GateReport) -> None:
    page = render(red_report)
    assert page.count("ILLUSTRATIVE DATA – NOT FOR PUBLICATION") == 2  # title and banner
    assert '<p lang="fr">DONNÉES ILLUSTRATIVES' in page
    assert '<p lang="ru">УСЛОВНЫЕ ДАННЫЕ' in page
    plain = render(red_report.model_copy(update={"illustrative": False}))
    assert "ILLUSTRATIVE" not in plain


def test_the_same_report_gives_the_same_page(red_report: GateReport) -> None:
    assert render(red_report) == render(GateReport.from_json(red_report.to_json()))
