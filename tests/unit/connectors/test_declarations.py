"""Declarations, registry and configuration: what is refused before anything is asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.errors import UsageError
from connectors.registry import DATASETS_DIR, get_dataset, list_datasets, load_datasets

GOOD = (DATASETS_DIR / "eurostat" / "cei_srm030.yaml").read_text()


@pytest.mark.parametrize(
    ("provider", "names"),
    [
        (
            "eurostat",
            "cei_cie011 cei_cie012 cei_cie020 cei_gsr010 cei_gsr011 cei_gsr020 cei_gsr030 cei_pc020 "
            "cei_pc030 cei_pc031 cei_pc032 cei_pc034 cei_pc035 cei_pc040 cei_pc050 cei_srm020 cei_srm030 "
            "cei_wm010 cei_wm011 cei_wm020 cei_wm060 demo_gind env_ac_tax env_wasgen env_wasmun env_waspac "
            "env_wastrt",
        ),
        (
            "unsd",
            "sdg_12_1 sdg_12_2 sdg_12_3 sdg_12_4 sdg_12_4_total sdg_12_4_trade sdg_12_5 sdg_12_6 sdg_12_7 "
            "sdg_12_8 sdg_12_a sdg_12_b sdg_12_c sdg_15_1 sdg_15_2 sdg_7_2 sdg_9_1",
        ),
        ("world_bank", "lp_lpi_ovrl_xq ny_gdp_mktp_cd ny_gdp_mktp_pp_cd ny_gdp_mktp_pp_kd sp_pop_totl"),
    ],
)
def test_the_declared_data_sets(provider, names):
    assert [spec.dataset for spec in list_datasets() if spec.provider == provider] == names.split()


SERIES_TO_INGEST_FIRST = """
EN_MAT_DOMCMPT EN_MAT_DOMCMPC EN_MAT_DOMCMPG EN_MAT_FTPRTN EN_MAT_FTPRPC EN_MAT_FTPRPG EN_HAZ_GENV
EN_HAZ_PCAP EN_HAZ_GENGDP EN_HAZ_TREATV EN_HAZ_TRTDISR EN_HAZ_TRTDISV EN_HAZ_EXP EN_HAZ_IMP
EN_MWT_GENV EN_MWT_COLLV EN_MWT_RCYV EN_MWT_RCYR EN_MWT_TREATR EN_MWT_TREATV EN_EWT_GENV
EN_EWT_GENPCAP EN_EWT_COLLV EN_EWT_COLLPCAP EN_EWT_RCYR EN_EWT_RCYV AG_FOOD_WST AG_FOOD_WST_PC
AG_FLS_PCT AG_FLS_INDEX SG_HAZ_CMRBASEL SG_HAZ_CMRMNMT SG_HAZ_CMRMNTRL SG_HAZ_CMRROTDAM
SG_HAZ_CMRSTHOLM SG_SCP_POLINS SG_SCP_PROCN SG_SCP_PROCN_HS SG_SCP_PROCN_LS EN_SCP_FRMN
ER_FFS_CMPT_CD ER_FFS_CMPT_GDP ER_FFS_CMPT_PC_CD ST_EEV_ACCSEEA ST_EEV_ACCTSA ST_EEV_STDACCT
"""
# What the indicators need besides.
SERIES_OF_INDICATORS = """
SG_SCP_TOTLN SG_SCP_CNTRY EN_MWT_EXP EN_MWT_IMP EN_TWT_GENV SE_GCEDESD_NEP SE_GCEDESD_CUR SE_GCEDESD_TED
SE_GCEDESD_SAS EG_FEC_RNEW EG_EGY_RNEW AG_LND_FRSTN AG_LND_FRSTCERT IS_RDP_FRGVOL
"""


def test_every_series_to_ingest_is_declared_once():
    series = [part for spec in list_datasets() if spec.provider == "unsd" for part in spec.parts]
    assert sorted(series) == sorted((SERIES_TO_INGEST_FIRST + SERIES_OF_INDICATORS).split())


def test_an_unknown_key_is_answered_with_near_ones():
    with pytest.raises(UsageError, match="Did you mean: unsd/sdg_12_7"):
        get_dataset("unsd/sdg_127")


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
        ("protocol: eurostat", "protocol: csv", "protocol"),
        ("title:", "title: [", "not valid"),
        ("negative_values:", "part_dimensions: {other: [a]}\nnegative_values:", "part that is not declared"),
        ("negative_values:", "price_base: {other: '2015'}\nnegative_values:", "part that is not declared"),
        ("negative_values:", "price_base: {all: '15'}\nnegative_values:", "price_base"),
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
