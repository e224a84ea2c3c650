"""Looking through a store: is everything whole, and what did killed processes leave behind.

What belongs here: reading and rehashing. What does not: changing anything, releases (orchestration.doctor).
"""

from __future__ import annotations

from pathlib import Path

from connectors.disk import LEFTOVER


def find_leftovers(root: Path) -> list[Path]:
    """Temporary files and folders nobody uses while no command runs: a killed process left them."""
    scratch = root / "objects" / "tmp"
    found = sorted(scratch.iterdir()) if scratch.is_dir() else []
    return found + sorted(path for path in root.rglob(f".*{LEFTOVER}") if scratch not in path.parents)
