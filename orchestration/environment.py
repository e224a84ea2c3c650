"""Are the installed packages those of requirements.lock?

Belongs here: comparing versions, refusing to start with others. Does not belong here: installing (Makefile).
The lock carries hashes, which the installer checks; afterwards a changed version is what can be seen.
"""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from connectors.errors import CheckError
from orchestration.settings import PROJECT_DIR

LOCK_FILE = PROJECT_DIR / "requirements.lock"
_SHOWN = 5


def find_changed_packages(lock: Path = LOCK_FILE) -> list[str]:
    """Each locked package that is installed in another version, or not at all, in plain words."""
    if not lock.is_file():
        return []  # installed without a checkout: whoever installed it chose the versions
    changed = []
    for line in re.findall(r"^[A-Za-z0-9][^\n\\]*", lock.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            wanted = Requirement(line.strip())
        except InvalidRequirement:
            continue
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            found = "not installed"
        if found == "not installed" or not wanted.specifier.contains(found, prereleases=True):
            changed.append(f"{wanted.name} is {found}, locked is {str(wanted.specifier).lstrip('=')}")
    return changed


def require_locked_packages() -> None:
    """Raise CheckError unless every locked package has its locked version."""
    changed = find_changed_packages()
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise CheckError(
            f"The installed packages are not those of {LOCK_FILE.name}: {'; '.join(changed[:_SHOWN])}{more}. "
            "Nothing was done, because other versions may give other figures. Run any `make` target, which "
            "installs the locked ones. Runbook: O17."
        )
