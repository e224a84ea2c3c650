"""From the bytes of one snapshot to observations that can be trusted as far as they go by themselves.

What belongs here: the order of the steps: parse, correct what is known to be wrong, check areas and totals.
What does not: each step (protocols/, corrections/, areas.py, totals.py), comparing with what stood before
(continuity.py).
"""

from __future__ import annotations

from dataclasses import replace

from connectors.areas import check_areas
from connectors.corrections import Register, apply_corrections, load_register
from connectors.errors import CircularityError, SourceError
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import Parsed, failer
from connectors.spec import DatasetSpec
from connectors.totals import check_totals


def read_snapshot(
    body: bytes, spec: DatasetSpec, part: str, sha256: str, version: str, register: Register
) -> Parsed:
    """The observations of one part. `version` is the provider's, as the first half of a vintage id.

    Raises SourceError for whatever makes the part unusable; nothing else comes out of foreign bytes.
    """
    fail = failer(spec, part)
    try:
        parsed = PROTOCOLS[spec.protocol].parse(body, spec, part, sha256)
    except CircularityError:
        raise
    except Exception as error:  # noqa: BLE001 - as in refresh._fetch_parts: the bytes are a stranger's
        raise unforeseen(spec, part, error) from error
    check_areas(parsed.table, spec.provider, fail)
    parsed = apply_corrections(parsed, register, part, version, fail)
    totals = check_totals(parsed.table, spec, part, fail)
    return replace(parsed, warnings=(*parsed.warnings, *totals))


def register_of(key: str, illustrative: bool) -> Register:
    """The reviewed entries of a data set; invented figures have no known errors. Raises UsageError."""
    return Register() if illustrative else load_register(key)


def unforeseen(spec: DatasetSpec, part: str, error: Exception) -> SourceError:
    """What is said of bytes nobody thought of."""
    return SourceError(
        spec.provider,
        spec.dataset,
        "answered in a way this program was not made for",
        part=part,
        next_step="run `circularity probe`, and report this with the snapshot if there is one",
        field=type(error).__name__,
        value=str(error),
        owner=spec.owner,
    )
