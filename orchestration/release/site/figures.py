"""A figure of the site: a graphic together with everything a reader without eyes for it needs.

What belongs here: the shape which charts and maps return and which the `figure` macro prints.
What does not: drawing (charts.py, maps.py), layout (templates/site/figure.html.j2).
"""

from dataclasses import dataclass

from markupsafe import Markup

Cell = str | Markup
"""A printed cell. Numbers come from Numbers.data(), so that they carry their exact value."""

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}
"""The kinds of files a figure can have (figure_files.py)."""


@dataclass(frozen=True)
class Figure:
    """One graphic in one language.

    `title` and `description` (a sentence computed from the data, its values marked as in a cell) are its
    words; `svg` the drawing as inline markup without inner `aria-*` and `role`, or empty if nothing may be
    drawn (then `notes` say why). `table_rows` is the same content as a table: the first row is the header,
    the first column of each row names it. `notes` are the territorial footnotes and the reserves printed
    under it. `is_map`: a map, which also becomes a PNG file.
    """

    title: str
    description: Cell
    svg: Markup
    table_rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    is_map: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its files: no drawing without a graphic, PNG for maps only."""
        drawn = (("svg", "png") if self.is_map else ("svg",)) if self.svg else ()
        return (*drawn, "csv") if self.table_rows else drawn
