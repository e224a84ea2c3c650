"""What docs/statisticians.md has to hold, and that a wrong answer of one of its examples would be noticed."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from orchestration.release.schema import load_schemas
from tests.docs.questions import PAGE, Answer, Block, blocks, differences, run, unpack, wrong_by_hand

TEXT = PAGE.read_text(encoding="utf-8")
SCHEMAS = load_schemas(PAGE.parents[1] / "dbt_project")
ANSWER = Answer(["area", "p", "p_by_hand"], [("FRA", 1.0, 1.0), ("PRT", None, None)])


def ways() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for block in blocks():
        if "answer" in block.code or block.way == "sql":
            found[block.question].append(block.way)
    return found


def test_the_list_of_tables_is_that_of_a_release_with_their_keys() -> None:
    listed = re.findall(r"^\| `(rpt_\w+)` \| [^|]+ \| ([^|]+) \|$", TEXT, flags=re.MULTILINE)
    assert dict(listed) == {name: ", ".join(schema.primary_key) for name, schema in SCHEMAS.items()}
    assert len(listed) == len(SCHEMAS)


def test_every_table_the_page_names_exists() -> None:
    assert set(re.findall(r"\brpt_\w+", TEXT)) == set(SCHEMAS)


def test_there_are_enough_questions_and_none_has_one_way_twice() -> None:
    found = ways()
    assert len(found) >= 8
    assert sum(way == ["sql", "polars", "pandas", "r"] for way in found.values()) >= 4
    assert [question for question, way in found.items() if len(set(way)) != len(way) or len(way) < 2] == []


def test_the_page_says_that_r_is_not_run() -> None:
    assert "**The R is not run by\nthe test suite**" in TEXT


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Answer(["area", "p", "by_hand"], ANSWER.rows), "columns"),
        (Answer(ANSWER.columns, ANSWER.rows[:1]), "2 and 1 rows"),
        (Answer(ANSWER.columns, ANSWER.rows[::-1]), "row 1, area: 'FRA' and 'PRT'"),
        (Answer(ANSWER.columns, [("FRA", 1.0, 1.00000001), ANSWER.rows[1]]), "row 1, p_by_hand"),
        (Answer(ANSWER.columns, [("FRA", True, 1.0), ANSWER.rows[1]]), "row 1, p: 1.0 and True"),
        (Answer(ANSWER.columns, [ANSWER.rows[0], ("PRT", 0.0, None)]), "row 2, p: None and 0.0"),
    ],
)
def test_another_answer_is_told_apart(other: Answer, says: str) -> None:
    assert says in differences(ANSWER, other)[0]


def test_the_last_digit_of_a_sum_is_no_difference() -> None:
    assert differences(ANSWER, Answer(ANSWER.columns, [("FRA", 1, 1 + 1e-12), ANSWER.rows[1]])) == []


def test_a_figure_that_cannot_be_made_by_hand_is_found() -> None:
    assert wrong_by_hand(ANSWER) == []
    wrong = Answer(ANSWER.columns, [("FRA", 1.0, 1.1)])
    assert wrong_by_hand(wrong) == ["row 1: p 1.0, by hand 1.1"]


def test_a_block_runs_among_the_files_of_a_bundle(tmp_path: Path) -> None:
    bundle, folder = tmp_path / "bundle", tmp_path / "unpacked"
    (bundle / "data").mkdir(parents=True)
    (bundle / "data" / "ILLUSTRATIVE_rpt_x.csv").write_text("area,value\nFRA,\nPRT,2\n")
    unpack(bundle, folder)
    code = 'import pandas as pd\nanswer = pd.read_csv("data/rpt_x.csv")\n'
    assert run(Block("q", "pandas", code), folder) == Answer(["area", "value"], [("FRA", None), ("PRT", 2.0)])
