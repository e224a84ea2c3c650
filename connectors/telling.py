"""What is said of parts that are not fresh and of warnings: whole sentences, each once.

What belongs here: the errors a part gets when it is read, what an error says still stands, what many parts
say alike. What does not: deciding what stands (ingest.py), the facts of a vintage (vintages.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.errors import SourceError
from connectors.records import PartState, SourceWarning, Vintage
from connectors.spec import DatasetSpec


def explained(
    error: SourceError, spec: DatasetSpec, state: PartState | None, latest: Vintage | None
) -> SourceError:
    """The error, told together with what still stands. `state` is that of its part, None if it has none."""
    if latest is None or (state is not None and state.status == "absent"):
        kept = "nothing, because there is no earlier snapshot; the release plan names it as missing"
    else:
        since = f", snapshot of {state.retrieved_at}" if state else ""
        kept = f"the last good vintage {latest.vintage}{since}"
    return error.keeping(kept, spec.owner)


def why_not_fresh(spec: DatasetSpec, part: str, errors: dict[str, SourceError]) -> SourceError:
    """The error of a part, found among those known or added to them."""
    if part in errors:
        return errors[part]
    if not spec.parts_are_declared and spec.parts[0] in errors:
        return errors[spec.parts[0]]  # the list of parts could not be had: nothing is known of this one
    if spec.parts_are_declared:
        what = "was not part of the last fetch (the declaration is newer)"
        next_step, fault = f"circularity refresh {spec.key}", ""
    else:
        what = "is withdrawn, as far as the provider tells: it lists it no more"
        next_step, fault = (
            "ask the provider, and look for a successor; the last good figures stand until the data set is "
            "left out of the release plan",
            "S07",
        )
    errors[part] = _error(spec, what, next_step, fault, part)
    return errors[part]


def no_rows(spec: DatasetSpec, parts: int) -> SourceError:
    """T14: every part was read, and none has a row."""
    step = "check the declared codes; empty means unknown, never zero"
    return _error(spec, f"answered no rows in any of {parts} parts", step, "T14")


def went_back(spec: DatasetSpec, part: str, before: str, now: str) -> SourceError:
    """T21: a part came in an older state than the one which stands; both by the producer's own date."""
    what = f"went back from its release of {before} to that of {now or 'no known day'}; the newer stands"
    step = (
        "refresh again in a day; if the provider says that it withdrew the newer release, a person decides "
        "whether the figures that stand may be used"
    )
    return _error(spec, what, step, "T21", part)


def dropped_parts(names: list[str]) -> SourceWarning:
    """What stood and is in no new vintage, because a changed declaration no longer asks for it."""
    text = (
        f"{len(names)} parts that stood are no longer asked for, because the declaration changed, and were "
        f"left out; the first is {names[0]}"
    )
    return SourceWarning(fault="S07", text=text, facts=tuple(names))


def together(warnings: Iterable[SourceWarning]) -> tuple[SourceWarning, ...]:
    """The warnings, those that many parts share as one, which names the first part and how many others."""
    told: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for warning in warnings:
        parts = told.setdefault(facts_of(warning), [])
        if warning.part not in parts:
            parts.append(warning.part)
    return tuple(
        SourceWarning(fault=fault, text=text, facts=facts, part=_and_others(parts))
        for (fault, text, facts), parts in told.items()
    )


def facts_of(warning: SourceWarning) -> tuple[str, str, tuple[str, ...]]:
    """What a warning says, whatever part it is about."""
    return warning.fault, warning.text, warning.facts


def sentences(errors: Iterable[SourceError]) -> tuple[str, ...]:
    """The errors in words; what is said of many parts is said once, with how many others there are."""
    told: dict[tuple[object, ...], list[SourceError]] = {}
    for error in errors:
        kept = error.kept.partition(", snapshot of ")[0]
        words = (error.fault, error.what, error.field, error.value, kept, error.next_step)
        told.setdefault(words, []).append(error)
    return tuple(_with_others(same[0], len({error.part for error in same}) - 1) for same in told.values())


def _with_others(error: SourceError, others: int) -> str:
    return f"{error} (And so in {_others(others)}.)" if others else str(error)


def _and_others(parts: list[str]) -> str:
    return f"{parts[0]} and {_others(len(parts) - 1)}" if len(parts) > 1 else parts[0]


def _others(number: int) -> str:
    return "1 other part" if number == 1 else f"{number} other parts"


def _error(spec: DatasetSpec, what: str, next_step: str, fault: str, part: str = "") -> SourceError:
    return SourceError(
        spec.provider, spec.dataset, what, part=part, next_step=next_step, owner=spec.owner, fault=fault
    )
