"""The library that makes PDF files, and what a machine without its text library is told.

What belongs here: finding the library. What does not: any document (pdf.py). It imports nothing heavy, so
that a command can look before it begins.
"""

from typing import Any

from connectors.errors import CheckError

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def find_renderer() -> Any:
    """WeasyPrint, which looks for its text library when it is imported. Raises CheckError without that."""
    try:
        import weasyprint.text.fonts
        import weasyprint.urls
    except OSError as error:
        raise CheckError(
            "The PDF of the progress tables needs the text library Pango, which this machine lacks "
            f"({str(error).splitlines()[0]}). Install it (Debian: {PACKAGES}) and build again."
        ) from error
    return weasyprint
