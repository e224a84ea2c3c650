"""The client: what it retries, what it refuses, what it never says."""

import gzip

import pytest

from connectors.budget import POLITE
from connectors.config import SourceSettings
from connectors.errors import SourceError
from connectors.http import Client
from connectors.origins import redact
from connectors.wire import Limits, Request
from tests.unit.connectors.conftest import Reply

ATTEMPTS = Limits().attempts
GOOD = Reply(b"a,b\n1,2\n", headers={"ETag": '"x"', "Last-Modified": "Mon, 21 Aug 2023 23:00:00 GMT"})
ASK = Request("unsd", "sdg_12_4", "EN_HAZ_GENV", "SDGAPI/v1/sdg/Series/List", {"q": "1"}, owner="us")
PAGE = b"\n <!DOCTYPE html><html><title>We will be back soon</title></html>"


def fetch(client, tmp_path, request=ASK, **options):
    answer = client.fetch(request, tmp_path / "body", **options)
    return answer, (tmp_path / "body").read_bytes()


def refused(client, tmp_path, request=ASK, **options) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(client, tmp_path, request, **options)
    return caught.value


def test_an_answer_arrives_whole_with_its_facts(client, provider, tmp_path):
    provider.script = [GOOD]
    answer, body = fetch(client, tmp_path)
    assert body == GOOD.body
    assert (answer.status, answer.bytes, answer.etag) == (200, 8, '"x"')
    assert answer.url == f"{provider.url}/unsd/SDGAPI/v1/sdg/Series/List?q=1"
    assert provider.asked[0].headers["User-Agent"].startswith("circularity-monitor/")


def test_a_form_is_posted(client, provider, tmp_path):
    provider.script = [GOOD]
    fetch(client, tmp_path, Request("unsd", "d", "p", "DataCSV", form={"seriesCodes": "X"}))
    assert (provider.asked[0].method, provider.asked[0].body) == ("POST", "seriesCodes=X")


