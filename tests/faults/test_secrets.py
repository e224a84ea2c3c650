"""O14: a key that nobody has, sent to providers that repeat it in every way, is written nowhere."""

from __future__ import annotations

import gzip
import logging
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from connectors import redaction
from connectors.config import SourceSettings
from connectors.errors import SourceError
from connectors.registry import get_dataset
from connectors.wire import Request
from orchestration.assets.snapshots import build_snapshot_asset, raw_key
from orchestration.resources import StateResource
from tests.faults.conftest import environment
from tests.faults.matrix import fault
from tests.faults.router import Spoil, body, headers, redirect, status
from tests.faults.scene import CANARY, assert_no_secret

KEY = "comtrade/hs_recyclables"
LIST, DATA = "getDa", "data/v1/get/"
WORDS = f"Access denied for subscription key {CANARY}.".encode()
PAGE = f"<!DOCTYPE html><title>{CANARY}</title>".encode()
JSON = f'{{"count":0,"data":[],"error":"{CANARY}"}}'.encode()

ECHOES: dict[str, Spoil] = {
    "401": status(401, WORDS),
    "403": status(403, WORDS),
    "404": status(404, WORDS),
    "429": status(429, WORDS, Retry_After=CANARY),
    "500": status(500, WORDS),
    "web page": body(PAGE),
    "body": body(JSON),
    "packed body": body(gzip.compress(JSON)),
    "packed body, declared": body(gzip.compress(JSON), Content_Encoding="gzip"),
    "not JSON": body(WORDS),
    "packing": headers(Content_Encoding=CANARY),
    "redirect here": redirect(f"/comtrade/data/v1/get/C/A/HS?subscription-key={CANARY}"),
    "redirect there": redirect(f"https://portal.example/{CANARY}?x={CANARY}"),
    "redirect to nowhere": redirect(f"http://[{CANARY}"),
}


@pytest.fixture(autouse=True)
def two_reporters(monkeypatch: pytest.MonkeyPatch) -> None:
    region = {"40": "AUT", "276": "DEU"}
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: region)


def facts_of(error: SourceError) -> str:
    """Everything an error carries, its causes too."""
    chain, seen = [], error
    while seen is not None:
        chain.append(f"{seen!r} {seen} {vars(seen)}")
        seen = seen.__cause__ or seen.__context__
    return " ".join(chain)


@fault("O14")
@pytest.mark.parametrize("where", [LIST, DATA])
@pytest.mark.parametrize("echo", ECHOES)
def test_a_key_that_comes_back_is_written_nowhere(scene, caplog, capfd, where, echo):
    caplog.set_level(logging.DEBUG)
    at = scene(KEY)
    at.router.vintage = 2
    at.router.inject(where, ECHOES[echo])
    result = at.refresh()
    assert result.errors
    assert CANARY not in " ".join(facts_of(error) for error in result.errors.values())
    assert CANARY not in " ".join(map(str, result.warnings))
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())
    assert_no_secret(at.store.root)
    sent = at.router.asked(where)
    assert sent
    assert all(asked.headers["Ocp-Apim-Subscription-Key"] == CANARY for asked in sent), "it was sent"
    assert not any(CANARY in asked.path for asked in at.router.log), "and never in an address"


@fault("O14")
def test_headers_that_repeat_the_key_are_kept_without_it(scene):
    at = scene(KEY)
    at.router.vintage = 2
    at.router.inject("comtrade", headers(ETag=f'"{CANARY}"', Last_Modified=CANARY))
    at.assert_taken(at.refresh())
    assert at.router.asked(DATA)


@fault("O14", "repeated our key in its answer; the answer was not stored (key removed)")
def test_a_good_answer_that_holds_the_key_is_refused(scene):
    at = scene(KEY)
    at.router.vintage = 2
    at.router.inject(DATA, body(JSON))
    error = at.assert_survived(at.refresh(), outcome="unchanged")
    assert "CIRCULARITY_COMTRADE_KEY" in error.next_step


