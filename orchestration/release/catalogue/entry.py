"""catalog.jsonld: a release in a catalogue after DCAT-AP 3.0.1, as JSON-LD.

What belongs here: the catalogue, its one data set, a distribution for each file of data.
What does not: sizes, hashes and media types, which datapackage.json states; checking (check.py).

Addresses are relative to the folder of the bundle: below the plan's address, or where the file itself lies.
"""

from collections.abc import Mapping
from typing import Any

from orchestration.release import names
from orchestration.release.lock_model import Lock
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.plan_model import HOUSE
from orchestration.release.schema import REVISIONS, TableSchema
from orchestration.release.wording import ENGLISH, LANGUAGES, say, table_title

Node = dict[str, Any]
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_LANGUAGE_CODES = {"en": "ENG", "fr": "FRA", "ru": "RUS"}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_CONTEXT: Node = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "illustrative": "rdfs:comment",
}
_FOLDER = "./"


def build_catalogue(descriptor: Mapping[str, Any], lock: Lock, schemas: Mapping[str, TableSchema]) -> Node:
    """The catalogue as JSON-LD, from the descriptor of the bundle. Dates come from the plan."""
    base = {} if lock.address is None else {"@base": f"{lock.address}/"}
    issued = {"@type": "xsd:date", "@value": lock.plan.date.isoformat()}
    catalogue = {
        "@context": _CONTEXT | base,
        "@id": names.CATALOGUE,
        "@type": "dcat:Catalog",
        "dct:title": _said("catalogue"),
        "dct:description": _said("catalogue_text"),
        "dct:publisher": _publisher(),
        "dct:language": _languages(),
        "dct:license": _terms(),
        "dct:issued": issued,
        "dcat:dataset": _dataset(descriptor, lock, schemas, issued),
    }
    return catalogue | {"illustrative": ILLUSTRATIVE_MARK} if lock.illustrative else catalogue


def _dataset(
    descriptor: Mapping[str, Any], lock: Lock, schemas: Mapping[str, TableSchema], issued: Node
) -> Node:
    titles = lock.plan.title.by_language()
    if lock.illustrative:
        titles = {language: f"{title} – {ILLUSTRATIVE_MARK}" for language, title in titles.items()}
    return {
        "@id": _FOLDER,
        "@type": "dcat:Dataset",
        "dct:identifier": descriptor["id"],
        "dcat:version": lock.release,
        "dct:title": _by_language(titles),
        "dct:description": _said("dataset_text"),
        "dct:publisher": {"@id": HOUSE},
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": say("workbook", "author", ENGLISH),
            "vcard:hasURL": {"@id": HOUSE},
        },
        "dct:issued": issued,
        "dct:accrualPeriodicity": {"@id": f"{_AUTHORITY}/frequency/ANNUAL", "@type": "dct:Frequency"},
        "dct:language": _languages(),
        "dcat:theme": {
            "@id": f"{_AUTHORITY}/data-theme/ENVI",
            "@type": "skos:Concept",
            "skos:prefLabel": [{"@language": ENGLISH, "@value": "Environment"}],
        },
        "dcat:keyword": _said("keyword"),
        "dcat:distribution": [
            _distribution(resource, schemas, issued) for resource in descriptor["resources"]
        ],
    }


def _distribution(resource: Mapping[str, Any], schemas: Mapping[str, TableSchema], issued: Node) -> Node:
    path = resource["path"]
    node = {
        "@id": f"{path}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _by_language({language: _title(resource, schemas, language) for language in LANGUAGES}),
        "dcat:accessURL": {"@id": path, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": path},
        "dcat:mediaType": {
            "@id": f"{_MEDIA_TYPES}/{resource['mediatype'].split(';')[0]}",
            "@type": "dct:MediaType",
        },
        "dct:license": {"@id": names.LICENCES},
        "dct:issued": issued,
    }
    if "hash" not in resource:
        return node
    return node | {
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(resource["bytes"])},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {
                "@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
                "@type": "spdx:ChecksumAlgorithm",
            },
            "spdx:checksumValue": {
                "@type": "xsd:hexBinary",
                "@value": resource["hash"].removeprefix("sha256:"),
            },
        },
    }


def _title(resource: Mapping[str, Any], schemas: Mapping[str, TableSchema], language: str) -> str:
    key = str(resource["name"]).replace("-", "_")
    table = key.removesuffix("_parquet")
    if table in schemas or table == REVISIONS.name:
        schema = schemas.get(table, REVISIONS)
        return f"{table_title(schema, language)} ({'Parquet' if table != key else 'CSV'})"
    return say("catalogue", key, language)


def _publisher() -> Node:
    authors = {language: say("workbook", "author", language) for language in LANGUAGES}
    return {"@id": HOUSE, "@type": "foaf:Agent", "foaf:name": _by_language(authors)}


def _languages() -> list[Node]:
    return [
        {"@id": f"{_AUTHORITY}/language/{_LANGUAGE_CODES[language]}", "@type": "dct:LinguisticSystem"}
        for language in LANGUAGES
    ]


def _terms() -> Node:
    return {"@id": names.LICENCES, "@type": "dct:LicenseDocument", "dct:title": _said("terms")}


def _said(key: str) -> list[Node]:
    return _by_language({language: say("catalogue", key, language) for language in LANGUAGES})


def _by_language(texts: Mapping[str, str]) -> list[Node]:
    return [{"@language": language, "@value": text} for language, text in texts.items()]
