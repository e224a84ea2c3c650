"""Rates and quotas: how long a call waits, and that processes, restarts and kills do not lose count."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from connectors.budget import DAY, FILE, HOUR, LIMITS, LONGEST, Budget, read_wait
from connectors.errors import StoreError

START = datetime(2026, 3, 1, 6, tzinfo=UTC)


class Moment:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def budget(tmp_path, moment) -> Budget:
    return Budget(tmp_path, moment)


def take_many(budget, moment, provider, calls, patience=5.0):
    """Seconds waited for each call, the clock moved on as a patient caller would."""
    waits = []
    for _ in range(calls):
        turn = budget.take(provider, patience)
        waits.append(round(turn.wait, 6))
        moment.pass_by(turn.wait)
    return waits


@pytest.mark.parametrize(
    ("provider", "waits"),
    [
        ("comtrade", [0, 1, 1, 1]),
        ("oecd", [0, 0.5, 0.5, 0.5]),
        ("eurostat", [0, 0.5, 0.5, 0.5]),
        ("unece", [0] * 10 + [10]),
    ],
)
def test_calls_keep_each_provider_s_rate(budget, moment, provider, waits):
    assert take_many(budget, moment, provider, len(waits), patience=20) == waits


@pytest.mark.parametrize(("provider", "calls", "span"), [("comtrade", 500, DAY), ("oecd", 60, HOUR)])
def test_the_quota_ends_and_returns_when_the_oldest_call_is_old_enough(
    tmp_path, budget, moment, provider, calls, span
):
    take_many(budget, moment, provider, 3)
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:  # the others, a second apart
        times = [(provider, START.timestamp() + second) for second in range(3, calls)]
        file.executemany("INSERT INTO call VALUES (?, ?)", times)
    moment.at = START + timedelta(seconds=calls)
    later = Budget(tmp_path, moment)  # another process
    turn = later.take(provider, patience=900)
    assert turn.at == START + timedelta(seconds=span)
    assert turn.reason == str(LIMITS[provider][-1])
    moment.at = turn.at - timedelta(seconds=1)
    assert later.take(provider, patience=0).wait == 1
    moment.at = turn.at
    assert later.take(provider, patience=0).wait == 0


def test_a_place_too_far_away_is_not_taken(budget, moment):
    budget.take("comtrade", 0)
    assert [budget.take("comtrade", 0).wait for _ in range(3)] == [1, 1, 1]
    moment.pass_by(1)
    assert budget.take("comtrade", 0).wait == 0


def test_providers_do_not_share_a_quota(budget, moment):
    assert [budget.take("oecd", 0).wait for _ in range(2)] == [0, 0.5]
    assert budget.take("comtrade", 0).wait == 0


def test_the_provider_s_own_word_is_kept_for_the_next_process(tmp_path, budget, moment):
    until = budget.close("comtrade", 11_657)
    assert until == START + timedelta(hours=3, minutes=14, seconds=17)
    other = Budget(tmp_path, moment)
    assert other.take("comtrade", 900).at == until
    assert other.ask_closed("comtrade").at == until
    assert other.ask_closed("oecd") is None
    moment.at = until
    assert other.ask_closed("comtrade") is None
    assert other.take("comtrade", 0).wait == 0


def test_usage_lists_every_limit(budget, moment):
    assert budget.list_usage() == []
    take_many(budget, moment, "comtrade", 3)
    budget.close("unece", 60)
    found = {(usage.provider, str(usage.limit)): usage for usage in budget.list_usage()}
    assert found["comtrade", "500 calls a day"].used == 3
    assert found["comtrade", "500 calls a day"].closed_until is None
    assert found["unece", "10 calls in 10 s"].closed_until == moment.at + timedelta(seconds=60)


def test_a_clock_set_back_does_not_close_a_provider_for_years(budget, moment):
    moment.at = START + timedelta(days=4000)
    budget.take("comtrade", 0)
    budget.close("comtrade", 60)
    moment.at = START
    assert budget.take("comtrade", 0).wait == 0


def test_no_refusal_is_believed_for_longer_than_a_month(budget):
    assert budget.close("comtrade", 1e12) == START + timedelta(seconds=LONGEST)


def test_a_damaged_file_is_told_with_what_to_do(budget, tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be looked at as one" * 40)
    with pytest.raises(StoreError, match="delete it: only the count of recent calls is lost"):
        budget.take("comtrade", 0)


WORKER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from connectors.budget import Budget
budget = Budget(Path(sys.argv[1]), lambda: datetime(2026, 3, 1, tzinfo=UTC))
print("ready", flush=True)
taken = 0
for _ in range(int(sys.argv[2])):
    taken += budget.take("oecd", 86400).wait <= 1800  # within the first hour's 60 places
print(taken, flush=True)
"""


def start_worker(tmp_path, calls):
    command = [sys.executable, "-c", WORKER, str(tmp_path), str(calls)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline() == "ready\n"
    return worker


def test_processes_share_one_quota_exactly(tmp_path):
    workers = [start_worker(tmp_path, 40) for _ in range(3)]
    assert sum(int(worker.communicate(timeout=60)[0]) for worker in workers) == 60


def test_a_killed_process_leaves_a_file_that_counts_on(tmp_path):
    worker = start_worker(tmp_path, 100_000)
    while not count_rows(tmp_path):
        assert worker.poll() is None
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=60)
    budget = Budget(tmp_path, lambda: datetime(2026, 3, 1, tzinfo=UTC))  # as the worker's
    before = count_rows(tmp_path)
    budget.take("oecd", 1e9)
    assert count_rows(tmp_path) == before + 1


def count_rows(folder) -> int:
    try:
        with closing(sqlite3.connect(folder / FILE)) as file:
            return file.execute("SELECT count(*) FROM call").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not made yet


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ('{"statusCode":429,"message":"Rate limit is exceeded. Try again in 1 seconds."}', 1),
        ("Try again in 2 minutes", 120),
        ("Out of call volume quota. Quota will be replenished in 03:14:17.", 11_657),
        ("Quota will be replenished in 1.00:00:01.", 86_401),
        ("Quota will be replenished in 99:99:99.", None),
        ("Try again later", None),
        ("", None),
    ],
)
def test_the_words_of_a_refusal_are_read(text, seconds):
    assert read_wait(text) == seconds