@fault("O14", "the address carries our key")
@pytest.mark.parametrize("where", ["path", "params"])
def test_a_key_in_an_address_of_ours_is_refused_before_it_is_sent(scene, tmp_path, where):
    at = scene(KEY)
    carried = {"path": {"path": CANARY}, "params": {"path": "x", "params": {"subscription-key": CANARY}}}
    request = Request("comtrade", "hs_recyclables", "40-2020", **carried[where])
    with pytest.raises(SourceError) as caught:
        at.client.fetch(request, tmp_path / "body")
    assert (caught.value.fault, at.router.log) == ("O14", [])
    assert at.row.says in str(caught.value)
    assert CANARY not in facts_of(caught.value)


@fault("O14")
@pytest.mark.parametrize("echo", ["401", "body", "404"])
def test_dagster_records_no_key(router, tmp_path, monkeypatch, capfd, echo):
    home = tmp_path / "home"
    for name, value in environment(home, router).items():
        monkeypatch.setenv(name, value)
    router.inject("comtrade", ECHOES[echo])
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        asset = build_snapshot_asset(get_dataset(KEY))
        run = dg.materialize([asset], resources={"state": StateResource()}, instance=instance)
        assert run.success
        (check,) = run.get_asset_check_evaluations()
        assert not check.passed
        assert check.asset_key == raw_key(get_dataset(KEY))
    assert router.asked("comtrade")
    assert CANARY not in "".join(capfd.readouterr())
    assert_no_secret(tmp_path)


@fault("O14")
@pytest.mark.parametrize("arguments", [("refresh", KEY), ("refresh", KEY, "--json"), ("probe", "comtrade")])
def test_the_command_line_prints_no_key(router, tmp_path, arguments):
    router.inject("comtrade", status(401, WORDS))
    env = {**os.environ, **environment(tmp_path / "home", router), "NO_PROXY": "127.0.0.1"}
    command = [str(Path(sys.executable).with_name("circularity")), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=60, check=False
    )
    assert done.returncode == SourceError.exit_code, done.stderr
    assert "CIRCULARITY_COMTRADE_KEY" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert router.asked("comtrade")
    assert_no_secret(tmp_path)


# ---- the words themselves


def test_logs_are_hidden_in_message_arguments_and_traceback(caplog):
    redaction.learn(CANARY)
    before = logging.getLogRecordFactory()
    try:
        redaction.guard_logs()
        redaction.guard_logs()
        log = logging.getLogger("test")
        log.warning("key %s and %d", CANARY, 5)
        log.warning("nothing %s", "here")
        try:
            raise ValueError(f"no {CANARY}")
        except ValueError:
            log.exception("failed")
    finally:
        logging.setLogRecordFactory(before)
    assert CANARY not in caplog.text
    assert "key REDACTED and 5" in caplog.text
    assert "nothing here" in caplog.text
    assert "ValueError: no REDACTED" in caplog.text


def test_a_secret_is_found_across_pieces_and_in_its_quoted_form():
    secret = "a+b/c=d e&f-12345"
    redaction.learn(secret)
    assert redaction.hide(f"?key={secret}&x=a%2Bb%2Fc%3Dd+e%26f-12345") == "?key=REDACTED&x=REDACTED"
    whole = b"before " + secret.encode() + b" after"
    for at in range(len(whole)):
        assert redaction.is_found_in([whole[:at], whole[at:]])
    assert not redaction.is_found_in([whole[:15], whole[16:]])
    assert not redaction.is_found_in([])


def test_a_word_too_short_to_be_a_secret_hides_nothing():
    redaction.learn("any")
    assert redaction.hide("Germany") == "Germany"


def test_settings_show_no_key():
    settings = SourceSettings.from_env({"CIRCULARITY_COMTRADE_KEY": CANARY})
    assert CANARY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
