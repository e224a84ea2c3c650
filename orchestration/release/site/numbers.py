"""How a number is printed: for the eye by language, for a program exactly and with its place.

What belongs here: decimals, scale, locale formats, the `<data>` element. What does not: which numbers a page
prints, how a release's files state them (orchestration/release/tables.py).

A value is printed as `<data value="12.3456" data-cell="table|key|column">12.3</data>`: as every file of the
release states it, with the cell it comes from. A number that stands in no cell (a count of rows in a
sentence) has no `data-cell`. Years, the letters inside a drawing and its title are plain text.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_percent
from markupsafe import Markup, escape

from orchestration.release.tables import format_number

_SIGNIFICANT = 3
_MOST_DECIMALS = 4
_SCALED_FROM = 1e7
"""From this size on amounts are printed in millions."""
_LOCALES = {"en": "en_GB", "fr": "fr", "ru": "ru"}
"""English as the United Nations writes it: 23 November 2026."""
_PERCENT = {"en": "%", "fr": "\u202f%", "ru": "\u00a0%"}
MINUS = "\u2212"
"""A true minus sign, which has the width of a figure."""
SCALED_UNITS = frozenset({"t", "USD", "USD_2015", "persons", "t-km"})


@dataclass(frozen=True)
class Cell:
    """The place of a value in the release's tables: table, primary key in its order, column."""

    table: str
    key: tuple[str, ...]
    column: str

    def __str__(self) -> str:
        """As the attribute `data-cell` states it."""
        return f"{self.table}|{','.join(self.key)}|{self.column}"


@dataclass(frozen=True)
class Shape:
    """How the values of one series are printed wherever they stand: decimals after division by `factor`."""

    decimals: int
    factor: int = 1


def shape_of(unit: str, values: Iterable[float]) -> Shape:
    """Three significant digits at the median of the sizes of `values`; percentages always have one decimal.

    Amounts (tonnes, dollars, persons) whose largest value exceeds ten million are printed in millions.
    """
    sizes = sorted(abs(value) for value in values if value)
    factor = 1_000_000 if unit in SCALED_UNITS and sizes and sizes[-1] >= _SCALED_FROM else 1
    if unit == "%":
        return Shape(1)
    if all(size.is_integer() for size in sizes) and factor == 1:
        return Shape(0)
    middle = sizes[len(sizes) // 2] / factor
    return Shape(_decimals_at(middle), factor)


def _decimals_at(size: float) -> int:
    return max(0, min(_MOST_DECIMALS, _SIGNIFICANT - 1 - math.floor(math.log10(size))))


class Numbers:
    """Numbers and dates of one language."""

    def __init__(self, language: str) -> None:
        """`language`: en, fr or ru."""
        self.language = language
        self._locale = Locale.parse(_LOCALES[language])
        symbols = self._locale.number_symbols["latn"]
        self._signs = str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": MINUS})

    def data(self, value: float, shape: Shape, cell: Cell | None = None) -> Markup:
        """`value` printed in its shape, with its exact value. Never prints zero for what is not zero."""
        return _element(value, self.text(value, shape), cell)

    def text(self, value: float, shape: Shape) -> str:
        """`value` printed in its shape, without markup: for the inside of charts."""
        scaled = value / shape.factor
        decimals = shape.decimals
        if scaled and round(scaled, decimals) == 0:
            decimals = -math.floor(math.log10(abs(scaled)))
        return self._grouped(scaled, decimals)

    def count(self, value: int, cell: Cell | None = None) -> Markup:
        """A whole number."""
        return _element(value, self._grouped(value, 0), cell)

    def _grouped(self, value: float, decimals: int) -> str:
        """In groups of three with the signs of the language, half to even on the number's shortest text.

        The same as Babel's `format_decimal`, which reads its pattern anew for each number of a site.
        """
        return format(Decimal(str(value)), f",.{decimals}f").translate(self._signs)

    def share(self, value: float, cell: Cell | None = None) -> Markup:
        """A share of one as a percentage without decimals; 0 % and 100 % only if exactly so."""
        return _element(value, self.share_text(value), cell)

    def share_text(self, value: float) -> str:
        """A share of one as a percentage, without markup."""
        decimals = 0
        while value not in (0.0, 1.0) and round(value, decimals + 2) in (0.0, 1.0):
            decimals += 1
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + _PERCENT[self.language]
        return str(format_percent(value, pattern, locale=self._locale)).replace("-", MINUS)

    def day(self, value: date) -> str:
        """A date in words."""
        return format_date(value, "long", locale=self._locale)

    def moment(self, value: datetime) -> str:
        """A date with time and zone, in words."""
        return format_datetime(value, "long", locale=self._locale, tzinfo=value.tzinfo)

    def names(self, names: Sequence[str]) -> str:
        """Names in a row, parted by commas."""
        return ", ".join(names)


def _element(value: float, text: str, cell: Cell | None) -> Markup:
    place = "" if cell is None else f' data-cell="{escape(str(cell))}"'
    return Markup(f'<data value="{format_number(value)}"{place}>{escape(text)}</data>')
