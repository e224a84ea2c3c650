"""Where things are and how processes behave: one typed place for configuration of the orchestration.

Belongs here: paths inside the checkout, the quiet environment of child processes, the Dagster home of a state
root. Does not belong here: which source is asked and where state lives (connectors.config), anything about a
release.
"""

import os
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_DIR / "dbt_project"
MANIFEST_FILE = DBT_PROJECT_DIR / "target" / "manifest.json"
WORKSPACE_FILE = PROJECT_DIR / "workspace.yaml"

OWNER = "team:circularity"

# A fetch that failed for a passing reason is tried again by Dagster, after the client's own retries.
FETCH_RETRIES = 2
FETCH_RETRY_SECONDS = 20.0

# Years a release may have.
FIRST_YEAR = 2022
LAST_YEAR = 2035

# The command line passes the number of an open pipe in this variable; a run started from the UI has none.
PROGRESS_FD = "CIRCULARITY_PROGRESS_FD"

# Nobody asked for telemetry, pop-ups or progress bars; every process we start inherits this.
QUIET_ENVIRONMENT = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "TQDM_DISABLE": "1",
}

DAGSTER_YAML = """\
# Written by circularity when this folder was made; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    # The only pool is "duckdb": one process at a time may open the warehouse.
    default_limit: 1
"""


def quiet_environment() -> None:
    """Switch off telemetry and progress bars in this process and its children, unless somebody chose
    otherwise.
    """
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def prepare_dagster_home(root: Path) -> Path:
    """Make the Dagster home of a state root (with its dagster.yaml) and point this process and its children
    at it.

    Returns the absolute folder. Every root has its own, so that runs on invented figures never mix with real
    ones.
    """
    home = (root / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    return home
