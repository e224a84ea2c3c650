"""Hostile answers: H01 to H07, H10, H12. Labels and codes are in test_labels.py, charts in
tests/site/test_hostile_charts.py."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path

import pytest

import connectors
from connectors.body import BadBodyError, gunzip
from connectors.config import SourceSettings
from connectors.errors import SourceError
from connectors.http import Client
from connectors.protocols.base import failer, unpack
from connectors.protocols.json_text import MAX_JSON_DEPTH, read_json
from connectors.registry import get_dataset
from connectors.wire import Limits, Request
from tests.faults.matrix import fault
from tests.faults.router import Router, body, headers, raw, redirect, web_page

UNSD, EUROSTAT, WORLD_BANK = "unsd/sdg_12_5", "eurostat/cei_srm030", "world_bank/sp_pop_totl"
DATA = {UNSD: "Series/DataCSV", EUROSTAT: "sdmx/2.1/data/", WORLD_BANK: "indicator/SP.POP.TOTL"}


def revised(scene, key: str, **options):
    at = scene(key, **options)
    at.router.vintage = 2
    return at


# ---- XML

XXE = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<x><faultstring>&secret;</faultstring></x>"""
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<x><faultstring>&d;</faultstring></x>"""
REFUSED = "sent XML with a document type not allowed (byte {n})"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(XXE, marks=fault("H01", REFUSED), id="external entity"),
        pytest.param(BOMB, marks=fault("H02", REFUSED), id="entity bomb"),
        pytest.param(
            XXE.replace(b"<!DOCTYPE", b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE"),
            marks=fault("H03", REFUSED),
            id="behind a comment",
        ),
        pytest.param(
            XXE.replace(b'"1.0"', b'"1.0" encoding="ISO-8859-1"'),
            marks=fault(
                "H03", "sent XML in an encoding that is not read [field encoding, value 'ISO-8859-1']"
            ),
            id="another encoding",
        ),
    ],
)
def test_a_document_type_is_refused_before_parsing(scene, sent):
    at = revised(scene, EUROSTAT)
    at.router.inject(DATA[EUROSTAT], body(sent))
    told_as = at.row.fault if "encoding" in at.row.says else "H01"
    error = at.assert_survived(at.refresh(), told_as=told_as)
    assert "aaaaaaaaaa" not in str(error)


@fault("H03", "is not UTF-8 text at byte 0")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_document_type_in_wide_letters_is_refused(scene, encoding):
    at = revised(scene, EUROSTAT)
    at.router.inject(DATA[EUROSTAT], body("<?xml?>".encode("utf-16") + XXE.decode().encode(encoding)))
    at.assert_survived(at.refresh(), told_as="P02")


@fault("H03", "sent XML that is not plain UTF-8 text")
def test_a_document_type_between_nul_bytes_is_refused(scene):
    at = revised(scene, EUROSTAT)
    at.router.inject(DATA[EUROSTAT], body(XXE.decode().encode("utf-16-be").replace(b"\0<", b"<", 1)))
    at.assert_survived(at.refresh())


# ---- archives and sizes


@fault("H04", "packed its answer more than 100 times")
@pytest.mark.parametrize("declared", ["gzip", ""])
@pytest.mark.parametrize("key", DATA)
def test_a_gzip_bomb_is_refused_declared_or_not(scene, key, declared):
    at = revised(scene, key)
    at.router.inject(DATA[key], body(gzip.compress(b" " * 20_000_000)))
    at.router.inject(DATA[key], headers(Content_Encoding=declared))
    at.assert_survived(at.refresh())


@fault("H04", "sent a gzip body of more than 50 members")
def test_a_gzip_body_of_many_members_is_refused(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(DATA[WORLD_BANK], raw(lambda good: gzip.compress(b" ") * 50 + gzip.compress(good)))
    at.assert_survived(at.refresh())


@fault("H04")
def test_each_limit_of_gzip_lets_through_what_is_just_below_it():
    small = Limits(size=1000, ratio=100, members=3)
    three = [gzip.compress(b"x" * 200)] * 3
    assert b"".join(gunzip(three, small)) == b"x" * 600
    with pytest.raises(BadBodyError, match="more than 3 members"):
        list(gunzip([*three, three[0]], small))
    assert len(b"".join(gunzip([gzip.compress(b"x" * 1000)], small))) == 1000
    with pytest.raises(BadBodyError, match="more than 1000 bytes"):
        list(gunzip([gzip.compress(b"x" * 1001)], small))
    floor = 1 << 16
    assert len(b"".join(gunzip([gzip.compress(b" " * (100 * floor))], Limits()))) == 100 * floor
    with pytest.raises(BadBodyError, match="more than 100 times"):
        list(gunzip([gzip.compress(b" " * (100 * floor + 1))], Limits()))
    many = gzip.compress(b"x") * 50
    assert unpack(many, failer(get_dataset(UNSD), "p")) == b"x" * 50


@fault("H04")
def test_gzip_cut_into_pieces_at_any_byte_is_the_same():
    sent, plain = gzip.compress(b"first") + gzip.compress(b"second") + b"\0\0", b"firstsecond"
    for at in range(len(sent) + 1):
        assert b"".join(gunzip([sent[:at], sent[at:]], Limits())) == plain
    assert b"".join(gunzip([sent[n : n + 1] for n in range(len(sent))], Limits())) == plain


@fault("H05", "was expected to be CSV and is a ZIP archive")
def test_an_archive_is_refused_whole_and_never_opened(scene):
    at = revised(scene, UNSD)
    at.router.inject(DATA[UNSD], body(b"PK\x03\x04" + b"../../etc/passwd".ljust(200, b"\n")))
    at.assert_survived(at.refresh(), told_as="T03", stored=True)


@fault("H05")
def test_no_connector_can_open_an_archive():
    """Nothing here unpacks archives, so there is no member, link or password to check."""
    openers = {"zipfile", "tarfile", "lzma", "bz2", "shutil.unpack_archive"}
    for path in Path(connectors.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [ast.unparse(node)] if isinstance(node, ast.Attribute) else []
            assert not openers & set(names), path


@fault("H06", "answered more than {n} bytes")
@pytest.mark.parametrize("key", DATA)
def test_an_oversized_body_is_refused_while_it_comes(scene, key):
    at = revised(scene, key, limits=Limits(size=2_000))
    at.router.inject(DATA[key], body(b"x," * 1_000_000))
    at.router.inject(DATA[key], headers(Content_Length="2000000"))
    at.assert_survived(at.refresh())


@fault("H06")
def test_a_body_of_exactly_the_cap_is_taken(scene):
    at = scene(WORLD_BANK)
    at.router.vintage = 2
    at.refresh()
    sizes = [manifest["bytes"] for manifest in manifests(at)]
    one_page = max(sizes) - 1  # the separator before a page is ours
    for cap, outcome in ((one_page, "unchanged"), (one_page - 1, "kept")):
        at.client = Client(at.settings, sleep=at.clock.sleep, monotonic=at.clock, limits=Limits(size=cap))
        at.router.inject(DATA[WORLD_BANK], headers(ETag=f'"{cap}"'))
        assert at.refresh().outcome == outcome


def manifests(at) -> list[dict]:
    folder = at.store.root / "snapshots" / at.spec.provider / at.spec.dataset
    return [json.loads(path.read_text()) for path in folder.rglob("*.json") if len(path.stem) == 64]


# ---- JSON


@fault("H07", "nests JSON {n} levels deep, more than 64")
@pytest.mark.parametrize("depth", [65, 1_000, 200_000])
def test_deep_json_is_refused(scene, depth):
    at = revised(scene, WORLD_BANK)
    at.router.inject(DATA[WORLD_BANK], body(b"[" * depth + b"]" * depth))
    at.assert_survived(at.refresh())


@fault("H07")
def test_json_is_read_down_to_the_limit():
    fail = failer(get_dataset(WORLD_BANK), "all")
    inside = b"".join([b'{"a":'] * 32 + [b"["] * 32)
    assert read_json(inside + b"]" * 32 + b"}" * 32, fail)
    with pytest.raises(SourceError, match="nests JSON 65 levels deep"):
        read_json(b"[" + inside + b"]" * 32 + b"}" * 32 + b"]", fail)
    assert read_json(b'"' + b"[" * 1000 + b'"', fail) == "[" * 1000, "brackets inside text are text"
    assert MAX_JSON_DEPTH == 64


# ---- forged addresses


@fault("H10", "was sent to another address ({reason}); nothing was asked there")
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://user:word@127.0.0.1:{own}/unsd/",
        "http://127.0.0.1:{own}@127.0.0.1:{port}/",
        "http://127.0.0.1:{own}\\@127.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://unstats.un.org:8443/",
        "http://unstats.un.org/",
        "//127.0.0.1:{port}/",
        "file:///etc/hostname",
        "gopher://127.0.0.1:{port}/",
        "http://127.0.0.1:99999/",
    ],
)
def test_a_forged_redirect_is_refused_and_nobody_is_asked(scene, target):
    with Router() as victim:
        at = revised(scene, WORLD_BANK)
        port, own = (router.url.rpartition(":")[2] for router in (victim, at.router))
        at.router.inject(DATA[WORLD_BANK], redirect(target.format(port=port, own=own)))
        error = at.assert_survived(at.refresh())
        assert "word" not in str(error)
        assert victim.log == []


@fault("H10", "{host} resolves to the private address {address}")
@pytest.mark.parametrize(
    "address", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1"]
)
def test_an_official_host_behind_a_private_address_is_refused(tmp_path, row, address):
    env = {"CIRCULARITY_SOURCE": "live", "CIRCULARITY_HOME": str(tmp_path)}
    client = Client(SourceSettings.from_env(env), resolver=lambda host, port: ["192.0.43.8", address])
    with client, pytest.raises(SourceError) as caught:
        client.fetch(Request("unsd", "sdg_12_5", "p", "x"), tmp_path / "body")
    assert caught.value.fault == "H10"
    assert address in str(caught.value)


# ---- pages


@fault("H12")
def test_a_web_page_from_a_source_is_shown_as_text_only(scene):
    at = revised(scene, WORLD_BANK)
    at.router.inject(DATA[WORLD_BANK], web_page())
    error = at.refresh().errors["all"]
    assert "[field answer, value '<!DOCTYPE html>" in str(error), "quoted, cut, never markup"
