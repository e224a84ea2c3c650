"""Any bytes give a valid table or a typed error: never another exception, a hang, or a row lost in silence.

`parse` is called directly, so that the net below it (reading.unforeseen) hides nothing. The number of
examples a parser gets is CIRCULARITY_FUZZ_EXAMPLES (a long run: 20000); without it the examples are the same
in every run.
"""

from __future__ import annotations

import codecs
import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.errors import SourceError
from connectors.observations import KEY, NULLABLE, SCHEMA
from connectors.protocols.base import Parsed, failer
from connectors.protocols.eurostat_answers import read_refusal
from connectors.protocols.eurostat_catalogue import read_flow
from connectors.protocols.oecd_sdmx import read_valid_from
from connectors.protocols.unsd_sdmx import read_version
from connectors.protocols.unsd_series import read_releases
from connectors.protocols.xml_tree import read_xml
from tests.fuzz.spoiling import spoilt
from tests.fuzz.targets import Target, count_set_aside, targets
from tests.unit.connectors.wireformats import CIRCULAR

EXAMPLES = os.environ.get("CIRCULARITY_FUZZ_EXAMPLES")
TARGETS = targets()
SEEDS = [seed for target in TARGETS for seed in target.seeds]
FUZZ = settings(
    max_examples=int(EXAMPLES or 100),
    deadline=timedelta(seconds=10),
    derandomize=EXAMPLES is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
BY_NAME = pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
FLOW = b"""<?xml version="1.0" encoding="UTF-8"?>
<m:Structure xmlns:m="m" xmlns:s="s" xmlns:c="c"><m:Structures>
<s:Dataflows><s:Dataflow agencyID="ESTAT" id="CEI_SRM030" version="1.0"><c:Annotations><c:Annotation>
<c:AnnotationTitle>2025-06-10T23:00:00+0200</c:AnnotationTitle><c:AnnotationType>UPDATE_DATA</c:AnnotationType>
</c:Annotation></c:Annotations></s:Dataflow></s:Dataflows></m:Structures></m:Structure>"""
FAULT = b"""<?xml version="1.0"?><S:Envelope xmlns:S="s"><S:Body><S:Fault><faultcode>100</faultcode>
<faultstring>ERR_NOT_FOUND_2: nothing</faultstring></S:Fault></S:Body></S:Envelope>"""
LIST = b'[{"code":"EN_HAZ_GENV","release":"2026.Q1.G.01"}]'


def check(target: Target, body: bytes) -> None:
    """The body is refused by a typed error, or read whole."""
    try:
        parsed = target.parse(body)
    except SourceError as error:
        assert error.next_step and target.spec.key in str(error)
        assert str(error).isprintable(), "the message holds what a terminal would obey"
        return
    _check_table(parsed)
    repeated = count_set_aside(parsed)
    found = parsed.table.height + len(parsed.quarantine) + repeated * (2 if target.name == "comtrade" else 1)
    assert found == target.rows(body), "rows were lost or made up in silence"


def _check_table(parsed: Parsed) -> None:
    table = parsed.table
    assert table.columns == list(SCHEMA)
    assert not [name for name in SCHEMA if name not in NULLABLE and table[name].null_count()]
    assert table.select(KEY).n_unique() == table.height
    assert table["obs_value"].drop_nulls().is_finite().all()
    assert all(
        set(row) == {"part", "line", "reason", "ref_area", "time_period", "value"}
        for row in parsed.quarantine
    )


@BY_NAME
def test_good_bodies_are_read_whole(target: Target) -> None:
    for seed in target.seeds:
        target.parse(seed)
        check(target, seed)


@BY_NAME
def test_any_spoilt_body_is_read_or_refused(target: Target) -> None:
    @FUZZ
    @given(spoilt(target.seeds, SEEDS))
    def run(body: bytes) -> None:
        check(target, body)

    run()


@BY_NAME
def test_any_bytes_are_read_or_refused(target: Target) -> None:
    @FUZZ
    @given(st.binary(max_size=400))
    @example(b"")
    @example(b"\x1e")
    @example(codecs.BOM_UTF8)
    def run(body: bytes) -> None:
        check(target, body)

    run()


FAIL = failer(CIRCULAR, "all")
ANSWERS = {
    "fault": (lambda data: read_refusal(data, 200, FAIL), FAULT),
    "dataflow": (lambda data: read_flow(data, "CEI_SRM030", FAIL), FLOW),
    "xml": (lambda data: read_xml(data, FAIL), FLOW),
    "series list": (lambda data: read_releases(data, FAIL), LIST),
    "valid from": (lambda data: read_valid_from(data, FAIL), FLOW),
    "version": (lambda data: read_version(data, FAIL), FLOW),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_any_answer_beside_the_data_is_read_or_refused(name: str) -> None:
    """Error bodies, dataflows, lists: what decides whether data are asked for at all."""
    read, seed = ANSWERS[name]

    @FUZZ
    @given(spoilt([seed], [FAULT, FLOW, LIST, *SEEDS]) | st.binary(max_size=400))
    def run(body: bytes) -> None:
        try:
            read(body)
        except SourceError as error:
            assert error.next_step and str(error).isprintable()

    run()
