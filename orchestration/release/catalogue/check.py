"""catalog.jsonld is valid after the shapes, and lists the files of the bundle as they are.

What belongs here: that check. What does not: making the file (entry.py), the files themselves
(datapackage_check.py). Nothing is fetched: a catalogue that names a context or shapes elsewhere is refused.
"""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from orchestration.release import names
from orchestration.release.catalogue.entry import build_catalogue
from orchestration.release.files import canonical_json
from orchestration.release.findings import Content, Finding
from orchestration.release.lock_model import read_lock
from orchestration.release.number_check import schema_of

CHECK = "DCAT-AP"
_SHAPES = resources.files("orchestration.release.catalogue") / "shapes"
_PLACE = "https://example.org/release/"
"""Where a catalogue without an address of its own is taken to lie while it is checked."""


def check_catalogue(content: Content) -> Iterator[Finding]:
    """Every finding about the catalogue."""
    path = content.folder / names.CATALOGUE
    if not path.is_file():
        yield Finding(CHECK, names.CATALOGUE, "is missing.")
        return
    raw = path.read_bytes()
    if _names_a_context(json.loads(raw)):
        yield Finding(CHECK, names.CATALOGUE, "names a context outside the bundle.")
        return
    for fault in shape_faults(raw)[:3]:
        yield Finding(CHECK, names.CATALOGUE, f"is not valid DCAT-AP: {fault}")
    lock = read_lock(content.folder / names.LOCK)
    schemas = {name: schema_of(name, table) for name, table in content.tables.items()}
    if raw != canonical_json(build_catalogue(content.descriptor, lock, schemas)):
        yield Finding(CHECK, names.CATALOGUE, "is not what lock.json and datapackage.json give.")


def shape_faults(raw: bytes) -> list[str]:
    """What the shapes find wrong with a catalogue, a line each."""
    from pyshacl import validate
    from rdflib import RDF, SH, Graph

    graph = Graph().parse(data=raw, format="json-ld", publicID=_PLACE)
    shapes = Graph()
    for file in sorted(_SHAPES.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".ttl"):
            shapes.parse(data=file.read_text(encoding="utf-8"), format="turtle")
    if not len(shapes):
        return ["the shapes are missing from this installation."]
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none", do_owl_imports=False)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        parts = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.resultMessage))
        found.append(" ".join(str(part) for part in parts))
    return sorted(found)


def _names_a_context(node: Any) -> bool:
    """Whether any @context, at any depth, is or holds the address of another document."""
    if isinstance(node, list):
        return any(_names_a_context(one) for one in node)
    if not isinstance(node, Mapping):
        return False
    context = node.get("@context", {})
    if not isinstance(context, Mapping) or "@import" in context:
        return True
    return any(_names_a_context(value) for value in node.values())