@pytest.mark.parametrize(
    "fault",
    [
        Reply(status=503),
        Reply(status=429),
        Reply(PAGE),
        Reply(GOOD.body * 100, cut=True),
        Reply(b"rubbish", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["503", "429", "web page", "cut short", "broken gzip"],
)
def test_passing_trouble_is_retried_and_then_told_as_transient(client, provider, tmp_path, fault):
    provider.script = [fault, GOOD]
    assert fetch(client, tmp_path)[1] == GOOD.body
    provider.script, provider.asked = [fault], []
    error = refused(client, tmp_path)
    assert error.transient
    assert len(provider.asked) == ATTEMPTS
    assert f"after {ATTEMPTS} attempts" in str(error)


def test_waits_grow_and_follow_retry_after(client, provider, clock, tmp_path):
    provider.script = [
        Reply(status=503),
        Reply(status=503),
        Reply(status=429, headers={"Retry-After": "7"}),
        GOOD,
    ]
    fetch(client, tmp_path)
    first, second, third = clock.slept
    assert first <= 1
    assert 2 <= second <= 3
    assert third == 7


def test_a_wait_past_the_deadline_ends_at_once(client, provider, clock, tmp_path):
    provider.script = [Reply(status=429, headers={"Retry-After": "3600"})]
    error = refused(client, tmp_path)
    assert "asks to wait 3600 s, past the deadline" in str(error)
    assert clock.slept == []


def test_other_statuses_are_left_to_the_protocol(client, provider, tmp_path):
    provider.script = [Reply(b"gone", status=404)]
    assert fetch(client, tmp_path)[0].status == 404


def test_a_redirect_within_the_origin_is_followed(client, provider, tmp_path):
    provider.script = [Reply(status=302, headers={"Location": "/unsd/new"}), GOOD]
    assert fetch(client, tmp_path)[1] == GOOD.body
    assert provider.asked[1].path == "/unsd/new"


@pytest.mark.parametrize(
    "target",
    ["http://redirected.invalid/", "https://127.0.0.1/", "http://127.0.0.1:1/", "http://user@127.0.0.1/x"],
)
def test_a_redirect_elsewhere_is_refused_and_not_called(client, provider, tmp_path, target):
    provider.script = [Reply(status=302, headers={"Location": target})]
    error = refused(client, tmp_path)
    assert "was sent to another address" in str(error)
    assert "user@" not in str(error)
    assert not error.transient
    assert len(provider.asked) == 1


def test_a_redirect_in_a_circle_ends(client, provider, tmp_path):
    provider.script = [Reply(status=302, headers={"Location": "/unsd/again"})]
    assert "circle" in str(refused(client, tmp_path))


def test_the_size_cap_is_counted_while_streaming(live_settings, provider, tmp_path):
    client = Client(live_settings, limits=Limits(size=100_000))
    provider.script = [Reply(b"x" * 100_000)]
    assert fetch(client, tmp_path)[0].bytes == 100_000
    provider.script = [Reply(b"x" * 100_001)]
    assert "more than 100000 bytes" in str(refused(client, tmp_path))


def test_a_declared_gzip_bomb_is_refused(client, provider, tmp_path):
    bomb = gzip.compress(b" " * 20_000_000)
    provider.script = [Reply(bomb, headers={"Content-Encoding": "gzip"})]
    assert "packed its answer more than 100 times" in str(refused(client, tmp_path))


def test_a_slow_answer_ends_at_the_deadline(client, provider, clock, tmp_path):
    provider.script = [GOOD]
    error = refused(client, tmp_path, deadline=clock() - 1)
    assert "gave no complete answer until the deadline" in str(error)
    assert provider.asked == []
    assert error.transient


def test_archive_mode_asks_nobody(tmp_path, provider):
    settings = SourceSettings.from_env(
        {"CIRCULARITY_SOURCE": "archive", "CIRCULARITY_UNSD_URL": provider.url}
    )
    assert "archive mode speaks to no network" in str(refused(Client(settings), tmp_path))
    assert provider.asked == []


def test_an_official_host_on_a_private_address_is_not_called(tmp_path):
    settings = SourceSettings.from_env({"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": str(tmp_path)})
    client = Client(settings, resolver=lambda host, port: ["10.0.0.7"])
    assert "resolves to the private address 10.0.0.7" in str(refused(client, tmp_path))


def test_a_host_without_an_address_is_passing_trouble(tmp_path, clock):
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError

    settings = SourceSettings.from_env({"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": str(tmp_path)})
    client = Client(settings, sleep=clock.sleep, monotonic=clock, resolver=nowhere)
    error = refused(client, tmp_path)
    assert "cannot be resolved" in str(error)
    assert error.transient


def test_an_unreachable_server_is_passing_trouble_without_an_address_in_the_message(tmp_path, clock):
    env = {"CIRCULARITY_SOURCE": "live", "CIRCULARITY_UNSD_URL": "http://127.0.0.1:1/secret-prefix"}
    client = Client(SourceSettings.from_env(env), sleep=clock.sleep, monotonic=clock)
    error = refused(client, tmp_path)
    assert error.transient
    assert "secret-prefix" not in str(error)


def test_calls_to_a_distant_provider_keep_their_distance(tmp_path, clock):
    settings = SourceSettings.from_env({"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": str(tmp_path)})
    inside = {"resolver": lambda host, port: ["10.0.0.7"], "now": clock.utc}
    for _ in range(2):  # the second process keeps its distance as well
        client = Client(settings, sleep=clock.sleep, monotonic=clock, **inside)
        refused(client, tmp_path)
        refused(client, tmp_path)
    assert clock.slept == [POLITE[0].seconds] * 3


def test_secrets_are_redacted():
    url = "https://user:word@host/path?subscription-key=abc&code=X&Token=t"
    assert redact(url) == "https://host/path?subscription-key=REDACTED&code=X&Token=REDACTED"
