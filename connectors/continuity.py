"""May this table follow the last good vintage? Judged part by part, before it becomes a vintage.

What belongs here: finding what to compare with, what becomes of a finding: refused (the last good snapshot of
the part stands), held back (a country's series is kept out, with its reason), or told (a warning travels with
the vintage to the gate). What does not: the rules (continuity_rules.py), the entries by which a person
accepts a break (corrections/).

Reading the same bytes again must give the same vintage. So a part remembers what it was compared with, and a
series that is held back stays compared with its last good values, however many versions later, until it comes
back to them or a person accepts the jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from connectors import continuity_rules as rules
from connectors.areas import name_areas
from connectors.continuity_rules import GROUP, Finding
from connectors.corrections import Register
from connectors.observations import KEY
from connectors.protocols.base import Fail, Parsed, failer
from connectors.records import HeldBack, PartState, SourceWarning, Vintage
from connectors.spec import DatasetSpec
from connectors.store import Store

_COLUMNS = [*KEY, "obs_value", "obs_bound", "unit_mult", "conf_status", "snapshot_sha256"]
_TEXTS = [*KEY, "obs_bound", "conf_status", "snapshot_sha256"]


@dataclass(frozen=True)
class Followed:
    """A part that may follow, and what it was compared with (None: nothing, it is the first)."""

    parsed: Parsed
    held_back: tuple[HeldBack, ...] = ()
    compared_sha256: str | None = None


@dataclass(frozen=True)
class _Standing:
    """What a part is compared with: rows, their snapshot, and what was held back when that was judged."""

    rows: pl.DataFrame
    sha256: str
    held_back: tuple[HeldBack, ...]


class Continuity:
    """The vintages of one data set, as the standard its new parts are held to."""

    def __init__(self, spec: DatasetSpec, store: Store, register: Register) -> None:
        """Read nothing yet but the records of the vintages."""
        self._spec, self._register, self._store = spec, register, store
        self._vintages = store.list_vintages(spec.key)
        self._intact: dict[Path, bool] = {}

    def follow(self, parsed: Parsed, part: str, sha256: str, version: str) -> Followed:
        """The part as it may become part of a vintage. `sha256` is its snapshot, `version` the provider's.

        Raises SourceError if it may not.
        """
        state = self._vintages[-1].parts.get(part) if self._vintages else None
        if state is None or state.sha256 is None:
            return Followed(parsed)
        compared = state.compared_sha256 if state.sha256 == sha256 else state.sha256
        if compared is None:
            return Followed(parsed)
        before = self._rows_before(part, compared, state)
        if before is None:
            text = "the last good vintage cannot be read, so nothing was compared with it"
            warning = SourceWarning(fault="O12", part=part, text=text)
            parsed = without_held_back(parsed, state.held_back)
            told = replace(parsed, warnings=(*parsed.warnings, warning))
            return Followed(told, state.held_back, compared)
        if parsed.table.is_empty():
            lost = _settle_emptied(before, version, part, self._register, failer(self._spec, part))
            return Followed(replace(parsed, warnings=(*parsed.warnings, *lost)), (), compared)
        standing = _Standing(before, compared, state.held_back)
        return _judge(standing, parsed, self._spec, part, version, self._register)

    def _rows_before(self, part: str, compared: str, state: PartState) -> pl.DataFrame | None:
        """What the part is compared with: its last rows, and those of the series held back since."""
        rows = self._rows_of(part, compared)
        if rows is None:
            return None
        for sha256 in sorted({held.compared_sha256 for held in state.held_back} - {compared}):
            held = [h for h in state.held_back if h.compared_sha256 == sha256]
            older = self._rows_of(part, sha256)
            if older is None:
                return None
            rows = pl.concat([rows, older.join(_groups(held), on=GROUP, how="semi")])
        return rows

    def _rows_of(self, part: str, sha256: str) -> pl.DataFrame | None:
        """The rows of one snapshot in the newest vintage that holds it; None if its file is damaged."""
        for vintage in reversed(self._vintages):
            state = vintage.parts.get(part)
            if state is not None and state.sha256 == sha256:
                path = self._store.observations_path(self._spec.key, vintage.vintage)
                if not self._is_intact(vintage, path):
                    return None
                whole = pl.scan_parquet(path).select(_COLUMNS)
                whole = whole.with_columns(pl.col(_TEXTS).cast(pl.String))
                return whole.filter(pl.col("snapshot_sha256") == sha256).collect()
        return None

    def _is_intact(self, vintage: Vintage, path: Path) -> bool:
        if path not in self._intact:
            self._intact[path] = self._store.has_observations(self._spec.key, vintage.vintage)
        return self._intact[path]


def without_held_back(parsed: Parsed, held_back: Sequence[HeldBack]) -> Parsed:
    """A part that was judged before, without the series that were held back then."""
    if not held_back:
        return parsed
    rows = _find_groups(parsed.table, _groups(held_back))
    return replace(parsed, table=parsed.table.filter(~pl.int_range(pl.len()).is_in(rows["row"].implode())))


def held_back_rows(parsed: Parsed, held_back: Sequence[HeldBack]) -> pl.DataFrame:
    """The rows of those series, which `without_held_back` leaves out: columns of the canonical table."""
    return parsed.table[_find_groups(parsed.table, _groups(held_back))["row"]]


def _judge(
    standing: _Standing, parsed: Parsed, spec: DatasetSpec, part: str, version: str, register: Register
) -> Followed:
    fail = failer(spec, part)
    if standing.rows.is_empty():
        return Followed(parsed, (), standing.sha256)
    before, after = rules.prepare(standing.rows), rules.prepare(parsed.table)
    both = rules.join_vintages(before, after)
    findings = rules.find_renamed(before, after)
    findings += rules.find_lost_countries(
        before, after, spec.rhythm.get(part), lambda codes: name_areas(spec.provider, codes)
    )
    findings += rules.find_zero_drift(before, after)
    jumped, compared_series = rules.find_jumps(both)
    jumped = _not_accepted(jumped, register, version)
    _refuse_switch(jumped, compared_series, register, version, fail)
    findings += rules.find_revisions(both.join(jumped, on=GROUP, how="anti"))
    series = sorted(after["series"].unique())
    warnings = [_settle(finding, series, version, part, register, fail) for finding in findings]
    held = _hold(jumped, parsed.table, standing)
    if not jumped.is_empty():
        warnings.append(_tell_held_back(jumped, part, register))
    out = _find_groups(parsed.table, jumped)
    raw = parsed.table["obs_value_raw"].gather(out["row"])
    quarantine = [*parsed.quarantine, *_set_aside(out.with_columns(raw.alias("raw")), part)]
    table = without_held_back(parsed, held).table
    return Followed(Parsed(table, quarantine, (*parsed.warnings, *warnings)), held, standing.sha256)


def _hold(jumped: pl.DataFrame, table: pl.DataFrame, standing: _Standing) -> tuple[HeldBack, ...]:
    """What is held back now. A series that was so before keeps the snapshot where it last had rows: the one
    compared now has none of it. One that is missing today is no series that came back.
    """
    before = {(held.series, held.ref_area, held.dimensions): held for held in standing.held_back}
    came = set(table.select(pl.col(GROUP).cast(pl.String)).unique().rows())
    now = set(jumped.select(GROUP).rows()) | (before.keys() - came)
    return tuple(
        before.get(group) or HeldBack(**dict(zip(GROUP, group, strict=True)), compared_sha256=standing.sha256)
        for group in sorted(now)
    )


def _settle(
    finding: Finding, series: list[str], version: str, part: str, register: Register, fail: Fail
) -> SourceWarning:
    """Refuse the part, or tell: what a person accepted is told together with who did."""
    text = finding.text
    if finding.refuses:
        entries = [
            entry
            for name in series
            for entry in register.accepts(finding.fault, name, version)
            if not entry.areas or set(finding.areas) <= set(entry.areas)
        ]
        if not entries:
            how = register.how_to_accept(finding.fault, series[0], version, finding.areas)
            fail(text, f"{finding.next_step}: {how}", fault=finding.fault)
        text += f" (accepted by {entries[0].id}: {entries[0].evidence})"
    return SourceWarning(fault=finding.fault, part=part, text=text, facts=finding.facts)


def _not_accepted(jumped: pl.DataFrame, register: Register, version: str) -> pl.DataFrame:
    for series in jumped["series"].unique().to_list():
        for entry in register.accepts("V07", series, version):
            areas = pl.col("ref_area").is_in(entry.areas) if entry.areas else pl.lit(True)
            jumped = jumped.filter(~((pl.col("series") == series) & areas))
    return jumped


def _refuse_switch(
    jumped: pl.DataFrame, compared_series: int, register: Register, version: str, fail: Fail
) -> None:
    """Most countries at once: the series itself has another unit (V07)."""
    if jumped.height < rules.MIN_SWITCHED or jumped.height < rules.SWITCHED_SHARE * compared_series:
        return
    middle = jumped.select(pl.col("factor").median()).item()
    first = jumped.row(0, named=True)
    fail(
        f"has another unit than before: {jumped.height} of {compared_series} series moved by a factor of "
        f"about {middle:.3g} (area {first['ref_area']}: {first['value_new']:.6g}, last value "
        f"{first['value']:.6g})",
        "find out which unit is right; if the new one, declare it, or accept the jump: "
        + register.how_to_accept("V07", first["series"], version),
        field="obs_value",
        fault="V07",
    )


def _tell_held_back(jumped: pl.DataFrame, part: str, register: Register) -> SourceWarning:
    # No version in this text: a marker that moves over equal rows must not read like something new.
    facts = tuple(
        f"{row['ref_area']} {row['dimensions']}: {row['value_new']:.6g}, last value {row['value']:.6g}"
        for row in jumped.iter_rows(named=True)
    )
    text = (
        f"{jumped.height} series of single countries moved by one factor of {rules.JUMP:g} or more, as by "
        f"another unit, and were kept out; first: {facts[0]}. To take one as it is, accept it in "
        f"{register.file or 'the register'} (docs/runbook.md, V07)"
    )
    return SourceWarning(fault="V07", part=part, text=text, facts=facts)


def _set_aside(rows: pl.DataFrame, part: str) -> list[dict[str, object]]:
    return [
        {
            "part": part,
            "line": None,
            "reason": f"the whole series of this country moved by a factor of about {row['factor']:.3g} "
            f"(last value {row['value']:.6g})",
            "ref_area": row["ref_area"],
            "time_period": row["time_period"],
            "value": row["raw"],
        }
        for row in rows.to_dicts()
    ]


def _find_groups(table: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The rows of these countries' series: `row` is their place in `table`, beside their key."""
    keys = table.select(pl.col(name).cast(pl.String) for name in KEY).with_row_index("row")
    return keys.join(groups, on=GROUP, how="inner", maintain_order="left")


def _groups(held_back: Sequence[HeldBack]) -> pl.DataFrame:
    rows = [(held.series, held.ref_area, held.dimensions) for held in held_back]
    return pl.DataFrame(rows, schema=dict.fromkeys(GROUP, pl.String), orient="row")


def _settle_emptied(
    before: pl.DataFrame, version: str, part: str, register: Register, fail: Fail
) -> list[SourceWarning]:
    """T14: a part may be empty from the start; one that had rows loses them all only if a person said so."""
    if before.is_empty():
        return []
    text = f"answered no rows where the last good vintage has {before.height} rows"
    series, areas = before["series"].unique().sort().to_list(), before["ref_area"].unique().sort().to_list()
    step = "ask the provider, empty means unknown, never zero; if the figures were withdrawn, accept the loss"
    finding = Finding("T14", text, True, areas=tuple(areas), next_step=step)
    return [_settle(finding, series, version, part, register, fail)]
