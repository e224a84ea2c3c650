"""The asset checks of a data set's observations: what an engineer sees of each refresh.

Belongs here: turning what the connectors judged, and a few measurements of the table, into checks. Does not
belong here: judging (connectors.continuity and the parsers), the assets themselves.

Each check shows the faults of its family (docs/runbook.md): as an error where a part was refused and the last
good one stands, as a warning where the vintage stands and somebody should look.
"""

from dataclasses import dataclass
from typing import Any

import dagster as dg
import polars as pl

from connectors.ingest import IngestResult
from connectors.observations import KEY
from connectors.records import FetchRecord, Vintage
from connectors.spec import DatasetSpec
from connectors.telling import sentences
from orchestration.calendar import age_in_days
from orchestration.freshness import judge_freshness
from orchestration.workplace import Workplace

COMPLETE, QUARANTINE, FRESH, VERIFIED = "complete", "nothing_quarantined", "fresh", "verified"
SHOWN = 20


@dataclass(frozen=True)
class Family:
    """Faults that one check shows."""

    name: str
    faults: frozenset[str]
    says: str


FAMILIES = (
    Family(
        "coverage_by_country_and_year",
        frozenset({"T14", "S06", "S07", "S08", "V06"}),
        "No country, year or series was lost since the last good vintage.",
    ),
    Family(
        "unit_and_magnitude",
        frozenset({"V07", "V08", "V09", "V10", "V11", "S10"}),
        "Units are those declared, and no country's figures jumped by a factor.",
    ),
    Family("no_duplicate_keys", frozenset({"V14", "V15"}), "Every key stands once."),
    Family(
        "structure",
        frozenset({"T01", "T03", "T04", "P06", "P07", "P08", "P09", "P10", "V04"}),
        "Columns, dimensions and code lists are those declared.",
    ),
    Family(
        "known_areas", frozenset({"S01", "S02", "S03", "S04"}), "Every area code is known, and stands once."
    ),
)


def observation_check_specs(spec: DatasetSpec, asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """Every check of a data set, whatever its state."""
    days = spec.freshness.expected_every_days
    said = {
        COMPLETE: "Every declared part was read; nothing had to be kept from an earlier vintage.",
        QUARANTINE: "No row was kept out because it could not be read.",
        FRESH: f"The producer's own date is not older than {days} days: {spec.freshness.note}",
        VERIFIED: f"The source was asked with success within {days} days, whatever the date of its data.",
        **{family.name: family.says for family in FAMILIES},
    }
    return [dg.AssetCheckSpec(name, asset=asset, description=text) for name, text in said.items()]


def check_observations(
    place: Workplace, spec: DatasetSpec, result: IngestResult, table: pl.DataFrame | None
) -> list[dg.AssetCheckResult]:
    """The verdicts after one refresh. `table` holds the observations of the vintage that stands."""
    record = place.store().last_fetched(spec.key)
    return [
        _check_complete(result),
        _check_quarantine(result.vintage),
        _check_producer_date(spec, result.vintage, place),
        _check_verified(spec, record, result.vintage, place),
        *(_check_family(family, result, _measure(family, place, spec, result, table)) for family in FAMILIES),
    ]


def _check_complete(result: IngestResult) -> dg.AssetCheckResult:
    said = [*result.sentences, *result.warnings]
    return dg.AssetCheckResult(
        check_name=COMPLETE,
        passed=not result.errors and result.vintage is not None,
        severity=dg.AssetCheckSeverity.ERROR,
        description=" ".join(dict.fromkeys(said)) or "Every declared part was read.",
    )


def _check_quarantine(vintage: Vintage | None) -> dg.AssetCheckResult:
    number = vintage.quarantined if vintage else 0
    return dg.AssetCheckResult(
        check_name=QUARANTINE,
        passed=number == 0,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{number} rows were kept out; they stand with their reason beside the vintage.",
    )


def _check_producer_date(spec: DatasetSpec, vintage: Vintage | None, place: Workplace) -> dg.AssetCheckResult:
    age = age_in_days(vintage.producer_date, place.source_time.date()) if vintage else None
    expected = spec.freshness.expected_every_days
    said = f"{age} days old" if age is not None else "of unknown age"
    return dg.AssetCheckResult(
        check_name=FRESH,
        passed=age is not None and age <= expected,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"By the producer's date the data are {said}; an edition is due every {expected} days.",
    )


def _check_verified(
    spec: DatasetSpec, record: FetchRecord | None, vintage: Vintage | None, place: Workplace
) -> dg.AssetCheckResult:
    found = judge_freshness(spec, record, vintage, place.source_time)
    grave = found.verdict == "silent"
    return dg.AssetCheckResult(
        check_name=VERIFIED,
        passed=found.verdict == "fresh",
        severity=dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN,
        description=found.describe(spec),
        metadata={"last_verified": str(found.verified or "never"), "days": found.days if found.days else 0},
    )


def _check_family(family: Family, result: IngestResult, measured: dict[str, Any]) -> dg.AssetCheckResult:
    errors = [error for error in result.errors.values() if error.fault in family.faults]
    warnings = [w for w in (result.vintage.warnings if result.vintage else ()) if w.fault in family.faults]
    said = list(dict.fromkeys([*sentences(errors), *(str(warning) for warning in warnings)]))
    facts = [fact for warning in warnings for fact in warning.facts]
    repeated = measured.get("duplicate_keys", 0)
    if repeated:
        said.append(f"{repeated} rows share a key.")
    metadata: dict[str, Any] = {name: _as_metadata(value) for name, value in measured.items()}
    metadata["faults"] = ", ".join(sorted({e.fault for e in errors} | {w.fault for w in warnings})) or "none"
    if facts:
        metadata["cases"] = dg.MetadataValue.md("\n".join(f"- {fact}" for fact in facts[:SHOWN]))
    return dg.AssetCheckResult(
        check_name=family.name,
        passed=not said,
        severity=dg.AssetCheckSeverity.ERROR if errors or repeated else dg.AssetCheckSeverity.WARN,
        description=" ".join(said) or family.says,
        metadata=metadata,
    )


def _as_metadata(value: Any) -> Any:
    return dg.MetadataValue.json(value) if isinstance(value, (dict, list)) else value


def _measure(
    family: Family, place: Workplace, spec: DatasetSpec, result: IngestResult, table: pl.DataFrame | None
) -> dict[str, Any]:
    """What is counted in the table itself, so that a check does not only repeat what was said before."""
    if table is None or result.vintage is None:
        return {}
    if family.name == "no_duplicate_keys":
        return {"duplicate_keys": table.height - table.select(KEY).n_unique()}
    if family.name != "coverage_by_country_and_year":
        return {}
    counted = table.group_by("time_period").agg(pl.col("ref_area").n_unique()).sort("time_period")
    cells = table.select("ref_area", "time_period").unique()
    measured: dict[str, Any] = {"areas_by_year": dict(counted.iter_rows()), "country_years": cells.height}
    before = [v for v in place.store().list_vintages(spec.key) if v.sequence < result.vintage.sequence]
    if before:
        older = place.store().read_observations(spec.key, before[-1].vintage)
        lost = older.select(cells.columns).unique().join(cells, on=cells.columns, how="anti")
        measured["compared_with"] = before[-1].vintage
        measured["country_years_lost"] = lost.height
        measured["first_lost"] = [" ".join(row) for row in lost.sort(lost.columns).head(SHOWN).iter_rows()]
    return measured
