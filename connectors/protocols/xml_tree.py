"""XML from a stranger, read without giving it any power.

What belongs here: what is refused before a parser sees the bytes, and how the parser is tied down. What does
not: what an element means (the protocol modules).

The bytes are searched whole for a document type, because a first block can be filled with a comment, and only
UTF-8 is read, because another encoding hides the letters looked for.
"""

from __future__ import annotations

import re

from lxml import etree

from connectors.protocols.base import Fail, check_text

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_STEP = "look at the answer; this program reads plain UTF-8 XML without a document type"


def read_xml(data: bytes, fail: Fail) -> etree._Element:
    """The root element, without comments and instructions. Refuses document types and all but UTF-8."""
    data = check_text(data, fail)
    if b"\x00" in data:
        fail("sent XML that is not plain UTF-8 text", _STEP, value="NUL byte", fault="H03")
    declared = _DECLARED.match(data)
    if declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii"):
        found = declared.group(1).decode("ascii", "replace")
        fail("sent XML in an encoding that is not read", _STEP, field="encoding", value=found, fault="H03")
    for word in (b"<!DOCTYPE", b"<!ENTITY"):
        if word in data:
            place = data.index(word)
            fail(f"sent XML with a document type not allowed (byte {place})", _STEP, fault="H01")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        fail("sent XML that cannot be read", "run `circularity probe`", value=str(error.msg), fault="P09")


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, which differs between the services of one provider."""
    return str(etree.QName(element).localname)


def first_text(root: etree._Element, *path: str) -> str:
    """The text of the first element at or below `root`, found by walking local names; "" if there is none."""
    found = root.xpath("descendant-or-self::" + "//".join(f"*[local-name()='{name}']" for name in path))
    return (found[0].text or "").strip() if found else ""
