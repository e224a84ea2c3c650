"""The errors this product raises on purpose, each with the exit code its command ends with.

What belongs here: exception types, and the one sentence a person reads. What does not: catching them,
printing them. Every message says what was wrong, where, what was kept and what to do next. Text that came
from a source is quoted, shortened and stripped of control characters, because a source is not trusted to
write on our terminal.
"""

from __future__ import annotations

from typing import Any

from connectors.redaction import hide

# A sentence may name twenty countries; it need not hold a label of a megabyte.
LONGEST = 2000


class CircularityError(Exception):
    """Base of all errors a user may see; `str(error)` is the full plain sentence."""

    exit_code = 1


class CheckError(CircularityError):
    """A check judged the data or a file, and refused it."""

    exit_code = 1


class UsageError(CircularityError):
    """The command, the configuration or a declaration is wrong; nothing was done."""

    exit_code = 2


class PolicyError(CircularityError):
    """A rule of the office (signatures, embargo, sample data, clean tree) refuses the act."""

    exit_code = 3


class StoreError(CircularityError):
    """The store on this machine is damaged, full, unwritable or in use."""

    exit_code = 5


class SourceError(CircularityError):
    """A provider, or what it answered, is at fault. The last good vintage always stands.

    `transient` says whether asking again later may help. `kept` is filled in by whoever knows what stood
    before (see `keeping`). `fault` is the fault's id in the runbook (docs/runbook.md), such as T11; empty
    where no named fault fits.
    """

    exit_code = 4

    def __init__(
        self,
        provider: str,
        dataset: str,
        what: str,
        *,
        next_step: str,
        kept: str = "",
        part: str = "",
        field: str = "",
        value: str = "",
        owner: str = "",
        transient: bool = False,
        fault: str = "",
    ) -> None:
        """Keep the facts apart, so that a page or a log can show them one by one."""
        self.provider, self.dataset, self.part = provider, dataset, part
        # An answer may repeat our key: no error ever carries it.
        self.what, self.next_step = show(hide(what), LONGEST), show(hide(next_step), LONGEST)
        self.field, self.value = show(hide(field), LONGEST), hide(value)
        self.kept, self.owner, self.transient = kept, owner, transient
        self.fault = fault
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        where = "/".join(x for x in (self.provider, self.dataset) if x)
        if self.part and self.part != "all":
            where += f" ({self.part})"
        text = f"{where}: {self.what}"
        if self.field:
            text += f" [field {self.field}"
            text += f", value {quote(self.value)}]" if self.value else "]"
        text += "."
        if self.kept:
            text += f" Kept: {self.kept}."
        text += f" Next step: {self.next_step}."
        if self.owner:
            text += f" Owner: {self.owner}."
        if self.fault:
            text += f" Runbook: {self.fault}."
        return text

    def keeping(self, kept: str, owner: str = "") -> SourceError:
        """The same error, told together with what was kept and who owns the data set."""
        return SourceError.from_record({**self.as_record(), "kept": kept, "owner": owner or self.owner})

    def as_record(self) -> dict[str, Any]:
        """JSON-able facts; `from_record` is the way back."""
        names = (
            "provider",
            "dataset",
            "what",
            "next_step",
            "kept",
            "part",
            "field",
            "value",
            "owner",
            "transient",
            "fault",
        )
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SourceError:
        """Rebuild an error that was written down with `as_record`."""
        facts = dict(record)
        return cls(facts.pop("provider"), facts.pop("dataset"), facts.pop("what"), **facts)


def show(text: str, limit: int) -> str:
    """Text that may hold foreign words, safe to print: control characters escaped, cut at `limit`."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)


def quote(text: str, limit: int = 80) -> str:
    """Foreign text, safe to print, in quotation marks."""
    return f"'{show(text, limit)}'"
