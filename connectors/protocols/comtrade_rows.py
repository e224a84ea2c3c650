"""From UN Comtrade's rows to cells: totals only, World against partners, missing weights, estimates.

What belongs here: what this provider's fields mean. What does not: questions and answers
(comtrade_ask.py), the rules that are the same for every provider (rows.py).
"""

from __future__ import annotations

import polars as pl

from connectors.protocols.base import Fail
from connectors.protocols.comtrade_ask import ESTIMATED, Question
from connectors.records import SourceWarning
from connectors.spec import DatasetSpec

WORLD = "0"
GROUPS = ("97", "975")  # European Union, ASEAN: sums of other partners
# Up to here World and partners differ by rounding, up to the second figure with a warning.
ROUNDING_USD, ROUNDING_SHARE, SUM_SHARE = 1.0, 1e-6, 0.005
MISSING_WEIGHT_SHARE = 0.5
_TOTALS = {"motCode": "0", "customsCode": "C00", "partner2Code": "0", "mosCode": "0"}
_CELL = ["classificationCode", "flowCode", "cmdCode"]
_CODE = r"^[A-Za-z0-9]{1,16}$"
_VALUE = pl.col("primaryValue").cast(pl.Float64, strict=False)


def keep_totals(
    rows: pl.DataFrame, question: Question, part: str, fail: Fail
) -> tuple[pl.DataFrame, list[SourceWarning]]:
    """The rows which are totals over transport, customs procedure, second partner and mode of supply.

    Raises SourceError for a row that was not asked for, and for a breakdown without its total.
    """
    _refuse_others(rows, question, fail)
    total = pl.all_horizontal(pl.col(name).str.strip_chars() == code for name, code in _TOTALS.items())
    rows = rows.with_columns(_total=total.fill_null(False))
    broken = rows.filter(~pl.col("_total"))
    if broken.is_empty():
        return rows.drop("_total"), []
    key = [*_CELL, "partnerCode"]
    totals = rows.filter("_total").drop("_total")
    alone = broken.join(totals, on=key, how="anti", nulls_equal=True)
    if alone.height:
        first = alone.row(0, named=True)
        fail(
            f"sends parts without their total: {alone.height} rows, the first in row {first['_line']} "
            f"({', '.join(f'{name} {first[name]}' for name in _TOTALS)})",
            "ask the provider; parts are never added up to a total here",
            field="motCode, customsCode, partner2Code",
            fault="V16",
        )
    text = f"{broken.height} rows were parts of totals which came as well; they were set aside"
    return totals, [SourceWarning(fault="V16", part=part, text=text)]


def check_sums(rows: pl.DataFrame, part: str, fail: Fail) -> list[SourceWarning]:
    """Compare each World row with the sum of its partners. Raises SourceError naming sum and total."""
    rows = rows.select(*_CELL, "partnerCode", "primaryValue")
    world = rows.filter(pl.col("partnerCode") == WORLD).select(*_CELL, total=_VALUE)
    partners = rows.filter(~pl.col("partnerCode").is_in([WORLD, *GROUPS]))
    if partners.is_empty():
        text = "only World totals came, so that no sum over partners could be compared with them"
        return [SourceWarning(fault="V16", part=part, text=text)] if world.height else []
    sums = partners.group_by(_CELL, maintain_order=True).agg(sum=_VALUE.sum(), partners=pl.len())
    both = sums.join(world, on=_CELL, how="full", coalesce=True).sort(_CELL)
    apart = (pl.col("sum").fill_null(0) - pl.col("total").fill_null(0)).abs()
    both = both.with_columns(_apart=apart, _share=apart / pl.col("total").abs())
    rounded = pl.max_horizontal(pl.lit(ROUNDING_USD), ROUNDING_SHARE * pl.col("total").abs())
    apart_rows = both.filter(pl.col("_apart") > rounded)
    if apart_rows.is_empty():
        return []
    wrong = apart_rows.filter(~(pl.col("_share") <= SUM_SHARE).fill_null(False))
    if wrong.height:
        first = wrong.row(0, named=True)
        fail(
            f"mixes totals with parts, or lost some: the sum of {first['partners'] or 0} partners is "
            f"{_money(first['sum'])} and the World total {_money(first['total'])} (flow {first['flowCode']}, "
            f"code {first['cmdCode']}; {wrong.height} such totals)",
            "look at the snapshot; refresh again, and ask the provider if it stays",
            field="primaryValue",
            fault="V16",
        )
    text = f"{apart_rows.height} World totals differ from the sum of their partners by up to {SUM_SHARE:.1%}"
    return [SourceWarning(fault="V16", part=part, text=text)]


