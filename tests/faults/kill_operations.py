"""The operations that are stopped at each of their writes, by name.

What belongs here: the list. What does not: the operations (kill_sources.py, kill_releases.py), stopping them
(kills.py).
"""

from tests.faults.kill_releases import RELEASE_OPERATIONS
from tests.faults.kill_sources import SOURCE_OPERATIONS
from tests.faults.kills import Operation

OPERATIONS: dict[str, Operation] = SOURCE_OPERATIONS | RELEASE_OPERATIONS
