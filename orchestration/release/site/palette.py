"""The colours of the site, its charts, its maps and its PDF: the one place where they are decided.

What belongs here: colour values, and the symbol that stands beside each status colour, because colour never
carries meaning alone. What does not: words (texts), layout (the style sheets).

The status colours differ in lightness and on the blue-orange axis, so that readers with protan, deutan or
tritan vision tell them apart; none falls below a contrast of 3:1 on white, those of letters below 4.5:1, and
each has its own symbol. A style sheet cannot import: a test holds every colour in it to this module.
"""

from types import MappingProxyType

INK = "#1b2733"
MUTED = "#4f5d6b"
RULE = "#c5ccd3"
PAPER = "#ffffff"
LINK = "#0b4f8a"
HAIR = "#e3e7ea"  # lines within tables
WASH = "#f4f6f8"  # ground of the row under the pointer and of code
MARK_GROUND = "#fdf3f0"  # ground of the line that says illustrative
MARK_ON_PAPER = "#e9d3ce"  # the same words across a printed page
UNDECIDED = "#c9d0d6"  # countries of maps: assessed by no method, or the methods are divided
LAND = "#e9ecef"  # land of maps that is no member State
HATCH = "#6b7782"  # strokes of the hatch for what is missing or not assessed

#: Colour of the shared status colours of methodology 3.5; `grey` is drawn as a hatch where an area is filled.
STATUS = MappingProxyType({"green": "#0f6e84", "yellow": "#bf8219", "red": "#7d2a1e", "grey": "#8a949e"})
#: The same on the letters of words, which need more contrast.
STATUS_TEXT = MappingProxyType({**STATUS, "yellow": "#9a6510", "grey": "#625f5c"})
#: Strokes over an area of a map in that colour.
STROKES = MappingProxyType({"yellow": "#d9a548", "red": "#a45a4f"})
#: Words and tables carry these symbols; charts draw the same shapes.
STATUS_SYMBOL = MappingProxyType({"green": "▲", "yellow": "◆", "red": "▼", "grey": "○"})
STATUS_ORDER = ("green", "yellow", "red", "grey")

#: Lines of charts; each has its own dash as well.
SERIES = ("#0b4f8a", "#b3541e", "#5b3a8c", "#2f7d4f")
#: One hue in steps of lightness, light to dark, for shares (availability).
STEPS = ("#d5e4ee", "#93bdd6", "#3f86b0", "#0f4f7d")
