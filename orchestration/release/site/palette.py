"""The colours of the site, its charts, its maps and its PDF: the one place where they are decided.

What belongs here: colour values, and the symbol that stands beside each status colour, because colour never
carries meaning alone. What does not: words (texts), layout (the style sheets).

The status colours differ in lightness and on the blue-orange axis, so that readers with protan, deutan or
tritan vision tell them apart; none falls below a contrast of 3:1 on white, and each has its own symbol.
"""

from types import MappingProxyType

INK = "#1b2733"
MUTED = "#4f5d6b"
RULE = "#c5ccd3"
PAPER = "#ffffff"
LINK = "#0b4f8a"
LAND = "#e9ecef"  # land of maps that is no member State
HATCH = "#6b7782"  # strokes of the hatch for what is missing or not assessed

#: Colour of the shared status colours of methodology 3.5; `grey` is drawn as a hatch where an area is filled.
STATUS = MappingProxyType({"green": "#0f6e84", "yellow": "#bf8219", "red": "#7d2a1e", "grey": "#8a949e"})
#: Words and tables carry these symbols; charts draw the same shapes.
STATUS_SYMBOL = MappingProxyType({"green": "▲", "yellow": "◆", "red": "▼", "grey": "○"})
STATUS_ORDER = ("green", "yellow", "red", "grey")

#: Lines of charts; each has its own dash as well.
SERIES = ("#0b4f8a", "#b3541e", "#5b3a8c", "#2f7d4f")
#: One hue in steps of lightness, light to dark, for shares (availability).
STEPS = ("#d5e4ee", "#93bdd6", "#3f86b0", "#0f4f7d")
