"""Probing: confirmed, changed or unreachable, never a failed run."""

import pytest

from connectors.config import OFFICIAL_URLS, SourceSettings
from connectors.errors import UsageError
from connectors.http import Client
from connectors.probe import probe
from tests.unit.connectors.conftest import Reply
from tests.unit.connectors.wireformats import eurostat_body, eurostat_row


@pytest.mark.parametrize("provider_name", sorted(OFFICIAL_URLS))
def test_the_sample_confirms_every_question(provider_name):
    findings = probe(provider_name, Client(SourceSettings.from_env({})))
    assert [finding.verdict for finding in findings] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("provider_name", sorted(OFFICIAL_URLS))
def test_a_dead_provider_is_unreachable(client, provider, provider_name):
    provider.script = [Reply(status=503)]
    assert {finding.verdict for finding in probe(provider_name, client)} == {"unreachable"}


@pytest.mark.parametrize("provider_name", sorted(OFFICIAL_URLS))
def test_an_answer_of_another_form_is_a_change(client, provider, provider_name):
    provider.script = [Reply(b'{"hello":1}\n')]
    assert {finding.verdict for finding in probe(provider_name, client)} == {"changed"}


def test_a_renamed_column_is_named(client, provider):
    provider.script = [Reply(eurostat_body(eurostat_row()).replace(b"OBS_FLAG", b"OBS_STATUS"))]
    assert "lost OBS_FLAG; new OBS_STATUS" in probe("eurostat", client)[0].detail


def test_unknown_providers_and_archive_mode_are_refused():
    with pytest.raises(UsageError, match="known: eurostat, unsd, world_bank"):
        probe("oecd", Client(SourceSettings.from_env({})))
    with pytest.raises(UsageError, match="no network"):
        probe("unsd", Client(SourceSettings.from_env({"CIRCULARITY_SOURCE": "archive"})))
