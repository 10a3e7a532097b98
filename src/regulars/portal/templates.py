"""How the portal's pages are laid out: as `regulars.kernel.templates`, with the style sheets' addresses."""

from typing import Any

from django.templatetags.static import static
from jinja2 import Environment

from regulars.kernel import templates


def environment(**options: Any) -> Environment:
    """What Django renders pages with."""
    found = templates.environment("regulars.portal", **options)
    found.globals["static"] = static
    return found
