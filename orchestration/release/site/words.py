"""Names and verdicts in one language: areas, regions, series, units, status badges, reasons.

What belongs here: turning a code of the tables into the words a reader sees. What does not: the words
themselves (texts/site/), numbers (numbers.py), choosing rows (model.py).
"""

import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

from connectors.errors import CheckError
from orchestration.release.site.model import ReleaseTables, Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.palette import STATUS_ORDER, STATUS_SYMBOL
from orchestration.release.site.texts import Texts

COMMON_STATUSES = frozenset({"achieved", "not_achieved", "MET", "MISSED"})
"""Results which mean the same under every method."""
NOT_COVERED = "NOT_COVERED"
"""A method that gives no row for a kind of area: M1 judges countries and regions, not a publisher's total."""


@dataclass(frozen=True)
class Badge:
    """A verdict as it is printed: symbol, word and colour; `why` in plain words if there is none."""

    colour: str
    symbol: str
    word: Markup
    order: int
    why: Markup | None = None


class Words:
    """The names of one release in one language."""

    def __init__(self, tables: ReleaseTables, texts: Texts) -> None:
        """`tables` give names of areas and indicators, `texts` everything else."""
        self._tables = tables
        self._t = texts
        self._language = texts.language

    def area(self, code: str) -> str:
        """The name of a country, a region or an area stated by its publisher."""
        for rows, column in ((self._tables.countries, "name"), (self._tables.regions, "region_name")):
            if code in rows:
                return self._named(rows[code], column, code)
        return str(self._t(f"area.{code}"))

    def area_unverified(self, code: str) -> bool:
        """Whether the composition of a region is not confirmed."""
        return code in self._tables.regions and not self._tables.regions[code]["verified"]

    def subgroup(self, code: str) -> Markup:
        """The name of a UNECE subgroup."""
        return self._t(f"subgroup.{code}")

    def indicator(self, code: str) -> str:
        """The title of an indicator."""
        return self._named(self._tables.indicators[code], "title", code)

    def definition(self, code: str) -> str:
        """The definition of an indicator."""
        return self._named(self._tables.indicators[code], "definition", code)

    def breakdown(self, code: str) -> str:
        """The name of a component; nothing for the total."""
        return "" if code == "_T" else str(self._t(f"breakdown.{code}"))

    def series(self, indicator: str, breakdown: str) -> str:
        """The title of an indicator with its component."""
        part = self.breakdown(breakdown)
        title = self.indicator(indicator)
        return str(self._t("base.pair", whole=title, part=part)) if part else title

    def unit(self, code: str, shape: Shape | None = None) -> Markup:
        """A unit of measurement; with a shape in millions, that unit in millions."""
        unit = self._t(f"unit.{code}")
        return self._t("unit.million", unit=unit) if shape and shape.factor == 1_000_000 else unit

    def entry_point(self, code: str) -> Markup:
        """The title of an entry point of the mandate."""
        return self._t(f"entry_point.{code}")

    def slot(self, code: str) -> Markup:
        """Why an indicator has no source. Raises CheckError if the registry now says otherwise."""
        text = self._t(f"slot.{code}")
        if self._t.source(f"slot.{code}") != self._tables.indicators[code]["slot_reason"]:
            raise CheckError(f"The reason why {code} has no source has changed. Renew its text slot.{code}.")
        return text

    def reason(self, code: str) -> Markup:
        """Why there is no value or no verdict, in plain words."""
        return self._t(f"reason.{code}")

    def colour(self, colour: str) -> Badge:
        """The verdict of a colour without a method: for counts, keys and the colour of most methods."""
        return self._badge(colour, self._t(f"colour.{colour}"))

    def status(self, method: str, status: str | None, colour: str | None) -> Badge:
        """The verdict of a method (M1 to M4) in that method's own words."""
        if colour in (None, "grey"):
            code = status or NOT_COVERED
            return self._badge("grey", self._t(f"short_reason.{code}"), self.reason(code))
        if status in COMMON_STATUSES:
            return self._badge(str(colour), self._t(f"status.{status}"))
        return self._badge(str(colour), self._t(f"status.{method}.{status}"))

    def regional(self, row: Row) -> Badge:
        """The status of the yearly table in the colours' own words, for a reader who knows no method."""
        if row["colour"] == "grey" or row["status"] in COMMON_STATUSES:
            return self.status("M1", row["status"], row["colour"])
        return self.colour(row["colour"])

    def statuses(self, row: Row) -> dict[str, Badge]:
        """The four verdicts of a row of the agreement or the regional progress table."""
        return {
            method.upper(): self.status(method.upper(), row[f"{method}_status"], row[f"{method}_colour"])
            for method in ("m1", "m2", "m3", "m4")
        }

    def _badge(self, colour: str, word: Markup, why: Markup | None = None) -> Badge:
        return Badge(colour, STATUS_SYMBOL[colour], word, STATUS_ORDER.index(colour), why)

    def _named(self, row: Row, column: str, code: str) -> str:
        name = row[f"{column}_{self._language}"]
        if not name:
            raise CheckError(f"{code} has no {column} in {self._language}. Add it to its declaration.")
        return str(name)


def sort_key(name: str) -> str:
    """A key that sorts names as an index does: accents and case do not part letters."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
