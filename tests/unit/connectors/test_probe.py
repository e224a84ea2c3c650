"""Probing: confirmed, changed, unreachable or unasked, never a failed run, never a key."""

import json

import pytest
from pydantic import SecretStr

from connectors.config import OFFICIAL_URLS, SourceSettings
from connectors.errors import UsageError
from connectors.http import Client
from connectors.probe import probe
from connectors.probes import QUESTIONS, unece
from connectors.probes.base import Asker, ask_terms
from connectors.registry import list_datasets
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.test_pxweb import Server
from tests.unit.connectors.wireformats import eurostat_body, eurostat_row

NEVER_ASKED = ("Has a person", "How does a refusal")
CANARY = "canary-0123456789abcdef"


def by_question(findings) -> dict[str, tuple[str, str]]:
    return {finding.question: (finding.verdict, finding.detail) for finding in findings}


def test_every_address_has_questions_and_every_question_says_what_is_expected():
    assert set(QUESTIONS) == set(OFFICIAL_URLS)
    for questions in QUESTIONS.values():
        assert len({question.text for question in questions}) == len(questions)
        assert all(question.expected for question in questions)


@pytest.mark.parametrize("provider_name", sorted(OFFICIAL_URLS))
def test_the_sample_confirms_every_question_it_can_be_asked(provider_name):
    findings = by_question(probe(provider_name, Client(SourceSettings.from_env({}))))
    for question in QUESTIONS[provider_name]:
        verdict, detail = findings[question.text]
        if question.in_sample and not question.text.startswith(NEVER_ASKED):
            assert verdict == "confirmed", detail
        else:
            assert verdict == "unasked", detail
            assert detail


@pytest.mark.parametrize(
    ("reply", "expected"),
    [(Reply(status=503), "unreachable"), (Reply(b'{"hello":1}\n'), "changed"), (Reply(b"[[[[\n"), "changed")],
)
@pytest.mark.parametrize("provider_name", sorted(OFFICIAL_URLS))
def test_a_dead_provider_is_unreachable_and_another_form_is_a_change(
    client, provider, provider_name, reply, expected
):
    client.settings.keys["comtrade"] = SecretStr(CANARY)
    provider.script = [reply]
    for finding in probe(provider_name, client):
        if not finding.question.startswith(NEVER_ASKED):
            assert (finding.question, finding.verdict) == (finding.question, expected), finding.detail


def test_a_renamed_column_is_named(client, provider):
    flow = b'<m xmlns:s="urn:s"><s:Dataflow id="CEI_SRM030"/></m>'
    data = eurostat_body(eurostat_row()).replace(b"OBS_FLAG", b"OBS_STATUS")
    provider.answer = lambda asked: Reply(flow if "/dataflow/" in asked.path else data)
    _, detail = by_question(probe("eurostat", client))["Can a small data set be read?"]
    assert "lost OBS_FLAG; new OBS_STATUS" in detail


def test_a_key_that_a_provider_repeats_is_not_told(client, provider):
    settings = SourceSettings.from_env(
        {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(client.settings.home),
            "CIRCULARITY_COMTRADE_URL": f"{provider.url}/comtrade",
            "CIRCULARITY_COMTRADE_KEY": CANARY,
        }
    )

    def echo(asked: Asked) -> Reply:
        return Reply(f"{asked.headers} {CANARY}".encode(), status=400)

    provider.answer = echo
    findings = probe("comtrade", Client(settings, sleep=lambda seconds: None))
    assert any(asked.headers.get("Ocp-Apim-Subscription-Key") == CANARY for asked in provider.asked)
    assert CANARY not in json.dumps([vars(finding) for finding in findings])


def test_a_fact_that_moved_is_seen(client, provider):
    def answer(asked: Asked) -> Reply:
        if "Series/List" in asked.path:
            return Reply(b'[{"code":"EN_HAZ_GENV","release":"spring 2027"}]')
        return Reply(b'{"pageNumber":1,"totalPages":1,"totalElements":3,"data":[{"value":1}]}')

    provider.answer = answer
    found = by_question(probe("unsd", client))
    verdict, detail = found["Is the address current, and every declared series listed?"]
    assert verdict == "changed"
    assert "1 series listed" in detail
    assert "EN_MAT_DOMCMPT" in detail
    assert found["How is a release written?"] == ("changed", "releases 'spring 2027'")
    verdict, detail = found["Has a JSON page the known form?"]
    assert verdict == "changed"
    assert "data.footnotes" in detail
    assert "the value is no text" in detail
    assert found["What does an unknown series answer?"] == ("changed", "totalElements '3'")


def test_a_pxweb_is_walked_from_its_folders_to_one_cell(client, provider):
    server = Server(provider)
    inside = provider.answer
    top, folder = "/unece/api/v1/en/STAT/", [{"id": "40-ENV", "type": "l", "text": "Environment"}]
    below = [{"id": "01-Waste", "type": "l", "text": "Waste"}]
    listed = {top: folder, f"{top}40-ENV/": below}

    def answer(asked: Asked) -> Reply:
        return server.json(listed[asked.path]) if asked.path in listed else inside(asked)

    provider.answer = answer
    found = by_question(probe("unece", client))
    assert found["Does a folder list folders and tables?"][0] == "confirmed"
    assert found["Does a table describe itself?"] == ("confirmed", "Origin 2; Country 3; Year 2")
    assert found["Does a query bring JSON-stat?"][0] == "confirmed"
    assert found["Are too many cells refused?"] == ("unasked", "the first table has only 12 cells")


@pytest.mark.parametrize(("status", "verdict"), [(403, "confirmed"), (200, "changed")])
def test_the_refusal_of_too_many_cells_is_asked_of_a_large_table(
    client, tmp_path, status, verdict, monkeypatch
):
    values = tuple(str(number) for number in range(100_001))
    asker = Asker("unece", client, tmp_path)
    asker.notes = {"table": "t", "variables": (unece.Variable("Country", values, values),)}
    monkeypatch.setattr(asker, "ask", lambda *_, **__: (status, b"words"))
    question = next(q for q in QUESTIONS["unece"] if q.text.startswith("Are too many"))
    assert question.ask(asker)[0] == verdict


def test_terms_that_a_person_has_read_are_confirmed(client, tmp_path, monkeypatch):
    read = {"reviewed": "2026-02-01"}
    specs = [
        spec.model_copy(update={"licence": spec.licence.model_copy(update=read)}) for spec in list_datasets()
    ]
    asker = Asker("unsd", client, tmp_path)
    assert ask_terms("unsd").ask(asker)[0] == "unasked"
    monkeypatch.setattr("connectors.probes.base.list_datasets", lambda: specs)
    assert ask_terms("unsd").ask(asker) == ("confirmed", "read between 2026-02-01 and 2026-02-01")


def test_unknown_providers_and_archive_mode_are_refused():
    with pytest.raises(UsageError, match="known: comtrade, eurostat, oecd, un_data, unece, unsd, world_bank"):
        probe("nobody", Client(SourceSettings.from_env({})))
    with pytest.raises(UsageError, match="no network"):
        probe("unsd", Client(SourceSettings.from_env({"CIRCULARITY_SOURCE": "archive"})))
