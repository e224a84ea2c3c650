"""Columns as numbers: the coded form depends on the texts that occur and on nothing else."""

import random

import polars as pl
import pytest

from connectors.coded import coded, first_rows, mapped, ranked, spread, texts_of

TEXTS = ["b", "a", "\u00e9", "", "Z", "zz"]
ROWS = [TEXTS[n % len(TEXTS)] for n in (3, 1, 4, 1, 5, 9, 2, 6)]


@pytest.mark.parametrize("kind", [pl.String(), pl.Categorical(), pl.Enum(["never", *TEXTS])])
def test_equal_columns_are_coded_alike_whatever_they_were(kind):
    pl.Series(["something", "read", "before", "zz"], dtype=pl.Categorical)
    found = coded(pl.Series("c", ROWS).cast(kind))
    assert found.name == "c"
    assert found.cast(pl.String).to_list() == ROWS
    assert texts_of(found).to_list() == sorted(set(ROWS))


def test_nulls_one_text_and_no_rows():
    assert coded(pl.Series([None, "b"])).to_list() == [None, "b"]
    assert coded(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]
    assert texts_of(coded(pl.Series(["a"] * 3))).to_list() == ["a"]
    assert len(coded(pl.Series([], dtype=pl.String))) == 0


def test_many_texts_need_wider_numbers():
    texts = [f"{n:06}" for n in range(70_000)]
    assert coded(pl.Series(texts[::-1]).cast(pl.Categorical)).cast(pl.String).to_list() == texts[::-1]


def test_what_is_not_coded_has_no_texts():
    with pytest.raises(TypeError, match="column c is String, not coded"):
        texts_of(pl.Series("c", ["a"]))


def test_rows_rank_as_they_sort():
    rng = random.Random(1)
    columns = [[rng.choice("pqrst") for _ in range(50)] for _ in range(3)]
    groups, count = ranked([coded(pl.Series(column)) for column in columns])
    rows = list(zip(*columns, strict=True))
    distinct = sorted(set(rows))
    assert count == len(distinct)
    assert groups.tolist() == [distinct.index(row) for row in rows]
    assert first_rows(groups, count).tolist() == [rows.index(row) for row in distinct]


def test_the_product_of_many_wide_columns_does_not_overflow():
    texts = [f"{n:05}" for n in range(20_000)]
    wide = coded(pl.Series(texts[::-1]))
    groups, count = ranked([wide] * 6)
    assert (groups.tolist(), count) == (list(range(20_000))[::-1], 20_000)


def test_texts_are_spread_over_groups_and_changed_once():
    groups, count = ranked([coded(pl.Series(["x", "y", "x"]))])
    assert spread("s", ["b", "a"], groups).to_list() == ["b", "a", "b"]
    assert spread("s", ["b", "b"], groups).to_list() == ["b"] * 3
    seen = []
    assert (
        mapped(pl.Series(["q ", "q", "q "]), lambda text: seen.append(text) or text.strip()).to_list()
        == ["q"] * 3
    )
    assert sorted(seen) == ["q", "q "]
