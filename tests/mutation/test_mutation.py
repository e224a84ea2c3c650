"""The mutation check finds what a weak unit test misses, and holds its register to the truth."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.dbt.preparing import DbtRun
from tests.mutation.__main__ import read_parameters, report
from tests.mutation.cases import ACTUAL, Case, read_cases, take_apart
from tests.mutation.judging import Bench, judge, same_rows, unnoticed
from tests.mutation.mutants import Mutant, mutate
from tests.mutation.register import compare, model_of, read_register
from tests.mutation.sources import is_by_hand, plain_source

# What dbt writes for a unit test of a small model: a rate, and whether it reaches a threshold.
COMPILED = """
with dbt_internal_unit_test_actual as (
  select "area", "rate", "is_high", 'actual' as "actual_or_expected"
  from (
    with __dbt__cte__waste as (
      select cast('AUT' as varchar) as "area", cast(30 as double) as "part", cast(60 as double) as "whole"
      union all select 'BEL', 20, 80
      union all select 'DEU', 0, 90
    ), __dbt__cte__method_config as (
      select cast('near_target' as varchar) as "parameter", cast('0.05' as varchar) as "value"
    )
    select
        area,
        100 * part / whole as rate,
        part / whole >= 0.25 as is_high
    from __dbt__cte__waste
    where part / whole > (
        select cast(value as double) from __dbt__cte__method_config where parameter = 'near_target')
  ) _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select "area", "rate", "is_high", 'expected' as "actual_or_expected"
  from (
    select cast('AUT' as varchar) as "area", cast(50 as double) as "rate", true as "is_high"
    union all select 'BEL', 25, true
  ) _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual union all select * from dbt_internal_unit_test_expected
"""


@pytest.fixture
def case() -> Case:
    sql, test = take_apart(COMPILED, "by_hand")
    return Case("toy", sql, (test,))


def said(mutants: tuple[Mutant, ...]) -> set[str]:
    return {f"{mutant.original} -> {mutant.mutated}" for mutant in mutants}


def test_fixtures_are_taken_out_of_the_expression(case: Case) -> None:
    (test,) = case.tests
    assert set(test.fixtures) == {"__dbt__cte__waste", "__dbt__cte__method_config"}
    assert test.columns == ("area", "rate", "is_high")
    assert "union all" not in case.sql.lower() and "__dbt__cte__waste" in case.sql


def test_it_names_the_changes_a_unit_test_misses(case: Case) -> None:
    """No row is just below 0.25, and none just above 0.05: those changes live, the others do not."""
    survivors = judge(case, {"near_target": 0.05}).survivors
    assert said(survivors) == {
        'part / whole > "parameter:near_target" -> part / whole >= "parameter:near_target"',
        '"parameter:near_target" -> 0.0525',
        '"parameter:near_target" -> 0.0475',
        "0.25 -> 0.2375",
        # Of the two divisions this is the one in the where clause.
        "part / whole -> part * whole",
    }


def test_a_unit_test_that_looks_at_less_finds_less(case: Case) -> None:
    blind = replace(case, tests=(replace(case.tests[0], columns=("area",)),))
    assert "100 -> 101" in said(judge(blind, {}).survivors)
    assert "100 -> 101" not in said(judge(case, {}).survivors)


def test_a_second_unit_test_of_the_model_may_find_it(case: Case) -> None:
    weak = replace(case.tests[0], name="weak", columns=("area",))
    both = replace(case, tests=(weak, case.tests[0]))
    assert said(judge(both, {}).survivors) == said(judge(case, {}).survivors)


def test_a_unit_test_may_expect_no_row(case: Case) -> None:
    none = f"select * from {ACTUAL} limit 0"
    empty = replace(case.tests[0], name="empty", expected=none)
    with pytest.raises(ValueError, match="toy as it is fails empty"):
        judge(replace(case, tests=(empty,)), {})
    nobody = case.sql.replace("WHERE part / whole >", "WHERE part / whole > 1 +")
    assert "part / whole" in str(said(judge(replace(case, sql=nobody, tests=(empty,)), {}).survivors))


def test_a_model_that_fails_as_it_is_cannot_be_judged(case: Case) -> None:
    with pytest.raises(ValueError, match="toy as it is fails by_hand"):
        judge(replace(case, sql=case.sql.replace("100", "99")), {})


def test_a_macro_is_proven_where_one_model_proves_it(case: Case) -> None:
    blind = replace(case, tests=(replace(case.tests[0], columns=("area",)),))
    verdicts = [judge(replace(case, model=name), {}) for name in ("one", "two")]
    assert "three" in {m.model for m in unnoticed([*verdicts[:1], judge(replace(blind, model="three"), {})])}
    left = unnoticed([*verdicts, judge(replace(blind, model="three"), {})])
    assert "100 -> 101" not in said(tuple(left))
    assert "0.25 -> 0.2375" in said(tuple(left))


def test_what_a_person_wrote_is_proven_in_its_own_model(case: Case) -> None:
    """What three models notice of a macro proves nothing of a like clause which a fourth has itself."""
    raw = "select area, 100 * part / whole as rate, {{ is_high() }} from {{ ref('waste') }}"
    blind = replace(case, tests=(replace(case.tests[0], columns=("area",)),), raw=raw)
    verdicts = [judge(replace(case, model=name), {}) for name in ("one", "two", "four")]
    left = unnoticed([*verdicts, judge(replace(blind, model="three"), {})])
    assert {"100 -> 101", "100 -> 99"} <= said(tuple(left))
    assert "part / whole >= 0.25 -> part / whole < 0.25" not in said(tuple(left))


@pytest.mark.parametrize(
    ("clause", "raw"),
    [
        ("INNER JOIN __dbt__cte__dim AS d ON a.x = d.x", 'inner join\n  {{ ref("dim") }} as d on a.x = d.x'),
        ("JOIN __dbt__cte__dim AS d ON a.x <> d.x", "inner join {{ ref('dim') }} as d on (a.x != d.x)"),
        ("WHERE NOT a IS NULL AND NOT b IN ('c')", "where a is not null and b not in ('c')"),
        ("CAST(a AS TEXT) AS b", "cast(a as varchar) as b"),
        ('year >= "parameter:first_year"', "year >= {{ parameter('first_year') }}"),
        (
            "year <= (SELECT reference_year FROM __dbt__cte__lock__release)",
            "year <= {{ reference_year() }}",
        ),
        ("FROM __dbt__cte__lock__release", "from {{ source('lock', 'release') }}"),
        ("a, b AS c", "{% set key = 'a, b' %} select {{ key }} as c"),
    ],
)
def test_a_clause_is_found_in_the_text_of_its_model(clause: str, raw: str) -> None:
    assert is_by_hand(clause, plain_source(raw))
    assert not is_by_hand(clause, plain_source(f"-- {' '.join(raw.split())}\nselect {{{{ macro() }}}}"))
    assert not is_by_hand(clause, plain_source("select {{ macro() }}"))


def test_a_named_query_that_two_models_share_is_proven_where_one_proves_it(case: Case) -> None:
    """A macro of whole queries: the second model reads another table by it, and looks at less of it."""

    def within(name: str, query: str, table: str, columns: tuple[str, ...]) -> Case:
        (test,) = case.tests
        sql = case.sql.replace("__dbt__cte__waste", table)
        fixtures = {table: test.fixtures["__dbt__cte__waste"], **test.fixtures}
        named = f"with {query} as ({sql}) select * from {query}"
        return replace(
            case, model=name, sql=named, tests=(replace(test, fixtures=fixtures, columns=columns),)
        )

    proven = judge(within("one", "rated", "__dbt__cte__waste", ("area", "rate", "is_high")), {})
    blind = judge(within("two", "rated", "__dbt__cte__paper", ("area",)), {})
    other = judge(within("two", "judged", "__dbt__cte__paper", ("area",)), {})
    assert "100 -> 101" in said(blind.survivors)
    assert "100 -> 101" not in said(tuple(unnoticed([proven, blind])))
    assert "0.25 -> 0.2375" in said(tuple(unnoticed([proven, blind])))
    assert "100 -> 101" in said(tuple(unnoticed([proven, other])))


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("select a <= 3 from t", {"a <= 3 -> a < 3", "a <= 3 -> a > 3", "3 -> 4", "3 -> 2"}),
        ("select -a from t", {"-a -> a"}),
        ("select min(a) from t", {"MIN(a) -> MAX(a)"}),
        ("select nullif(a, 0) from t", {"NULLIF(a, 0) -> a"}),
        ("select coalesce(a, b) from t", {"COALESCE(a, b) -> a", "COALESCE(a, b) -> b"}),
        ("select sum(a order by b) from t", {"SUM(a ORDER BY b) -> AVG(a ORDER BY b)"}),
        ("select a from t order by a", set()),
        ("select count(*) filter (where a) from t", {"COUNT(*) FILTER(WHERE a) -> COUNT(*)"}),
        ("select a from t where b", {"WHERE b -> WHERE TRUE"}),
        ("select a from t where true", {"TRUE -> FALSE"}),
        ("select a from t join u on t.b = u.b and t.c = u.c", None),
        ("select case when a then b else c end from t", None),
        ("select row_number() over (order by a desc) from t", {"a DESC -> a ASC"}),
        ("select a from t where b is null", {"WHERE b IS NULL -> WHERE TRUE", "b IS NULL -> NOT b IS NULL"}),
        ("select cast(a as decimal(18, 3)) from t", set()),
    ],
)
def test_what_is_changed(sql: str, changes: set[str] | None) -> None:
    found = said(tuple(mutate("m", sql, {})))
    if changes is not None:
        assert found == changes
    elif "join" in sql:
        assert "JOIN u ON t.b = u.b AND t.c = u.c -> LEFT JOIN u ON t.b = u.b AND t.c = u.c" in found
        assert "t.b = u.b AND t.c = u.c -> t.b = u.b OR t.c = u.c" in found
        assert not any(change.endswith("-> t.b = u.b") for change in found)
    else:
        assert found == {"CASE WHEN a THEN b ELSE c END -> CASE WHEN a THEN c ELSE b END"}


def test_rows_are_compared_in_any_order_and_to_nine_digits() -> None:
    assert same_rows([(1, 0.1 + 0.2), (2, None)], [(2, None), (1, 0.3)])
    assert not same_rows([(1, 0.3000001)], [(1, 0.3)])
    assert not same_rows([(1,)], [(1,), (1,)])
    assert not same_rows([(None,)], [(0,)])


def test_the_register_accounts_for_every_survivor_and_nothing_else(case: Case, tmp_path: Path) -> None:
    verdict = judge(case, {})
    (one, *others) = verdict.survivors
    names = ("model", "where", "original", "mutated", "occurrence")
    fields = [f"{name}: {value!r}" for name, value in zip(names, one.key, strict=True)]
    entry = "- " + "\n  ".join([*fields, "reason: 'why'"])
    path = tmp_path / "register.yaml"
    path.write_text(entry, encoding="utf-8")
    findings = compare(verdict.survivors, read_register(path), {"toy"})
    assert findings.accepted == (one,) and findings.unknown == tuple(others) and findings.stale == ()
    assert "1 registered" in report([verdict], findings)
    gone = compare(others, read_register(path), {"toy"})
    assert gone.stale == (one.key,)
    assert compare(others, read_register(path), {"another"}).stale == ()
    place = "- {model: toy, where: final, original: '100.*', mutated: '(101|99).*', pattern: true, "
    path.write_text(f"{place}reason: why}}", encoding="utf-8")
    blind = judge(replace(case, tests=(replace(case.tests[0], columns=("area",)),)), {}).survivors
    by_pattern = compare(blind, read_register(path), {"toy"})
    assert said(by_pattern.accepted) == {"100 -> 101", "100 -> 99"} and by_pattern.stale == ()
    assert [model_of(entry) for entry in compare((), read_register(path), {"toy"}).stale] == ["toy"]
    for wrong in (entry.replace("'why'", "''"), f"{entry}\n{entry}"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"register\.yaml"):
            read_register(path)


def test_every_unit_test_of_the_project_can_be_judged(sample_build: DbtRun) -> None:
    """What dbt says passes, passes here too: fixtures as tables, the expression printed afresh."""
    cases = read_cases(sample_build.target)
    assert len(cases) > 30
    for one in cases:
        assert Bench(one).tests
    assert read_parameters()["min_countries"] == 15
    assert {model_of(entry) for entry in read_register()} <= {one.model for one in cases}
