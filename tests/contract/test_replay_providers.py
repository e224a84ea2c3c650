"""UNSD, the World Bank and the OECD against the replay server: every data set, all routes, what is asked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from connectors.config import OFFICIAL_URLS, SourceSettings
from connectors.http import Client
from connectors.ingest import IngestResult
from connectors.observations import content_sha256
from connectors.probe import probe
from connectors.protocols import unsd_json, unsd_sdg
from connectors.protocols.base import RawPart
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset, list_datasets
from connectors.store import Store

pytestmark = pytest.mark.replay
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PREFIXES = {name: name for name in OFFICIAL_URLS} | {"world_bank": "worldbank"}
KEYS = [spec.key for spec in list_datasets() if spec.provider in ("unsd", "world_bank", "oecd")]
# Rows as sent, those set aside included. 0: nothing is there. The server has none of the series of NOWHERE,
# and its older vintage none of those in LATER.
ROWS = {
    "2022-07": {
        "oecd/munw": 25228, "unsd/sdg_12_1": 654, "unsd/sdg_12_2": 268439, "unsd/sdg_12_3": 1612,
        "unsd/sdg_12_4": 12293, "unsd/sdg_12_5": 711, "unsd/sdg_12_6": 4163, "unsd/sdg_12_7": 72,
        "unsd/sdg_12_4_total": 0, "unsd/sdg_12_4_trade": 0, "unsd/sdg_12_8": 0, "unsd/sdg_12_a": 0,
        "unsd/sdg_15_1": 0, "unsd/sdg_15_2": 0, "unsd/sdg_7_2": 0, "unsd/sdg_9_1": 0,
        "unsd/sdg_12_b": 0, "unsd/sdg_12_c": 4065, "world_bank/lp_lpi_ovrl_xq": 184,
        "world_bank/ny_gdp_mktp_cd": 16226, "world_bank/ny_gdp_mktp_pp_cd": 16492,
        "world_bank/ny_gdp_mktp_pp_kd": 0, "world_bank/sp_pop_totl": 16758,
    },
    "2023-12": {
        "oecd/munw": 26896, "unsd/sdg_12_1": 646, "unsd/sdg_12_2": 252073, "unsd/sdg_12_3": 2226,
        "unsd/sdg_12_4": 21383, "unsd/sdg_12_5": 2985, "unsd/sdg_12_6": 4839, "unsd/sdg_12_7": 121,
        "unsd/sdg_12_4_total": 0, "unsd/sdg_12_4_trade": 603, "unsd/sdg_12_8": 249, "unsd/sdg_12_a": 0,
        "unsd/sdg_15_1": 0, "unsd/sdg_15_2": 0, "unsd/sdg_7_2": 5582, "unsd/sdg_9_1": 0,
        "unsd/sdg_12_b": 7045, "unsd/sdg_12_c": 7562, "world_bank/lp_lpi_ovrl_xq": 230,
        "world_bank/ny_gdp_mktp_cd": 16758, "world_bank/ny_gdp_mktp_pp_cd": 17024,
        "world_bank/ny_gdp_mktp_pp_kd": 0, "world_bank/sp_pop_totl": 17195,
    },
}  # fmt: skip
NOWHERE = {
    "unsd/sdg_12_4_total": {"EN_TWT_GENV"}, "unsd/sdg_12_a": {"EG_EGY_RNEW"},
    "unsd/sdg_15_1": {"AG_LND_FRSTN"}, "unsd/sdg_15_2": {"AG_LND_FRSTCERT"},
    "unsd/sdg_9_1": {"IS_RDP_FRGVOL"},
    "world_bank/ny_gdp_mktp_pp_kd": {"all"},
}  # fmt: skip
LATER = {
    "unsd/sdg_12_4": {"EN_MWT_TREATV"}, "unsd/sdg_12_4_trade": {"EN_MWT_EXP", "EN_MWT_IMP"},
    "unsd/sdg_12_5": {"EN_MWT_RCYR"}, "unsd/sdg_7_2": {"EG_FEC_RNEW"},
    "unsd/sdg_12_8": {"SE_GCEDESD_NEP", "SE_GCEDESD_CUR", "SE_GCEDESD_TED", "SE_GCEDESD_SAS"},
    "unsd/sdg_12_b": {"ST_EEV_ACCSEEA", "ST_EEV_ACCTSA", "ST_EEV_STDACCT"},
}  # fmt: skip
MISSING = {"2022-07": NOWHERE | LATER, "2023-12": NOWHERE}
# What the server is known not to have: the questions about it are answered by a change.
NEVER_LISTED = ("AG_LND_FRSTCERT", "AG_LND_FRSTN", "EG_EGY_RNEW", "EN_TWT_GENV", "IS_RDP_FRGVOL")
"""Series we declare and no replayed vintage has: the probe says so, as it must."""

NOT_REPLAYED = {
    "Which version has the dataflow?",
    "Does one Comext cell agree in both units?",
    "Is GDP offered in constant prices, of the declared year?",
    "Does the content constraint say when a dataflow changed?",
}


class Source:
    """A replay server, a client that asks it without waiting, and a store."""

    def __init__(self, base: str, home: Path) -> None:
        self.base = base
        addresses = {f"CIRCULARITY_{name.upper()}_URL": f"{base}/{PREFIXES[name]}" for name in OFFICIAL_URLS}
        settings = SourceSettings.from_env(
            {"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": str(home), **addresses}
        )
        self.client = Client(settings, sleep=lambda seconds: None)
        self.store = Store(settings.root, illustrative=False)

    def control(self, what: str, content: object) -> None:
        body = json.dumps(content).encode()
        urlopen(Request(f"{self.base}/_control/{what}", data=body, method="POST")).close()

    def refresh_all(self) -> dict[str, IngestResult]:
        return {key: refresh_dataset(get_dataset(key), self.client, self.store, NOW) for key in KEYS}

    def take_log(self) -> list[dict[str, object]]:
        with urlopen(f"{self.base}/_control/log") as answer:
            entries = json.load(answer)
        urlopen(Request(f"{self.base}/_control/log", method="DELETE")).close()
        return entries


@pytest.fixture
def source(replay_server: Callable[[str], str], tmp_path: Path) -> Source:
    return Source(replay_server("2022-07"), tmp_path)


def count_rows(result: IngestResult) -> int:
    return result.vintage.rows + result.vintage.quarantined if result.vintage else 0


def has_data(entry: dict[str, object]) -> bool:
    """Whether observations came: not a list of series, not a refusal, not "nothing changed"."""
    is_question = str(entry["path"]).endswith("Series/List") or "PP.KD" in str(entry["path"])
    return entry["status"] == 200 and not is_question


def test_every_data_set_comes_in_both_vintages_and_only_once(source):
    for vintage, rows in ROWS.items():
        source.control("vintage", {"vintage": vintage})
        results = source.refresh_all()
        assert {key: count_rows(result) for key, result in results.items()} == rows
        assert {key: set(result.errors) for key, result in results.items() if result.errors} == MISSING[
            vintage
        ]
        assert any(has_data(entry) for entry in source.take_log())
        again = source.refresh_all()
        assert not [entry for entry in source.take_log() if has_data(entry)]
        outcomes = {key: result.outcome for key, result in again.items()}
        assert outcomes == {key: "unchanged" if count else "absent" for key, count in rows.items()}


def test_a_missing_series_fails_its_part_only_and_is_named(source):
    result = refresh_dataset(get_dataset("unsd/sdg_12_5"), source.client, source.store, NOW)
    (error,) = result.errors.values()
    assert (error.part, error.fault) == ("EN_MWT_RCYR", "S07")
    assert result.vintage.parts["EN_MWT_RCYR"].status == "absent"
    assert {name for name, part in result.vintage.parts.items() if part.status == "fresh"} == {
        "EN_MWT_RCYV", "EN_EWT_RCYR", "EN_EWT_RCYV",
    }  # fmt: skip


def test_thousands_are_kept_as_thousands(source):
    result = refresh_dataset(get_dataset("oecd/munw"), source.client, source.store, NOW)
    table = source.store.read_observations("oecd/munw", result.vintage.vintage)
    tonnes = table.filter(table["unit_measure"] == "T")
    assert set(tonnes["unit_mult"]) == {3}
    assert set(table.filter(table["unit_measure"] != "T")["unit_mult"]) == {0}


@pytest.mark.parametrize("key", sorted({key for key in KEYS if key.startswith("unsd/")} - set(NOWHERE)))
def test_pages_of_json_say_the_same_as_csv(source, key, tmp_path):
    source.control("vintage", {"vintage": "2023-12"})
    csv_spec = get_dataset(key)
    json_spec = csv_spec.model_copy(update={"protocol": "unsd_json", "query": {"pageSize": "20000"}})
    found: dict[str, dict[str, str]] = {}
    for module, spec in ((unsd_sdg, csv_spec), (unsd_json, json_spec)):
        for item in module.fetch_parts(spec, source.client, tmp_path, {}):
            assert isinstance(item, RawPart), item
            table = module.parse(item.path.read_bytes(), spec, item.part, "0" * 64).table
            found.setdefault(item.part, {})[module.__name__] = content_sha256(table)
    assert set(found) == set(csv_spec.parts)
    for part, contents in found.items():
        assert len(contents) == 2
        assert len(set(contents.values())) == 1, part


@pytest.mark.parametrize(
    ("kind", "words"),
    [("duplicate_rows", "rows came twice"), ("dropped_series", "no rows"), ("json_nan", "no JSON number")],
)
def test_a_spoilt_page_of_json_is_refused(source, tmp_path, kind, words):
    rule = {"match": "(?i)Series/Data\\?", "kind": kind}
    source.control("faults", [rule])
    spec = get_dataset("unsd/sdg_12_6").model_copy(update={"protocol": "unsd_json"})
    (item,) = unsd_json.fetch_parts(spec, source.client, tmp_path, {})
    if isinstance(item, RawPart):
        pytest.fail("the spoilt pages were taken")
    assert words in str(item.error)


@pytest.mark.parametrize("provider", [name for name in OFFICIAL_URLS if name != "unece"])
def test_the_probe_confirms_what_the_server_has(source, provider):
    source.control("vintage", {"vintage": "2023-12"})
    for finding in probe(provider, source.client):
        if provider == "unsd" and "every declared series listed" in finding.question:
            assert finding.verdict == "changed", finding
            assert finding.detail.endswith(f"ours that are not: {', '.join(NEVER_LISTED)}")
            continue
        expected = {"changed"} if finding.question in NOT_REPLAYED else {"confirmed", "unasked"}
        assert finding.verdict in expected, finding
