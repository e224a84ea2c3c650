"""The structure of the data flows as SDMX-ML 2.1: concepts, code lists, data structures, data flows.

What belongs here: building those artefacts from the release's own tables. What does not: the data (data.py).
Code lists hold what the release uses; names in French and Russian stand where the tables have them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sdmx
from sdmx.message import Header, StructureMessage
from sdmx.model import common, v21

from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.schema import Column, TableSchema
from orchestration.release.sdmx.flows import (
    AGENCY,
    CODE_LISTS,
    MEASURE,
    TIME,
    VERSION,
    Flow,
    attributes,
    dimensions,
    flows_of,
    stated_columns,
)
from orchestration.release.wording import LANGUAGES

Names = Mapping[str, str]
_TYPES = {
    "varchar": common.FacetValueType.string,
    "integer": common.FacetValueType.integer,
    "bigint": common.FacetValueType.long,
    "double": common.FacetValueType.double,
    "boolean": common.FacetValueType.boolean,
}
_TIME_TYPE = common.FacetValueType.observationalTimePeriod
_NAMED_BY = {
    "indicator": ("rpt_indicator", "indicator", "title"),
    "ref_area": ("rpt_area", "ref_area", "name"),
    "region": ("rpt_region", "region", "region_name"),
}
"""Column: the table that names its codes, that table's key, and the stem of its name columns."""


def build_structure(
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    *,
    release_id: str,
    issued: date,
    illustrative: bool,
) -> bytes:
    """SDMX-ML 2.1 of every flow whose table is in `tables`. Dates come from the plan."""
    header = Header(
        id=f"circularity-{release_id}".replace(".", "_"),  # SDMX-ML allows no full stop in it
        prepared=datetime.combine(issued, time()),
        sender=common.Agency(id=AGENCY),
        test=False,
    )
    message = StructureMessage(header=header)
    flows = flows_of(tables)
    used = {column.name: column for flow in flows for column in stated_columns(schemas[flow.table])}
    lists = {name: _code_list(name, tables, flows) for name in sorted(used) if name in CODE_LISTS}
    concepts = _concepts(used.values())
    for item in (concepts, *lists.values()):
        message.add(item)
    for flow in flows:
        structure = _data_structure(flow, schemas[flow.table], concepts, lists)
        message.add(structure)
        message.add(_dataflow(flow, schemas[flow.table], structure, illustrative))
    return bytes(sdmx.to_xml(message, pretty_print=True, xml_declaration=True, encoding="utf-8"))


def _facts(identity: str, names: Names) -> dict[str, Any]:
    """What every maintainable artefact says of itself."""
    return {
        "id": identity,
        "name": dict(names),
        "version": VERSION,
        "maintainer": common.Agency(id=AGENCY),
        "is_final": True,
        "is_external_reference": False,
    }


def _concepts(columns: Iterable[Column]) -> Any:
    scheme = common.ConceptScheme(**_facts("CS_CIRCULARITY", {"en": "Concepts of the Circularity Monitor"}))
    for column in columns:
        name = column.name.upper()
        scheme.append(common.Concept(id=name, name={"en": name}, description={"en": column.description}))
    return scheme


def _code_list(name: str, tables: Mapping[str, pa.Table], flows: Iterable[Flow]) -> Any:
    """The codes that the flows use in the column `name`, sorted."""
    used: set[str] = set()
    for flow in flows:
        if name in tables[flow.table].column_names:
            used |= {code for code in pc.unique(tables[flow.table].column(name)).to_pylist() if code}
    said = _names_of(name, tables)
    codes = common.Codelist(**_facts(CODE_LISTS[name], {"en": name}))
    for code in sorted(used):
        codes.append(common.Code(id=code, name=dict(said.get(code, {"en": code}))))
    return codes


def _names_of(name: str, tables: Mapping[str, pa.Table]) -> dict[str, Names]:
    """Names by code and language; a code without a name anywhere is named by itself."""
    table_name, key, stem = _NAMED_BY.get(name, ("", "", ""))
    if table_name not in tables:
        return {}
    rows = tables[table_name].to_pylist()
    return {
        row[key]: {language: row[f"{stem}_{language}"] for language in LANGUAGES if row[f"{stem}_{language}"]}
        for row in rows
    }


def _data_structure(flow: Flow, schema: TableSchema, concepts: Any, lists: Mapping[str, Any]) -> Any:
    structure = v21.DataStructureDefinition(**_facts(flow.structure_id, {"en": schema.title}))
    structure.dimensions.id = "DimensionDescriptor"
    structure.measures.id = "MeasureDescriptor"
    structure.attributes.id = "AttributeDescriptor"
    for order, column in enumerate(dimensions(schema), start=1):
        kind = common.TimeDimension if column.name.upper() == TIME else common.Dimension
        structure.dimensions.append(kind(order=order, **_component(column, concepts, lists)))
    measure = schema.column(MEASURE.lower())
    structure.measures.append(v21.PrimaryMeasure(**_component(measure, concepts, lists)))
    for column in attributes(schema):
        structure.attributes.append(
            common.DataAttribute(
                related_to=v21.PrimaryMeasureRelationship(),
                usage_status=common.UsageStatus.conditional,
                **_component(column, concepts, lists),
            )
        )
    return structure


def _component(column: Column, concepts: Any, lists: Mapping[str, Any]) -> dict[str, Any]:
    name = column.name.upper()
    if column.name in lists:
        representation = common.Representation(enumerated=lists[column.name])
    else:
        kind = _TIME_TYPE if name == TIME else _TYPES[column.data_type]
        representation = common.Representation(non_enumerated=[common.Facet(value_type=kind)])
    return {"id": name, "concept_identity": concepts[name], "local_representation": representation}


def _dataflow(flow: Flow, schema: TableSchema, structure: Any, illustrative: bool) -> Any:
    names = {"en": schema.title}
    if illustrative:
        names = {"en": f"{schema.title} – {ILLUSTRATIVE_MARK}"}
    facts = _facts(flow.id, names) | {"description": {"en": schema.description}}
    return v21.DataflowDefinition(structure=structure, **facts)
