"""How old a producer says its data are.

Belongs here: reading a producer's date or release tag. Does not belong here: how old is too old (the
declarations).
"""

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})\.Q([1-4])\b.*")


def age_in_days(producer_date: str, today: date) -> int | None:
    """Days from the producer's date to `today`; None if the text names no day.

    UNSD writes a release tag such as 2023.Q4.G.01: the last day of that quarter counts.
    """
    day = _DAY.match(producer_date)
    if day:
        return (today - date(int(day[1]), int(day[2]), int(day[3]))).days
    quarter = _QUARTER.match(producer_date)
    if quarter:
        last_month = 3 * int(quarter[2])
        year, month = (int(quarter[1]), last_month + 1) if last_month < 12 else (int(quarter[1]) + 1, 1)
        return (today - (date(year, month, 1) - timedelta(days=1))).days
    return None
