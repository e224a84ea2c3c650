"""PxWeb on invented answers: pieces below the limit, years behind places, and what was expected."""

import json
import re
from itertools import product
from math import prod
from pathlib import Path

import pytest
import yaml

import connectors
from connectors.errors import SourceError
from connectors.protocols import pxweb
from connectors.protocols.base import FailedPart, RawPart, UnchangedPart, failer
from connectors.protocols.pxweb_query import count_cells, cut, read_table
from connectors.records import FetchedPart
from connectors.spec import DatasetSpec
from tests.unit.connectors.conftest import Asked, Reply
from tests.unit.connectors.wireformats import SNAPSHOT, with_changes

GUIDE = (Path(connectors.__file__).parents[1] / "docs" / "engineers.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(provider: unece\n.*?)```", GUIDE, re.DOTALL).group(1)
SPEC = DatasetSpec.model_validate(yaml.safe_load(EXAMPLE))
ALL = with_changes(SPEC, table=SPEC.table.model_copy(update={"select": {}}))
UPDATED = "2026-01-20T09:00:00"
MARKER = "2026-01-20T09:00:00Z"


class Server:
    """A small PxWeb: `sizes` values of each variable, at most `limit` cells an answer."""

    def __init__(self, provider, areas=("040", "276", "008"), years=("2019", "2020"), limit: int = 100_000):
        self.variables = {
            "Origin": (["TOTAL", "HH"], ["Total", "Households"]),
            "Country": (list(areas), [f"Land {code}" for code in areas]),
            "Year": ([str(place) for place in range(len(years))], list(years)),
        }
        self.limit, self.updated, self.listed = limit, UPDATED, UPDATED
        self.asked: list[dict[str, list[str]]] = []
        self.bom = b""
        self.table = "01_en_example_r.px"
        provider.answer = self.answer

    def answer(self, asked: Asked) -> Reply:
        folder = "/unece/api/v1/en/STAT/40-ENV/01-Waste/"
        assert asked.path.startswith(folder)
        if asked.method == "POST":
            return self.data(json.loads(asked.body))
        if asked.path == folder:
            entry = {"id": self.table, "type": "t", "text": "Waste"}
            return self.json([{**entry, "updated": self.listed} if self.listed else entry])
        variables = [
            {"code": code, "text": code, "values": values, "valueTexts": texts}
            for code, (values, texts) in self.variables.items()
        ]
        return self.json({"title": "Waste", "variables": variables})

    def json(self, content) -> Reply:
        return Reply(self.bom + json.dumps(content).encode())

    def data(self, question) -> Reply:
        assert question["response"] == {"format": "json-stat"}
        assert {item["selection"]["filter"] for item in question["query"]} == {"item"}
        wanted = {item["code"]: item["selection"]["values"] for item in question["query"]}
        if prod(map(len, wanted.values())) > self.limit:
            return Reply(b"too many cells", status=403)
        self.asked.append(wanted)
        values = [self.value(*cell) for cell in product(*wanted.values())]
        dimension = {
            code: {"label": code, "category": {"index": {value: at for at, value in enumerate(chosen)}}}
            for code, chosen in wanted.items()
        }
        shape = {"id": list(wanted), "size": [len(chosen) for chosen in wanted.values()]}
        dataset = {"dimension": {**dimension, **shape, "role": {"time": ["Year"]}}, "value": values}
        return self.json({"dataset": {**dataset, "label": "Waste", "updated": self.updated}})

    @staticmethod
    def value(origin: str, area: str, place: str) -> float:
        return int(area) + int(place) / 10 + (0.5 if origin == "HH" else 0)


@pytest.fixture
def server(provider) -> Server:
    return Server(provider)


def fetch(client, tmp_path, spec=SPEC, known=None):
    return next(iter(pxweb.fetch_parts(spec, client, tmp_path, known or {})))


def failed(client, tmp_path, spec=SPEC) -> SourceError:
    found = fetch(client, tmp_path, spec)
    assert isinstance(found, FailedPart)
    return found.error


def rows(fetched, spec=SPEC) -> dict[tuple[str, str, str], float]:
    table = pxweb.parse(fetched.path.read_bytes(), spec, "all", SNAPSHOT).table
    return {
        row[:3]: row[3] for row in table.select("ref_area", "time_period", "dimensions", "obs_value").rows()
    }


