"""Hostile XML: document types, entities and encodings are refused before a parser runs."""

import pytest

from connectors.errors import SourceError
from connectors.protocols.base import failer
from connectors.protocols.xml_tree import first_text, read_xml
from tests.unit.connectors.wireformats import CIRCULAR

FAIL = failer(CIRCULAR, "all")
BOMB = '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'


def test_names_are_found_whatever_their_namespace():
    root = read_xml(
        b'<?xml version="1.0"?><s:a xmlns:s="urn:s"><!-- no --><b xmlns="urn:t"> 7 </b></s:a>', FAIL
    )
    assert (first_text(root, "a"), first_text(root, "a", "b"), first_text(root, "c")) == ("", "7", "")


@pytest.mark.parametrize(
    ("body", "fault", "words"),
    [
        (BOMB.encode(), "H01", "document type not allowed .byte 0."),
        (b"<!-- " + b"x" * 70_000 + b" -->" + BOMB.encode(), "H01", "byte 700"),
        (b'<a><![CDATA[<!DOCTYPE]]></a>', "H01", "not allowed"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "H03", "encoding"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "H03", "encoding"),
        (BOMB.encode("utf-16-le"), "H03", "not plain UTF-8"),
        (BOMB.encode("utf-16"), "", "not UTF-8 text at byte 0"),
        (b"<a><b></a>", "P09", "cannot be read"),
        (b"", "P09", "cannot be read"),
        (b"<a>" * 300 + b"</a>" * 300, "P09", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_plain_xml_is_refused(body, fault, words):
    with pytest.raises(SourceError, match=words) as caught:
        read_xml(body, FAIL)
    assert fault in (caught.value.fault, "")


def test_no_file_and_no_network_is_touched():
    hostile = b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///etc/passwd"/></a>'
    assert first_text(read_xml(hostile, FAIL), "a") == ""