def check_partners(rows: pl.DataFrame, unlisted: list[str], fail: Fail) -> None:
    """Refuse partners which the provider's own list does not have: nobody knows whose trade this is."""
    if not unlisted:
        return
    unknown = rows.filter(pl.col("partnerCode").is_in(unlisted))
    share = _sum(unknown) / max(_sum(rows.filter(pl.col("partnerCode") != WORLD)), 1.0)
    fail(
        f"names {len(unlisted)} partners that its own list does not have: {share:.1%} of the value of all "
        f"partners, {unknown.height} rows",
        "refresh again later; if it stays, ask the provider who they are",
        field="partnerCode",
        value=", ".join(unlisted[:20]),
        fault="S04",
    )


def check_weights(rows: pl.DataFrame, part: str) -> list[SourceWarning]:
    """Say so where most of the weights are missing: zero for missing is this provider's habit."""
    is_traded = (_VALUE > 0).fill_null(False)
    counts = rows.select(traded=is_traded.sum(), missing=(is_traded & _missing_weight()).sum())
    traded, missing = counts.row(0)
    if not traded or missing <= MISSING_WEIGHT_SHARE * traded:
        return []
    share = missing / traded
    text = f"{missing} of {traded} weights ({share:.0%}) are missing (written as 0 or null)"
    return [SourceWarning(fault="V06", part=part, text=text)]


def to_cells(rows: pl.DataFrame, spec: DatasetSpec) -> pl.DataFrame:
    """Two cells a row, net weight and primary value: the frame that rows.to_parsed reads."""
    rows = rows.with_columns(dimensions=_dimensions(spec))
    flags = pl.col("legacyEstimationFlag").fill_null("")
    estimated = pl.when(pl.col(ESTIMATED) == "true").then(pl.lit("e")).otherwise(pl.lit(""))
    nought = pl.when(_zero() & _missing_weight()).then(pl.lit("z")).otherwise(pl.lit(""))
    weight = pl.when(_missing_weight()).then(pl.lit("")).otherwise("netWgt")
    # The estimation flags speak of quantity and weight, never of the value.
    series = {
        "netWgt": (weight, "KG", flags + estimated + nought),
        "primaryValue": (pl.col("primaryValue").fill_null(""), "USD", pl.lit("")),
    }
    return pl.concat(
        rows.select(
            "_line",
            series=pl.lit(name),
            ref_area="reporterCode",
            time_period="period",
            dimensions="dimensions",
            value=value,
            unit_measure=pl.lit(unit),
            flags=letters,
            conf=pl.lit(""),
            nature=pl.lit("UNKNOWN"),
            comment_obs=pl.lit(None, pl.String),
        )
        for name, (value, unit, letters) in series.items()
    )


def _refuse_others(rows: pl.DataFrame, question: Question, fail: Fail) -> None:
    asked = {
        "typeCode": ("C",),
        "freqCode": ("A",),
        "reporterCode": (question.reporter,),
        "period": (question.period,),
        "flowCode": question.flows,
        "cmdCode": question.codes,
        **({"partnerCode": question.partners} if question.partners else {}),
    }
    for name, codes in asked.items():
        other = rows.filter(~pl.col(name).is_in(codes).fill_null(False))
        if other.height:
            first = other.row(0, named=True)
            fail(
                f"answered what was not asked, in {other.height} rows (first: row {first['_line']})",
                "report it to the provider",
                field=name,
                value=str(first[name]),
                fault="S01" if name in ("reporterCode", "partnerCode") else "T04",
            )
    for name in ("classificationCode", "partnerCode"):
        bad = rows.filter(~pl.col(name).str.contains(_CODE).fill_null(False))
        if bad.height:
            fail(
                f"holds no code in row {bad['_line'][0]}, or one that is not plain letters and digits",
                "run `circularity probe`",
                field=name,
                value=str(bad[name][0]),
                fault="P07",
            )


def _dimensions(spec: DatasetSpec) -> pl.Expr:
    """Canonical JSON of the codes, which are known to need no escaping, for all rows at once."""
    pieces = [
        (pl.lit(f'{"," if number else "{"}"{name}":"'), pl.col(name), pl.lit('"'))
        for number, name in enumerate(sorted(spec.dimensions))
    ]
    return pl.concat_str([part for piece in pieces for part in piece] + [pl.lit("}")])


def _zero() -> pl.Expr:
    return (pl.col("netWgt").cast(pl.Float64, strict=False) == 0).fill_null(False)


def _missing_weight() -> pl.Expr:
    """A weight of zero is one only where the value is zero too and nothing was estimated."""
    estimated = pl.col("legacyEstimationFlag").is_in(["4", "6"]).fill_null(False)
    estimated |= (pl.col(ESTIMATED) == "true").fill_null(False)
    true_zero = (_VALUE == 0).fill_null(False) & ~estimated
    return pl.col("netWgt").is_null() | (_zero() & ~true_zero)


def _sum(rows: pl.DataFrame) -> float:
    return float(rows.select(_VALUE.sum()).item() or 0.0)


def _money(value: float | None) -> str:
    return "missing" if value is None else f"{value:,.2f} USD"
