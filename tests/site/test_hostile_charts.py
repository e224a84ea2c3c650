"""Hostile words in charts: what a table says is drawn as letters, never evaluated, never loaded (H13)."""

import pyarrow as pa
import pytest
from lxml import etree

from orchestration.release.site import drawing
from orchestration.release.site.charts import group_availability
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.render import Site
from orchestration.release.site.texts import Texts, load_texts
from orchestration.release.site.words import Words
from tests.faults.matrix import fault
from tests.site.figure_tables import invented_site, invented_tables, region_rows

SVG = "{http://www.w3.org/2000/svg}"


def site_with(name: str) -> Site:
    """The invented site, one of whose regions has the hostile name."""
    rows = region_rows()
    for row in rows:
        if row["region"] == "CAUCASUS":
            row["region_name_en"] = name
    tables = ReleaseTables({**invented_tables(), "rpt_region": pa.Table.from_pylist(rows)})
    site, texts = invented_site("en"), Texts("en", load_texts())
    return Site("en", site.facts, tables, texts, Numbers("en"), Words(tables, texts))


@fault("H13")
@pytest.mark.parametrize(
    "name",
    ["datum.x", "{{1+1}}", "{signal: 1}", "=1+1", "<script>1", "url(//a.b)", "</svg><a>", "http://a.b"],
)
def test_an_expression_markup_or_address_in_a_name_is_drawn_as_its_letters(name: str) -> None:
    root = etree.fromstring(str(group_availability(site_with(name), "one").svg).encode())
    assert name in [element.text for element in root.iter(f"{SVG}text")]
    for element in root.iter():
        assert element.tag in {f"{SVG}{tag}" for tag in ("svg", "g", "path", "rect", "text", "line", "defs")}
        assert not [value for key, value in element.attrib.items() if "href" in key or "//" in value]


@fault("H13", "External data url not allowed: https://example.org/data.json")
def test_a_specification_that_would_load_data_stops_the_build() -> None:
    outside = {"data": {"url": "https://example.org/data.json"}, "mark": "bar", "encoding": {}}
    with pytest.raises(ValueError, match="External data url not allowed: https://example.org/data.json"):
        drawing.rendered(outside, invented_site("en"), "one")


def test_a_file_of_this_machine_is_not_read_into_a_drawing(tmp_path) -> None:
    file = tmp_path / "data.json"
    file.write_text('[{"a": "SECRET", "b": 1}]', encoding="utf-8")
    place = {"y": {"field": "a", "type": "nominal"}, "x": {"field": "b", "type": "quantitative"}}
    for address in (f"file://{file}", str(file)):
        inside = {"data": {"url": address}, "mark": "bar", "encoding": place}
        try:
            drawn = str(drawing.rendered(inside, invented_site("en"), "one"))
        except ValueError:
            continue
        assert "SECRET" not in drawn