def test_the_example_in_the_guide_is_a_declaration_and_reads_a_table(client, server, tmp_path):
    fetched = fetch(client, tmp_path)
    assert isinstance(fetched, RawPart)
    assert (fetched.version_marker, pxweb.producer_date(fetched.version_marker)) == (MARKER, "2026-01-20")
    assert fetched.params == {"cells": "6", "queries": "1"}
    found = rows(fetched)
    assert found[("276", "2020", '{"Origin":"TOTAL"}')] == 276.1
    assert {area for area, _, _ in found} == {"040", "276", "008"}
    assert {year for _, year, _ in found} == {"2019", "2020"}
    table = pxweb.parse(fetched.path.read_bytes(), SPEC, "all", SNAPSHOT).table
    assert set(table["unit_measure"]) == {"TONNES"}
    assert set(table["series"]) == {"01_en_example_r.px"}


def test_a_byte_order_mark_is_stripped(client, server, tmp_path):
    server.bom = b"\xef\xbb\xbf"
    assert len(rows(fetch(client, tmp_path))) == 6


def test_places_mean_other_years_when_the_table_has_moved_on(client, provider, tmp_path):
    Server(provider, years=("2020", "2021"))
    assert {year for _, year, _ in rows(fetch(client, tmp_path))} == {"2020", "2021"}


def test_nothing_new_means_one_question_and_no_body(client, provider, server, tmp_path):
    known = {"all": FetchedPart(sha256="0" * 64, version_marker=MARKER)}
    assert fetch(client, tmp_path, known=known) == UnchangedPart("all")
    assert len(provider.asked) == 1
    server.listed = "2026-02-01T00:00:00"
    assert isinstance(fetch(client, tmp_path, known=known), RawPart)


def test_without_a_time_in_the_list_the_answer_dates_itself_and_without_both_it_fails(
    client, server, tmp_path
):
    server.listed = ""
    assert fetch(client, tmp_path).version_marker == MARKER
    server.updated = ""
    assert "expected was `updated`" in failed(client, tmp_path).next_step


# ---- pieces


def selection(**sizes: int):
    return tuple((code, tuple(str(n) for n in range(size))) for code, size in sizes.items())


@pytest.mark.parametrize(("cells", "pieces"), [(99_999, 1), (100_000, 1), (100_001, 2)])
def test_a_query_is_cut_just_above_the_limit(cells, pieces):
    assert len(cut(selection(Country=cells))) == pieces


def test_pieces_are_the_whole_and_always_the_same():
    whole = selection(Country=56, Origin=30, Year=400)
    pieces = cut(whole)
    assert pieces == cut(whole)
    assert all(count_cells(piece) <= 100_000 for piece in pieces)
    cells = [cell for piece in pieces for cell in product(*(values for _, values in piece))]
    assert len(cells) == len(set(cells)) == count_cells(whole)


def test_a_refused_query_is_halved_and_nothing_is_lost(client, provider, tmp_path):
    areas = [f"{number:03d}" for number in range(4, 804)]
    server = Server(provider, areas=areas, limit=900)
    fetched = fetch(client, tmp_path, ALL)
    found = rows(fetched, ALL)
    assert len(found) == 800 * 2 * 2
    assert found[("803", "2020", '{"Origin":"HH"}')] == 803.6
    assert fetched.params == {"cells": "3200", "queries": str(len(server.asked))}
    assert len(server.asked) == 4


def test_the_smallest_refused_query_is_named(client, provider, tmp_path):
    Server(provider, areas=[f"{number:03d}" for number in range(4, 804)], limit=0)
    error = failed(client, tmp_path, ALL)
    assert error.fault == "T08"
    assert "(Origin 2 x Country 200 x Year 2 = 800 cells)" in error.what
    assert "too many cells" in error.value


def test_pieces_of_two_states_of_the_table_fail(client, provider, tmp_path, monkeypatch):
    server = Server(provider, areas=[f"{number:03d}" for number in range(4, 804)], limit=1600)
    plain = server.data

    def moving(question):
        server.updated = f"2026-01-2{len(server.asked)}T09:00:00"
        return plain(question)

    monkeypatch.setattr(server, "data", moving)
    error = failed(client, tmp_path, ALL)
    assert (error.fault, error.transient) == ("T13", True)


# ---- what is refused


def test_a_value_the_table_has_not_is_refused_before_it_is_asked_for(client, provider, server, tmp_path):
    wrong = with_changes(SPEC, table=SPEC.table.model_copy(update={"select": {"Origin": ("NOBODY",)}}))
    error = failed(client, tmp_path, wrong)
    assert (error.fault, error.field, error.value) == ("S03", "Origin", "NOBODY")
    assert "choose among: TOTAL, HH" in error.next_step
    assert not [asked for asked in provider.asked if asked.method == "POST"]


