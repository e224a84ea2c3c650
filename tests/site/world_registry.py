"""The countries, regions and indicators of the invented release.

What belongs here: the keys that its tables share. What does not: values (world.py), verdicts
(world_verdicts.py).
"""

COUNTRIES = {
    "ALB": ("Albania", "Albanie", "Албания", "Western Balkans"),
    "AUT": ("Austria", "Autriche", "Австрия", "EU27"),
    "FRA": ("France", "France", "Франция", "EU27"),
    "KAZ": ("Kazakhstan", "Kazakhstan", "Казахстан", "Central Asia"),
}
REGIONS = {
    "UNECE": ("UNECE region", "Région de la CEE", "Регион ЕЭК", tuple(COUNTRIES)),
    "PROGRAMME": ("Programme countries", "Pays de programme", "Страны программ", ("ALB", "KAZ")),
}
SLOT = "No international source gives the schemes of extended producer responsibility by country and year."
INDICATORS = (
    ("W07", "Municipal recycling rate", "1", "%", 1, "RSUM", "W", "champion(top=5)", None),
    ("A02", "Consumption per person & year", "X", "t/cap", -1, "RSUM", "W", "none", None),
    ("A09", "Circular use", "1", "%", 1, "RSUM", "E", "2*value(EU27,2020)", None),
    ("T05", "Hazardous waste moved", "5", "t", 0, "SUM", "W", "none", None),
    ("P13", "Education", "X", "0-1", 1, "MEAN", "W", "const(1)", None),
    ("P11", "Producer responsibility", "4", "number", 1, "COUNT", "N", "none", SLOT),
)
BREAKDOWNS = {"T05": ("EXP", "IMP"), "P13": ("CUR", "TED")}


def series() -> list[tuple[str, str, str]]:
    """Indicator, breakdown and unit of every series."""
    return [(entry[0], part, entry[3]) for entry in INDICATORS for part in BREAKDOWNS.get(entry[0], ("_T",))]
