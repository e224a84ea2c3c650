from datetime import date

import pytest

from orchestration.calendar import age_in_days


@pytest.mark.parametrize(
    ("producer_date", "today", "age"),
    [
        ("2024-02-28", date(2024, 3, 1), 2),  # a leap year
        ("2023-12-31T11:00:00", date(2024, 1, 1), 1),
        ("2023.Q4.G.01", date(2024, 1, 10), 10),
        ("2024.Q1.G.02", date(2024, 4, 1), 1),
        ("some day", date(2024, 4, 1), None),
    ],
)
def test_age_in_days(producer_date: str, today: date, age: int | None) -> None:
    assert age_in_days(producer_date, today) == age
