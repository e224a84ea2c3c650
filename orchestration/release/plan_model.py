"""The plan of a release: its fields and their rules.

What belongs here: the typed plan and reading it from YAML. What does not: the verb `plan` (plan.py).
"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from connectors.errors import UsageError
from orchestration.release.clock import embargo_instant
from orchestration.release.ids import parse_release_id

Role = Literal["statistician", "secretariat"]
ROLES: tuple[Role, ...] = ("statistician", "secretariat")
"""Both must sign, each by another person."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n\r]+$")
]
Principal = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,100}$")]
PublicKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-\S+) [A-Za-z0-9+/=]+$"
    ),
]


HOUSE = "https://unece.org/"
"""Who publishes, and whom to ask as long as a plan names nobody nearer."""

Address = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9._~/-]*[A-Za-z0-9]$", max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Embargo(_Part):
    """The local time at which everyone gets access, and the zone it is local to."""

    local: datetime
    zone: str

    @property
    def instant(self) -> datetime:
        """The embargo in UTC."""
        return embargo_instant(self.local, self.zone)

    @model_validator(mode="after")
    def _names_one_instant(self) -> "Embargo":
        embargo_instant(self.local, self.zone)
        return self


class Signatory(_Part):
    """A person who may sign. `public_key` is the key's type and base64 text, without a comment."""

    name: Line
    role: Role
    principal: Principal
    public_key: PublicKey

    @field_validator("public_key", mode="before")
    @classmethod
    def _drop_comment(cls, value: Any) -> Any:
        return " ".join(value.split()[:2]) if isinstance(value, str) else value


class _ByLanguage(_Part):
    """A text in the three languages of a release, a line each."""

    en: Line
    fr: Line
    ru: Line

    def by_language(self) -> dict[str, str]:
        """The text by language code."""
        return self.model_dump()


class Title(_ByLanguage):
    """The title of a release."""

    def __str__(self) -> str:
        """The English one: messages and logs are in English."""
        return self.en


class CalendarNote(_ByLanguage):
    """What the calendar of each language adds to the announced date."""


class MapClearance(_Part):
    """That the United Nations office for maps reviewed those of this release: its reference and date."""

    reference: Line
    date: date


class Plan(_Part):
    """What a release will be. Empty `datasets`, `indicators` or `tables` mean all that are declared.

    `embargo` and `signatories` may be missing while a release is prepared; it can then not be published.
    `address` is the permanent place on the web under which each release has a folder of its id; without one
    the catalogue of a release names its files by where it lies itself.
    `pre_release_access` names offices or functions: the plan is published inside the lock. With
    `consultation: member_states` each of them sees its own figures before anyone signs. `calendar` is a
    note to the announced date; a release is announced as soon as its plan states the embargo. Every release
    is made in all `languages`. `contact` is where a reader may ask, printed on every page. `maps` is the
    clearance without which no map of real figures is drawn; invented figures, which are never published, may
    say `illustrative` instead.
    """

    release: str
    reference_year: int
    predecessor: str | None
    date: date
    title: Title
    datasets: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    languages: tuple[Literal["en"], Literal["fr"], Literal["ru"]] = ("en", "fr", "ru")
    embargo: Embargo | None = None
    calendar: CalendarNote | None = None
    address: Address | None = None
    contact: Line = HOUSE
    signatories: tuple[Signatory, ...] = ()
    pre_release_access: tuple[Line, ...] = ()
    consultation: Literal["none", "member_states"] = "none"
    maps: MapClearance | Literal["none", "illustrative"] = "none"

    @field_validator("title", "calendar", mode="before")
    @classmethod
    def _is_in_three_languages(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError("is one text; state it by language: {en: …, fr: …, ru: …}")
        return value

    @field_validator("maps", mode="before")
    @classmethod
    def _says_which_maps(cls, value: Any) -> Any:
        if isinstance(value, str) and value not in ("none", "illustrative"):
            raise ValueError("is neither none nor a clearance: {reference: …, date: …}")
        return value

    @model_validator(mode="after")
    def _is_coherent(self) -> "Plan":
        own = parse_release_id(self.release)
        if self.maps == "illustrative" and not own.sample:
            raise ValueError("maps of real figures need a clearance, or are left out with none")
        if self.predecessor is not None:
            before = parse_release_id(self.predecessor, illustrative=own.sample)
            if not before < own:
                raise ValueError(f"predecessor {self.predecessor} is not earlier than {self.release}")
        for what, values in (
            ("name", [s.name.casefold() for s in self.signatories]),
            ("principal", [s.principal for s in self.signatories]),
            ("public_key", [s.public_key for s in self.signatories]),
        ):
            if len(set(values)) != len(values):
                raise ValueError(
                    f"two signatories have the same {what}; each person signs with a key of their own"
                )
        return self


def read_plan(path: Path) -> Plan:
    """Read a plan. Raises UsageError naming each field at fault."""
    try:
        return parse_plan(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not readable YAML: {' '.join(str(error).split())}.") from error


def parse_plan(content: Any, where: str) -> Plan:
    """Make a Plan of parsed YAML or JSON; `where` names it in messages. Raises UsageError."""
    if isinstance(content, dict):
        for field in ("release", "predecessor"):
            if isinstance(content.get(field), float):
                raise UsageError(
                    f"{where}: {field} must stand in quotes ('{content[field]}'), for YAML reads it as a "
                    f"number "
                    "and 2026.10 would become 2026.1."
                )
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'plan'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise UsageError(f"{where} is not a valid plan. {faults}. Correct the file and repeat.") from error