def test_a_new_and_a_lost_variable_are_named(client, server, tmp_path):
    server.variables["Hazard"] = server.variables.pop("Origin")
    error = failed(client, tmp_path)
    assert (error.fault, error.what) == ("P08", "changed its variables: lost Origin; new Hazard")


def test_a_table_that_is_no_longer_listed_is_told(client, server, tmp_path):
    server.table = "02_en_other_r.px"
    error = failed(client, tmp_path)
    assert (error.fault, error.value) == ("T15", "02_en_other_r.px")


@pytest.mark.parametrize("areas", [("40", "276"), ("AUT", "DEU")])
def test_areas_in_another_code_list_are_refused(client, provider, tmp_path, areas):
    Server(provider, areas=areas).value = lambda *_: 1.0
    fetched = fetch(client, tmp_path)
    with pytest.raises(SourceError, match="expected were M49 codes of three digits") as caught:
        rows(fetched)
    assert caught.value.fault == "S01"


def test_a_text_that_is_no_year_is_set_aside_and_too_many_fail(client, provider, tmp_path):
    Server(provider, years=("2019", "Average"))
    with pytest.raises(SourceError, match="not a year"):
        rows(fetch(client, tmp_path))


@pytest.mark.parametrize(
    ("symbol", "status"),
    [("..", "O"), ("...", "O"), (".", "M"), ("", None), ("-", "refused"), ("x", "refused")],
)
def test_symbols_of_cells_without_a_number(client, provider, server, tmp_path, symbol, status):
    plain = server.data

    def sparse(question):
        body = json.loads(plain(question).body)
        body["dataset"]["value"][0] = None
        body["dataset"]["status"] = {"0": symbol} if symbol else {}
        return server.json(body)

    server.data = sparse
    fetched = fetch(client, tmp_path)
    if status == "refused":
        with pytest.raises(SourceError, match="unknown symbol"):
            rows(fetched)
        return
    table = pxweb.parse(fetched.path.read_bytes(), SPEC, "all", SNAPSHOT).table
    first = table.filter((table["ref_area"] == "040") & (table["time_period"] == "2019"))
    assert first["obs_status"].to_list() == ([status] if status else [])
    assert first["obs_value"].to_list() == ([None] if status else [])


def test_an_answer_to_another_question_is_refused(client, server, tmp_path):
    plain = server.data

    def fewer(question):
        question["query"][1]["selection"]["values"].pop()
        return plain(question)

    server.data = fewer
    error = failed(client, tmp_path)
    assert error.fault == "P09"
    assert "Country 2" in error.what
    assert "Country 3" in error.what


def test_a_request_too_soon_waits_as_long_as_it_is_told(client, provider, server, clock, tmp_path):
    replies = [Reply(status=429, headers={"Retry-After": "7"})]

    def slow(asked: Asked) -> Reply:
        return replies.pop() if asked.method == "POST" and replies else server.answer(asked)

    provider.answer = slow
    assert isinstance(fetch(client, tmp_path), RawPart)
    assert 7 in clock.slept


@pytest.mark.parametrize(
    ("status", "words"), [(404, "cannot list the folder (status 404)"), (400, "expected was status 200")]
)
def test_other_statuses_are_told(client, provider, tmp_path, status, words):
    provider.script = [Reply(b"{}", status=status)]
    assert words in str(failed(client, tmp_path))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], "title and variables"),
        ({"title": "a", "variables": 1}, "title and variables"),
        ({"title": "a", "variables": [1]}, "code, values and as many valueTexts"),
        (
            {"title": "a", "variables": [{"code": "a", "values": ["1"], "valueTexts": []}]},
            "as many valueTexts",
        ),
        (
            {"title": "a", "variables": [{"code": "a", "values": ["1", "1"], "valueTexts": ["x", "y"]}]},
            "twice",
        ),
    ],
)
def test_a_description_in_another_form_is_refused(found, words):
    with pytest.raises(SourceError, match=words):
        read_table(found, failer(SPEC, "all"))


def test_a_snapshot_without_answers_is_refused():
    with pytest.raises(SourceError, match="no answer about the table"):
        description = {"title": "a", "variables": [
            {"code": code, "values": ["TOTAL"], "valueTexts": ["t"]} for code in ("Origin", "Country", "Year")
        ]}  # fmt: skip
        pxweb.parse(b"\x1e" + json.dumps(description).encode(), SPEC, "all", SNAPSHOT)
