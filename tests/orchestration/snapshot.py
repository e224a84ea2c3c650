"""The code location as text: every asset with its group, what it depends on, and its checks.

`python -m tests.orchestration.snapshot` prints it; `assets.txt` keeps it, so that a rename is a visible diff.
The assets of one data set stand there once for all data sets of the same shape: a new one is no diff.
"""

import re
from pathlib import Path

import dagster as dg

from connectors.registry import list_datasets

SNAPSHOT = Path(__file__).parent / "assets.txt"


def render(defs: dg.Definitions) -> str:
    """One block an asset, sorted by key."""
    graph = defs.resolve_asset_graph()
    blocks = {}
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        lines = [f"{key.to_user_string()} [{node.group_name}]"]
        lines += [f"  needs {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        lines += [f"  check {check.name}" for check in sorted(node.check_keys)]
        blocks["\n".join(dict.fromkeys(_fold(line) for line in lines))] = None
    return "\n".join(blocks) + "\n"


def _fold(line: str) -> str:
    """The line with the name of a data set replaced by what all of them are called."""
    for spec in list_datasets():
        names = rf"\b(raw|obs)/{spec.provider}/{spec.dataset}(?![\w/])( \[{spec.provider}\])?"
        line = re.sub(
            names, lambda found: f"{found[1]}/PROVIDER/DATASET{' [PROVIDER]' * bool(found[2])}", line
        )
        line = re.sub(rf"\bstg_{spec.provider}__{spec.dataset}\b", "stg_PROVIDER__DATASET", line)
    return line


if __name__ == "__main__":
    from orchestration.definitions import defs as location

    print(render(location), end="")
