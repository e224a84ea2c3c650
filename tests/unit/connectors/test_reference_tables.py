"""The reviewed tables of areas: what a provider's code means, in which years, and what it never means."""

import csv
from pathlib import Path

import pytest

import connectors

REFERENCE = Path(connectors.__file__).parent / "reference"


def read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def areas_of(code_list: str, code: str, year: int) -> list[str]:
    return [
        row["ref_area"]
        for row in read("area_codes")
        if (row["code_list"], row["code"]) == (code_list, code)
        and int(row["valid_from"] or 0) <= year <= int(row["valid_to"] or 9999)
    ]


@pytest.mark.parametrize(
    ("code_list", "code", "year", "expected"),
    [
        ("eurostat_geo", "EL", 2020, ["GRC"]),
        ("eurostat_geo", "GR", 2020, []),
        ("eurostat_geo", "UK", 2020, ["GBR"]),
        ("eurostat_geo", "GB", 2020, []),
        ("eurostat_geo", "XK", 2020, ["XKX"]),
        ("world_bank", "XKX", 2020, ["XKX"]),
        ("m49", "8", 2020, ["ALB"]),
        ("m49_padded", "008", 2020, ["ALB"]),
        ("oecd", "OECDE", 2020, ["OECD_EUROPE"]),
        ("comtrade_reporter", "251", 2020, ["FRA"]),
        ("comtrade_reporter", "250", 2020, []),
        ("comtrade_reporter", "757", 2020, ["CHE"]),
        ("comtrade_reporter", "579", 2020, ["NOR"]),
        ("comtrade_reporter", "842", 2020, ["USA"]),
        ("comtrade_reporter", "841", 1980, ["USA_PRI_FORMER"]),
        ("comtrade_reporter", "841", 1981, []),
        ("comtrade_reporter", "380", 2020, ["ITA"]),
        ("comtrade_reporter", "381", 2020, []),
        ("comtrade_reporter", "438", 2020, []),
        ("comtrade_reporter", "97", 2020, ["M49_097"]),
        ("comtrade_reporter", "975", 2020, ["CT_975"]),
        ("comtrade_reporter", "58", 1998, ["BLX_FORMER"]),
        ("comtrade_reporter", "58", 1999, []),
        ("comtrade_reporter", "280", 1990, ["FRG_FORMER"]),
        ("comtrade_reporter", "276", 1990, []),
        ("comtrade_reporter", "276", 1991, ["DEU"]),
        ("comtrade_partner", "891", 2005, ["SCG"]),
        ("comtrade_partner", "891", 2007, []),
        ("comtrade_partner", "492", 2020, ["CT_492"]),
        ("comtrade_partner", "438", 2020, ["LIE"]),
        ("comtrade_partner", "412", 2020, ["XKX"]),
        ("comtrade_partner", "0", 2020, ["WORLD"]),
        ("comtrade_partner", "899", 2020, ["CT_899"]),
    ],
)
def test_a_code_means_this_area_in_this_year(code_list, code, year, expected):
    assert areas_of(code_list, code, year) == expected


def test_no_comtrade_code_is_monaco_and_no_special_partner_is_a_country():
    kinds = {row["ref_area"]: row["area_kind"] for row in read("areas")}
    trade = [row for row in read("area_codes") if row["code_list"].startswith("comtrade_")]
    assert "MCO" not in {row["ref_area"] for row in trade}
    for code in ("899", "568", "837", "838", "839", "490", "697", "492"):
        (area,) = areas_of("comtrade_partner", code, 2020)
        assert kinds[area] == "special"
    for code in ("97", "975"):
        (area,) = areas_of("comtrade_reporter", code, 2020)
        assert kinds[area] == "group"


def test_the_periods_of_a_code_never_overlap():
    seen: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in read("area_codes"):
        period = int(row["valid_from"] or 0), int(row["valid_to"] or 9999)
        assert period[0] <= period[1], row
        others = seen.setdefault((row["code_list"], row["code"]), [])
        assert all(period[1] < first or last < period[0] for first, last in others), row
        others.append(period)


def test_no_list_gives_an_area_two_codes_in_a_year():
    """So EL and GR, UK and GB, XK and XKX beside each other are always one code that is not known (S02)."""
    taken: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in read("area_codes"):
        if row["code_list"] == "comtrade_partner":
            continue  # the United States are 840 and 842 there, France 250 and 251: parts, not synonyms
        period = int(row["valid_from"] or 0), int(row["valid_to"] or 9999)
        others = taken.setdefault((row["code_list"], row["ref_area"]), [])
        assert all(period[1] < first or last < period[0] for first, last in others), row
        others.append(period)


def test_every_member_has_a_code_of_each_provider_or_is_reported_within_another():
    listed = {(row["code_list"], row["ref_area"]) for row in read("area_codes") if not row["valid_to"]}
    for country in read("countries"):
        area = country["ref_area"]
        for code_list in ("m49", "m49_padded", "world_bank", "oecd"):
            assert (code_list, area) in listed, (code_list, area)
        reports = ("comtrade_reporter", area) in listed
        assert reports == (not country["trade_reported_within"]), area
        assert reports == bool(country["comtrade_reporter"]), area
        for code in filter(None, [country["comtrade_reporter"]]):
            assert areas_of("comtrade_reporter", code, 2020) == [area]
        for code in filter(None, country["comtrade_partner"].split(";")):
            assert areas_of("comtrade_partner", code, 2020) == [area]


def test_every_product_code_follows_from_one_that_existed():
    codes = {row["hs_code"]: row for row in read("hs_codes")}
    editions = [f"H{number}" for number in range(7)]
    for code, row in codes.items():
        assert code.isdecimal() and len(code) == int(row["level"]) and code.startswith(row["heading"])
        assert editions.index(row["first_edition"]) <= editions.index(row["last_edition"])
        assert (row["is_waste"] == "true") == (row["content"] == "waste"), code
        assert row["caution"] or row["content"] == "waste", f"{code} is not only waste and does not say why"
    changes = read("hs_concordance")
    for change in changes:
        before, after = editions.index(change["from_edition"]), editions.index(change["to_edition"])
        assert after == before + 1
        for edition, code in ((before, change["from_code"]), (after, change["to_code"])):
            row = codes[code]
            assert editions.index(row["first_edition"]) <= edition <= editions.index(row["last_edition"]), (
                code
            )
        assert bool(change["note"]) == (change["relation"] == "partial")
    followed = {(change["from_edition"], change["from_code"]) for change in changes}
    for code, row in codes.items():
        assert row["last_edition"] == editions[-1] or (row["last_edition"], code) in followed, code


def test_electrical_waste_begins_with_hs_2022_and_its_predecessors_are_scattered():
    codes = {row["hs_code"]: row for row in read("hs_codes")}
    assert (codes["8549"]["first_edition"], codes["854810"]["last_edition"]) == ("H6", "H5")
    assert codes["8548"]["content"] == "mixed"
    before = {row["from_code"] for row in read("hs_concordance") if row["to_code"].startswith("8549")}
    assert before >= {"854810", "3915", "7001", "7112", "7204", "7404", "7602"}
    after = {row["to_code"] for row in read("hs_concordance") if row["from_code"] == "440140"}
    assert after == {"440141", "440149"}
