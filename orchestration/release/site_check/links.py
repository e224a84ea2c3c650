"""Every address of a page, a style sheet or a drawing leads to a place inside the bundle.

What belongs here: links, fragments, what style sheets and drawings load. What does not: which pages there
have to be (pages.py); what a page may not hold because it is followed here by nobody, and the policy by which
a browser refuses what its script asks for (structure.py); links in PDF files, which nothing follows.
"""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from orchestration.release import names
from orchestration.release.checksums import SUMS_NAME
from orchestration.release.findings import Content, Finding
from orchestration.release.site_check.drawings import drawing_faults
from orchestration.release.site_check.reading import SitePage

CHECK = "site links"
_LATER = frozenset({names.BUNDLE_CHECK, SUMS_NAME})
"""Written once everything else is judged; no bundle is complete without them."""
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)")


def check_links(content: Content) -> Iterator[Finding]:
    """One finding for each address that leads out of the bundle or nowhere, and for what no drawing holds."""
    present = {p.relative_to(content.folder).as_posix() for p in content.folder.rglob("*") if p.is_file()}
    present |= _LATER
    for path, page in content.site.pages.items():
        for address in dict.fromkeys(page.addresses):
            if fault := _fault(content, page, address, present):
                yield Finding(CHECK, f"{names.SITE}/{path}", fault)
    for path in sorted(file for file in content.site.files if file.endswith(".svg")):
        for fault in drawing_faults((content.folder / names.SITE / path).read_bytes()):
            yield Finding(CHECK, f"{names.SITE}/{path}", fault)
    for path in sorted(file for file in content.site.files if file.endswith(".css")):
        text = (content.folder / names.SITE / path).read_text(encoding="utf-8")
        for found in _IN_STYLE.finditer(text):
            address = found[1] or found[2]
            if not address.startswith(("data:", "#")) and not _leads(path, address, present):
                sentence = f"loads {address}, which is not there."
                yield Finding(CHECK, f"{names.SITE}/{path}", sentence)


def _fault(content: Content, page: SitePage, address: str, present: set[str]) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return f"leads out of the bundle to {address}."
    target = _target(page.path, parts.path)
    if target not in present:
        return f"links to {parts.path or address}, which is not there."
    below = target.removeprefix(f"{names.SITE}/")
    page_there = content.site.pages.get(below)
    if parts.fragment and page_there and unquote(parts.fragment) not in page_there.ids:
        return f"links to the missing place {address}."
    return None


def _leads(path: str, address: str, present: set[str]) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and _target(path, parts.path) in present


def _target(path: str, address: str) -> str:
    """The file of the bundle to which `address` leads from the file `path` of the site."""
    own = f"{names.SITE}/{path}"
    return posixpath.normpath(posixpath.join(posixpath.dirname(own), unquote(address))) if address else own
