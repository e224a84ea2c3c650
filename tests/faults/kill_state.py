"""What must hold of any folder in which an operation was stopped: nothing torn, nothing lost, all told.

What belongs here: what both kinds of operation are judged by. What does not: the operations (kill_sources.py,
kill_releases.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from connectors.inspection import find_leftovers
from connectors.store import Store


def store_at(folder: Path) -> Store:
    return Store(folder / "home" / "real", illustrative=False)


def find_lasting(root: Path) -> Iterator[Path]:
    """Objects, manifests, vintages: what never changes once it is there. Records of the last run are compared
    by content.
    """
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") or part == "tmp" for part in path.relative_to(root).parts)
        if path.is_file() and not hidden and path.name not in ("fetched.json", "ingested.json"):
            yield path


def find_torn_json(root: Path) -> list[str]:
    """Every record under its own name is whole, whatever a reader would forgive."""
    faults = []
    for path in root.rglob("*.json"):
        inside_unfinished = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not inside_unfinished:
            try:
                json.loads(path.read_bytes())
            except ValueError:
                faults.append(f"torn record {path.relative_to(root)}")
    return faults


def find_lost(before: Path, folder: Path) -> list[str]:
    """What stood before and does not stand byte for byte."""
    lasting = {p.relative_to(before): p for p in find_lasting(store_at(before).root)}
    kept = {
        name: p for name, p in lasting.items() if name.parts[2] in ("objects", "snapshots", "observations")
    }
    return [
        f"lost {name}"
        for name, path in kept.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != path.read_bytes()
    ]


def find_unlisted(root: Path, before: Path) -> list[str]:
    """Temporary files a stopped process left, which `doctor` would not name."""
    listed = find_leftovers(root)
    temporary = [p for p in root.rglob("*") if p.name.endswith(".tmp") or (p.parent.name == "tmp")]
    return [
        f"not listed by doctor: {p.relative_to(root)}"
        for p in temporary
        if not any(p == found or found in p.parents for found in listed)
        and not (before / p.relative_to(root)).exists()
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
