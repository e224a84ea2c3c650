"""One page of every kind the site has, and the check that none is forgotten.

What belongs here: the paths. What does not: what is asked of them.
"""

from pathlib import Path

LANGUAGES = ("en", "fr", "ru")
WIDTHS = (360, 1280)
KINDS = (
    "index.html",
    "progress/index.html",
    "progress/unece.html",
    "indicators/index.html",
    "indicators/W07.html",
    "indicators/T05.html",
    "indicators/P11.html",
    "countries/index.html",
    "countries/ALB.html",
    "analysis/index.html",
    "analysis/gaps.html",
    "analysis/gaps-1.html",
    "analysis/visibility.html",
    "analysis/decoupling.html",
    "analysis/policies.html",
    "data/index.html",
    "data/embeds.html",
    "embeds/map.html",
    "quality/index.html",
    "quality/revisions.html",
    "calendar.html",
    "accessibility.html",
)


def folders_and_names(site: Path, language: str) -> set[str]:
    """Every page of a language, numbered and coded pages by their folder alone."""
    coded = ("indicators", "countries", "progress", "embeds")
    found = set()
    for path in (site / language).rglob("*.html"):
        relative = path.relative_to(site / language)
        is_coded = relative.parts[0] in coded and relative.name != "index.html"
        name = f"{relative.parts[0]}/*" if is_coded else relative.as_posix()
        found.add("analysis/gaps-*" if name.startswith("analysis/gaps-") else name)
    return found
