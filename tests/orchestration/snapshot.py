"""The code location as text: every asset with its group, what it depends on, and its checks.

`python -m tests.orchestration.snapshot` prints it; `assets.txt` keeps it, so that a rename is a visible diff.
"""

from pathlib import Path

import dagster as dg

SNAPSHOT = Path(__file__).parent / "assets.txt"


def render(defs: dg.Definitions) -> str:
    """One block an asset, sorted by key."""
    graph = defs.resolve_asset_graph()
    blocks = []
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        lines = [f"{key.to_user_string()} [{node.group_name}]"]
        lines += [f"  needs {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        lines += [f"  check {check.name}" for check in sorted(node.check_keys)]
        blocks.append("\n".join(lines))
    return "\n".join(blocks) + "\n"


if __name__ == "__main__":
    from orchestration.definitions import defs as location

    print(render(location), end="")
