"""Declarations, registry and configuration: what is refused before anything is asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.errors import UsageError
from connectors.registry import DATASETS_DIR, get_dataset, list_datasets, load_datasets

GOOD = (DATASETS_DIR / "eurostat" / "cei_srm030.yaml").read_text()


def test_the_declared_data_sets():
    assert [spec.key for spec in list_datasets()] == [
        "eurostat/cei_pc031", "eurostat/cei_srm030", "eurostat/cei_wm011", "eurostat/env_wasmun",
        "unsd/sdg_12_2", "unsd/sdg_12_4", "unsd/sdg_12_5", "unsd/sdg_12_c",
        "world_bank/ny_gdp_mktp_cd", "world_bank/sp_pop_totl",
    ]  # fmt: skip


def test_an_unknown_key_is_answered_with_near_ones():
    with pytest.raises(UsageError, match="Did you mean: unsd/sdg_12_"):
        get_dataset("unsd/sdg_12")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("licence:\n", "license:\n", "licence"),
        ("citation:", "cited:", "citation"),
        ("version_marker:", "marker:", "version_marker"),
        ("freshness:", "fresh:", "freshness"),
        ("  all: [PC]", "  all: []", "at least one unit"),
        ("  all: [PC]", "  some: [PC]", "the one part 'all'"),
        ("code: CEI_SRM030", "code: ../CEI", "code"),
        ("code: CEI_SRM030\n", "", "code belongs to every protocol"),
        ("dataset: cei_srm030", "dataset: cei_other", "file and names must agree"),
        ("protocol: sdmx_csv", "protocol: csv", "protocol"),
        ("title:", "title: [", "not valid"),
    ],
)
def test_a_bad_declaration_is_refused_with_its_field(tmp_path, old, new, words):
    assert old in GOOD
    path = tmp_path / "eurostat" / "cei_srm030.yaml"
    path.parent.mkdir()
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(UsageError, match="cei_srm030.yaml") as caught:
        load_datasets(tmp_path)
    assert words in str(caught.value)


def test_the_hash_of_a_declaration_ignores_layout_and_notices_content(tmp_path):
    def hash_of(text: str) -> str:
        path = tmp_path / "eurostat" / "cei_srm030.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return load_datasets(tmp_path)[0].spec_sha256

    assert hash_of(GOOD) == hash_of("# a comment\n" + GOOD) == get_dataset("eurostat/cei_srm030").spec_sha256
    assert hash_of(GOOD.replace("[PC]", "[PC, KG]")) != hash_of(GOOD)


def test_defaults_and_environment():
    settings = SourceSettings.from_env({})
    assert (settings.mode, settings.sample_vintage, settings.home) == (
        "sample",
        2,
        Path(".circularity").absolute(),
    )
    settings = SourceSettings.from_env(
        {"CIRCULARITY_SOURCE": "live", "CIRCULARITY_UNSD_URL": "https://mirror.example/u/"}
    )
    assert settings.base_url("unsd") == "https://mirror.example/u"
    assert settings.base_url("eurostat") == "https://ec.europa.eu/eurostat"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CIRCULARITY_SOURCE", "lve", "choose one of: live, archive, sample"),
        ("CIRCULARITY_SAMPLE_VINTAGE", "3", "vintages 1 and 2"),
        ("CIRCULARITY_UNSD_URL", "http://mirror.example", "must use https"),
        ("CIRCULARITY_UNSD_URL", "https://me:word@mirror.example", "user name"),
        ("CIRCULARITY_UNSD_URL", "https://mirror.example/?key=1", "plain base address"),
        ("CIRCULARITY_UNSD_URL", "mirror", "plain base address"),
    ],
)
def test_bad_settings_are_refused_without_repeating_a_secret(name, value, words):
    with pytest.raises(UsageError, match=words) as caught:
        SourceSettings.from_env({name: value})
    assert "word@" not in str(caught.value)


def test_plain_http_is_for_this_machine():
    for url in ("http://127.0.0.1:8787/unsd", "http://localhost:1"):
        assert SourceSettings.from_env({"CIRCULARITY_UNSD_URL": url}).overrides == {"unsd": url}


def test_importing_every_module_stays_below_a_second_of_cpu():
    code = (
        "import importlib, pkgutil, time, connectors\n"
        "names = [m.name for m in pkgutil.walk_packages(connectors.__path__, 'connectors.')]\n"
        "[importlib.import_module(n) for n in names if not n.endswith('__main__')]\n"
        "import sys; assert 'pandas' not in sys.modules and 'dagster' not in sys.modules\n"
        "print(time.process_time())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 1.0
