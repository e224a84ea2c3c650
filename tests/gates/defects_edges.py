"""One defect a check of G7: an awkward case of progress that is not judged by its rule."""

from tests.gates import pick
from tests.gates.defects import Defect, also

EDGES = [
    Defect(
        "G7.context",
        "a context indicator is called on track",
        lambda t: pick.assessed(t, "A04", "HRV").update(status="on_track", colour="green"),
        also=also("G5.status"),
    ),
    Defect(
        "G7.binary",
        "a yes is called limited progress",
        lambda t: pick.assessed(t, "P02", "HRV").update(status="limited", colour="yellow", n_points=2),
        also=also("G5.status", "G7.limit"),
    ),
    Defect(
        "G7.one_point",
        "one point that meets its target is called on track",
        lambda t: pick.assessed(t, "W05", "CZE").update(status="on_track", colour="green", target_value=None),
        also=also("G5.status", "G15.country"),
    ),
    Defect(
        "G7.signs",
        "a ratio is formed of a negative and a positive value",
        lambda t: pick.assessed(t, "W05", "EST").update(
            status="2", colour="yellow", start_value=2.0, end_value=-1.0
        ),
        also=also("G5.status"),
    ),
    Defect(
        "G7.adverse",
        "a series of negative values that falls is called on track",
        lambda t: pick.assessed(t, "W06", "DNK").update(status="on_track", colour="green", score=5.0),
        also=also("G5.status"),
    ),
    Defect(
        "G7.limit",
        "a series that stays at 100 percent is called limited",
        lambda t: pick.assessed(t, "W06", "FIN").update(status="2", colour="yellow"),
        also=also("G5.status"),
    ),
    Defect(
        "G7.zero",
        "growth is measured from zero",
        lambda t: pick.assessed(t, "W05", "FRA").update(status="1", colour="red"),
        also=also("G5.status"),
    ),
    Defect(
        "G7.met",
        "a target that was met and lost again is called moderate progress",
        lambda t: pick.assessed(t, "W06", "IRL").update(status="moderate", colour="yellow"),
        also=also("G5.status", "G7.adverse"),
    ),
    Defect(
        "G7.past",
        "a target missed in its year is called met",
        lambda t: pick.assessed(t, "W06", "HUN").update(status="MET", colour="green"),
        also=also("G5.status"),
    ),
]
