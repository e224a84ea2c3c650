"""A figure of the site: a graphic together with everything a reader without eyes for it needs.

What belongs here: the shape which charts and maps return and which the `figure` macro prints.
What does not: drawing (charts.py, maps.py), layout (templates/site/figure.html.j2).
"""

from dataclasses import dataclass

from markupsafe import Markup

Cell = str | Markup
"""A printed cell. Numbers come from Numbers.data(), so that they carry their exact value."""


@dataclass(frozen=True)
class Figure:
    """One graphic in one language.

    `title` and `description` (a sentence computed from the data) are its words; `svg` the drawing as inline
    markup without inner `aria-*` and `role`, or empty if nothing may be drawn (then `notes` say why).
    `table_rows` is the same content as a table: the first row is the header, the first column of each row
    names it. `notes` are the territorial footnotes and the reserves printed under it.
    """

    title: str
    description: str
    svg: Markup
    table_rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
