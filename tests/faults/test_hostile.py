"""Hostile answers: H01 to H10, H14, H15. What a source can do with bytes alone."""

from __future__ import annotations

import ast
import gzip
import json
import re
from pathlib import Path

import pytest

import connectors
from connectors.body import BadBodyError, gunzip
from connectors.config import SourceSettings
from connectors.errors import SourceError, StoreError
from connectors.http import Client
from connectors.protocols.base import MAX_JSON_DEPTH, failer, read_json, unpack
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec, is_code
from connectors.store import Store
from connectors.wire import Limits, Request
from tests.faults.matrix import fault
from tests.faults.router import Router, body, edit, headers, raw, redirect, web_page

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


# ---- labels and codes


def with_note(note: str):
    """One UNSD row whose footnote is `note`."""

    def change(good: bytes) -> bytes:
        head, first, rest = good.split(b"\n", 2)
        cells = first.rstrip(b"\r").split(b",")
        cells[head.split(b",").index(b"FootNote")] = b'"' + note.encode().replace(b'"', b'""') + b'"'
        return b"\n".join([head, b",".join(cells), rest])

    return edit(change)


def with_area(code: str):
    """One Eurostat row whose area is `code`."""
    return edit(lambda good: good.replace(b",AT,", b"," + code.encode() + b",", 1))


def hit_one(scene, spoil, key: str):
    at = revised(scene, key)
    at.router.inject(DATA[key] + (".*RCYR" if key == UNSD else ""), spoil)
    return at


@fault("H08", "holds a comment that is a formula")
@pytest.mark.parametrize(
    "label",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1",
        " =1",
        "＝1+1",
        "＋1",
        "－x",
        "＠x",
        "-x",
    ],
)
def test_a_formula_in_a_label_fails_at_the_source(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    at.assert_survived(at.refresh(), outcome="new", stored=True)


@fault("H08")
@pytest.mark.parametrize("label", ["-5.2", "+1", "-1,000", " -3 %", "a=b", "1+1", "mail: a@b"])
def test_numbers_and_harmless_labels_stay(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    at.assert_taken(at.refresh())


@fault("H08", "holds a formula in place of a code")
@pytest.mark.parametrize("code", ["=1+1", "@x", "＝1"])
def test_a_formula_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H09", "holds a path in place of a code")
@pytest.mark.parametrize("code", ["../../etc/passwd", "/etc/passwd", "..", "a..b", "C:\\x", "AT/../DE"])
def test_a_path_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H09")
@pytest.mark.parametrize("code", ["../x", "..", "a/b", "", "x" * 65, "a\n", "a b", "/x", ".x", "Ａ", "a\0b"])
def test_no_code_leads_out_of_the_store(tmp_path, code):
    store = Store(tmp_path / "root", illustrative=False)
    for call in (
        lambda: store.last_fetched(f"unsd/{code}"),
        lambda: store.list_vintages(f"{code}/sdg"),
        lambda: store.observations_path("unsd/sdg", code),
        lambda: store.get_manifest("unsd/sdg", code, "0" * 64),
        lambda: store.object_path(code),
    ):
        with pytest.raises(StoreError):
            call()
    declared = get_dataset(UNSD).model_dump(by_alias=True) | {"dataset": code}
    with pytest.raises(ValueError, match="dataset|code"):
        DatasetSpec.model_validate(declared)
    assert list(tmp_path.iterdir()) == []


@fault("H11", "holds a code outside the allowed alphabet")
@pytest.mark.parametrize("code", ["'; DROP TABLE x; --", '"; ATTACH', "AT' OR '1'='1", "AT;--"])
def test_sql_in_place_of_a_code_fails(scene, code):
    at = hit_one(scene, with_area('"' + code.replace('"', '""') + '"'), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H14", "holds a comment with control characters")
@pytest.mark.parametrize("label", ["a\u202egnp.exe", "a\x07b", "a\u2066b", "\x1b[2J"])
def test_letters_that_turn_the_text_around_or_control_a_terminal_fail(scene, label):
    at = hit_one(scene, with_note(label), UNSD)
    error = at.assert_survived(at.refresh(), outcome="new", stored=True)
    assert str(error).isprintable(), "the message shows them escaped"
    assert "data row 1" in str(error)


@fault("H14", "holds a control character in a code")
@pytest.mark.parametrize("code", ["A\0T", "A\u202eT"])
def test_controls_in_a_code_fail(scene, code):
    at = hit_one(scene, with_area(code), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H14", "is not a CSV table (line {n}: field larger than field limit ({m}))")
def test_a_label_of_a_megabyte_fails(scene):
    at = hit_one(scene, with_note("x" * 1_000_000), UNSD)
    at.assert_survived(at.refresh(), outcome="new", stored=True, told_as="P06")


@fault("H14")
def test_a_long_label_is_cut(scene):
    at = hit_one(scene, with_note("x" * 100_000), UNSD)
    at.assert_taken(at.refresh())
    vintage = at.store.latest_vintage(UNSD)
    longest = at.store.read_observations(UNSD, vintage.vintage)["comment_obs"].str.len_chars().max()
    assert longest == 2_000


@fault("H15", "holds a code that is not plain ASCII (U+0421)")
def test_a_cyrillic_letter_that_looks_latin_fails(scene):
    at = hit_one(scene, with_area("С"), EUROSTAT)
    at.assert_survived(at.refresh(), stored=True)


@fault("H15")
def test_codes_are_ascii():
    assert is_code("AT") and not is_code("АТ") and not is_code("A\u0301")


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


@fault("H13")
def test_no_page_of_ours_can_run_a_specification():
    """There are no charts yet: no template holds a script, and no package that draws them is loaded."""
    root = Path(connectors.__file__).parent.parent
    templates = [*root.glob("orchestration/**/*.j2"), *root.glob("orchestration/**/*.html")]
    assert templates
    for path in templates:
        assert not re.search(r"<script|vega|javascript:", path.read_text(encoding="utf-8"), re.I), path
