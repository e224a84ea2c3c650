"""Start the Dagster UI on loopback (`make dev`).

Belongs here: preparing the environment and handing over to `dagster dev`. Does not belong here: any
definition.
"""

import argparse
import os
import sys
from pathlib import Path

from connectors.config import SourceSettings
from orchestration.settings import WORKSPACE_FILE, prepare_dagster_home, quiet_environment


def main() -> None:
    """Prepare the Dagster home of the chosen mode, say where the page is, and become `dagster dev`."""
    parser = argparse.ArgumentParser(description="Start the Dagster UI on this machine only.")
    parser.add_argument("--port", type=int, default=3000)
    port = parser.parse_args().port
    settings = SourceSettings.from_env()
    quiet_environment()
    prepare_dagster_home(settings.root)
    # Runs are started by other processes: a relative state folder would depend on where each of them stands.
    os.environ["CIRCULARITY_HOME"] = str(Path(settings.home).resolve())
    print(f"Dagster on http://127.0.0.1:{port} (source: {settings.mode}); stop with Ctrl-C", flush=True)
    dagster = Path(sys.executable).parent / "dagster"
    os.execv(
        str(dagster),
        [str(dagster), "dev", "-h", "127.0.0.1", "-p", str(port), "-w", str(WORKSPACE_FILE)],
    )


if __name__ == "__main__":
    main()
