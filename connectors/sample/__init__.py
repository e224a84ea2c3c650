"""The illustrative data set: invented figures in the providers' own wire formats, without network.

What belongs here: the seeded world, the bodies made from it, the adapter that answers in the providers'
place. What does not: anything that reads them; the connectors treat these bytes like any provider's. No
figure here is a statistic of any country. Nothing built from them may be published.
"""

from __future__ import annotations

from datetime import UTC, datetime

# Sample mode takes every time from here, so that its artefacts are the same on every machine and day.
SAMPLE_NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
