"""catalog.jsonld: the entry in a catalogue, valid after our shapes of DCAT-AP; each defect is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from connectors.errors import UsageError
from orchestration.release.bundle_check import read_content
from orchestration.release.catalogue import check
from orchestration.release.catalogue.check import check_catalogue, shape_faults
from orchestration.release.catalogue.entry import build_catalogue
from orchestration.release.files import canonical_json
from orchestration.release.plan_model import parse_plan
from tests.bundle.conftest import make_lock
from tests.bundle.edits import Edit, change_json, remove
from tests.gates.release_fixture import SCHEMAS

FILE = "catalog.jsonld"


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_catalogue(read_content(folder)))


def test_every_file_of_data_is_a_distribution_with_size_checksum_and_licence(finished: Path) -> None:
    descriptor = json.loads((finished / "datapackage.json").read_text(encoding="utf-8"))
    graph = Graph().parse(finished / FILE, format="json-ld", publicID="https://example.org/r/")
    offered = {str(address) for address in graph.objects(None, DCAT.downloadURL)}
    assert offered == {f"https://example.org/r/{one['path']}" for one in descriptor["resources"]}
    sizes = {str(one): int(size) for one, size in graph.subject_objects(DCAT.byteSize)}
    for resource in descriptor["resources"]:
        node = f"https://example.org/r/{resource['path']}#distribution"
        assert sizes.get(node) == resource.get("bytes")
        assert (URIRef(node), DCTERMS.license, URIRef("https://example.org/r/LICENSES.md")) in graph
    assert said(finished) == ""


def test_titles_stand_in_three_languages(finished: Path) -> None:
    graph = Graph().parse(finished / FILE, format="json-ld", publicID="https://example.org/r/")
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution):
        nodes = list(graph.subjects(RDF.type, kind))
        assert nodes
        for node in nodes:
            assert {title.language for title in graph.objects(node, DCTERMS.title)} == {"en", "fr", "ru"}


def test_addresses_lie_below_the_plans(finished: Path) -> None:
    lock = make_lock()
    plan = lock.plan.model_copy(update={"address": "https://example.org/circularity"})
    lock = lock.model_copy(update={"plan": plan, "illustrative": False})
    descriptor = json.loads((finished / "datapackage.json").read_text(encoding="utf-8"))
    raw = canonical_json(build_catalogue(descriptor, lock, SCHEMAS))
    assert shape_faults(raw) == []
    graph = Graph().parse(data=raw, format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(dataset) == "https://example.org/circularity/sample-2026.1/bundle/"
    assert "ILLUSTRATIVE DATA" not in raw.decode()


def _dataset(edit: Callable[[Any], object]) -> Edit:
    return change_json(FILE, lambda c: edit(c["dcat:dataset"]))


def _distribution(edit: Callable[[Any], object]) -> Edit:
    return _dataset(lambda d: edit(d["dcat:distribution"][0]))


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (remove(FILE), "is missing"),
        (change_json(FILE, lambda c: c.pop("dct:title")), "is not valid DCAT-AP: "),
        (change_json(FILE, lambda c: c.pop("dct:publisher")), "publisher"),
        (change_json(FILE, lambda c: c["dct:publisher"].pop("foaf:name")), "foaf/0.1/name"),
        (change_json(FILE, lambda c: c.update({"dct:issued": "soon"})), "dc/terms/issued"),
        (_dataset(lambda d: d.pop("dct:description")), "dc/terms/description"),
        (_dataset(lambda d: d["dct:title"].append({"@language": "fr", "@value": "x"})), "dc/terms/title"),
        (_dataset(lambda d: d["dct:accrualPeriodicity"].pop("@type")), "accrualPeriodicity"),
        (_dataset(lambda d: d["dcat:contactPoint"].pop("@type")), "contactPoint"),
        (_distribution(lambda d: d.pop("dcat:accessURL")), "accessURL"),
        (_distribution(lambda d: d["spdx:checksum"].pop("spdx:algorithm")), "rdf/terms#algorithm"),
        (_distribution(lambda d: d["dcat:byteSize"].update({"@value": "many"})), "byteSize"),
        (_dataset(lambda d: d["dcat:distribution"].pop()), "is not what lock.json and datapackage.json give"),
        (change_json(FILE, lambda c: c.update({"@context": "https://example.org/c"})), "context outside"),
        (_dataset(lambda d: d.update({"@context": ["https://example.org/c"]})), "context outside"),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Edit, sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)


def test_without_shapes_nothing_is_valid(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_SHAPES", tmp_path)
    assert "the shapes are missing from this installation" in said(finished)


@pytest.mark.parametrize("address", ["http://example.org/x", "https://example.org/x/", "https://a b", "x"])
def test_an_address_that_is_no_plain_https_place_is_refused(address: str) -> None:
    stated = make_lock().plan.model_dump(mode="json") | {"address": address}
    with pytest.raises(UsageError, match="address"):
        parse_plan(stated, "plan.yaml")
