"""The SDMX files are valid, described by their structure, and state the same figures as the Parquet.

What belongs here: that check. What does not: writing the files (structure.py, data.py).
The schemas of SDMX-ML 2.1 (schemas/) are the standard's own, so nothing is fetched. sdmx1, which makes one
object of each observation, reads a fixed sample of rows; every cell is compared column by column.
"""

import csv
import io
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release.findings import Content, Finding
from orchestration.release.sdmx.data import LEADING
from orchestration.release.sdmx.flows import MISSING_NUMBER, MISSING_TEXT, STRUCTURE, Flow, flows_of
from orchestration.release.tables import read_csv, read_csv_header, text_column
from orchestration.release.workbook import FINGERPRINTS

CHECK = "SDMX"
SAMPLE_ROWS = 500


def check_sdmx(content: Content) -> Iterator[Finding]:
    """Every finding about sdmx/. A bundle whose plan leaves out the tables of all flows has no such files."""
    flows = flows_of(content.tables)
    if not flows:
        return
    described = content.files.sdmx(STRUCTURE)
    path = content.folder / described
    if not path.is_file():
        yield Finding(CHECK, described, "is missing.")
        return
    faults = schema_faults(path.read_bytes())
    for fault in faults[:3]:
        yield Finding(CHECK, described, f"is not valid SDMX-ML 2.1: {fault}")
    if faults:
        return
    message = _read(path.read_bytes())
    for flow in flows:
        yield from _check_flow(content, flow, message)


def schema_faults(raw: bytes) -> list[str]:
    """What the standard's own schema finds wrong with an SDMX-ML 2.1 message, a line each."""
    from lxml import etree

    try:
        document = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema = _schema()
    schema.validate(document)
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


@cache
def _schema() -> Any:
    from lxml import etree

    with resources.as_file(resources.files("orchestration.release.sdmx") / "schemas") as folder:
        return etree.XMLSchema(etree.parse(str(folder / "SDMXMessage.xsd"), etree.XMLParser(no_network=True)))


def _read(raw: bytes) -> Any:
    import sdmx

    return sdmx.read_sdmx(io.BytesIO(raw), format="XML")


def _check_flow(content: Content, flow: Flow, message: Any) -> Iterator[Finding]:
    file, table = content.files.sdmx(flow.file), content.tables[flow.table]
    path = content.folder / file
    if not path.is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    if flow.id not in message.dataflow:
        yield Finding(CHECK, file, f"has no data flow {flow.id} in the structure.")
        return
    structure = message.dataflow[flow.id].structure
    parts = (structure.dimensions, structure.measures, structure.attributes)
    stated = [component.id for part in parts for component in part.components]
    published = [name.upper() for name in table.column_names if name not in FINGERPRINTS]
    for name in sorted(set(stated) ^ set(published)):
        yield Finding(CHECK, file, f"and its structure do not agree with the table on the column {name}.")
    raw = path.read_bytes()
    if read_csv_header(raw) != [*LEADING, *stated]:
        yield Finding(CHECK, file, "has other columns than its structure.")
        return
    found = read_csv(raw, dict.fromkeys([*LEADING, *stated], pa.string()))
    if found.num_rows != table.num_rows:
        yield Finding(CHECK, file, f"holds {found.num_rows} rows instead of {table.num_rows}.")
        return
    yield from _check_cells(file, flow, table, found, stated)
    yield from _check_codes(file, found, structure)
    yield from _check_reader(file, found, message.dataflow[flow.id])


def _check_cells(
    file: str, flow: Flow, table: pa.Table, found: pa.Table, stated: list[str]
) -> Iterator[Finding]:
    for name, text in zip(LEADING, ("dataflow", flow.urn, "I"), strict=True):
        if pc.any(pc.not_equal(found.column(name), text)).as_py():
            yield Finding(CHECK, file, f"says something else than {text} in {name}.")
    for name in stated:
        if name.lower() not in table.column_names:
            continue
        values = table.column(name.lower())
        is_number = pa.types.is_floating(values.type) or pa.types.is_integer(values.type)
        wanted = pc.fill_null(text_column(values), MISSING_NUMBER if is_number else MISSING_TEXT)
        row = pc.index(pc.not_equal(wanted, found.column(name)), True).as_py()
        if row >= 0:
            got, right = found.column(name)[row].as_py(), wanted[row].as_py()
            yield Finding(CHECK, file, f"row {row + 1}, {name}: {got!r} instead of {right!r}.")


def _check_codes(file: str, found: pa.Table, structure: Any) -> Iterator[Finding]:
    """Each code stands in the list of its component, and no key twice."""
    dimensions = [component.id for component in structure.dimensions.components]
    keys = found.select(dimensions).group_by(dimensions).aggregate([([], "count_all")])
    if keys.num_rows != found.num_rows:
        yield Finding(CHECK, file, "states the same key more than once.")
    for component in (*structure.dimensions.components, *structure.attributes.components):
        listed = component.local_representation.enumerated
        if listed is None:
            continue
        used = set(pc.unique(found.column(component.id)).to_pylist()) - {MISSING_TEXT}
        for code in sorted(used - set(listed.items)):
            yield Finding(CHECK, file, f"{component.id}: the code {code} is not in {listed.id}.")


def _check_reader(file: str, found: pa.Table, dataflow: Any) -> Iterator[Finding]:
    """sdmx1 reads evenly chosen rows with our structure, and finds the key and value of each.

    The rows are chosen as cells, not as lines: a text may hold whatever some reader takes for the end of one.
    """
    import sdmx

    step = max(1, found.num_rows // SAMPLE_ROWS)
    table = found.take(list(range(0, found.num_rows, step)))
    sample = io.StringIO()
    writer = csv.DictWriter(sample, found.column_names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table.to_pylist())
    raw = io.BytesIO(sample.getvalue().encode())
    message = sdmx.read_sdmx(raw, format="CSV", structure=dataflow)
    read = [observation for data in message.data for observation in data.obs]
    if len(read) != table.num_rows:
        yield Finding(CHECK, file, f"sdmx1 reads {len(read)} observations of {table.num_rows}.")
        return
    for row, observation in zip(table.to_pylist(), read, strict=True):
        said = {name: str(key.value) for name, key in observation.dimension.values.items()}
        if any(row[name] != text for name, text in said.items()) or observation.value != row["OBS_VALUE"]:
            yield Finding(CHECK, file, f"sdmx1 reads something else than is written for {said}.")
            return
