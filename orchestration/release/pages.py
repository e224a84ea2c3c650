"""What every page of a bundle shares: templates without surprises, and a style inside the page.

What belongs here: the template environment, the style with its hash. What does not: any page.
"""

import base64
import hashlib
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined


def page_environment(template: str) -> Environment:
    """An environment that knows one template of templates/, escapes all text and refuses unknown names."""
    return Environment(
        loader=DictLoader({template: _read(template)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_and_hash(*names: str) -> tuple[str, str]:
    """The named style sheets as one text, and its hash as a content security policy writes it."""
    style = "".join(_read(name) for name in names)
    return style, "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _read(name: str) -> str:
    return (resources.files("orchestration.release") / "templates" / name).read_text(encoding="utf-8")
