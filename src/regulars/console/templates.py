"""How pages are laid out: Jinja, escaped, strict, in the reader's language."""

from typing import Any

from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, PackageLoader, StrictUndefined

from regulars.kernel.language import gettext, language, ngettext


def environment(**options: Any) -> Environment:
    """What Django renders pages with."""
    options |= {
        "loader": PackageLoader("regulars.console", "templates"),
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    found = Environment(**options)  # noqa: S701  (escaped, see above)
    found.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    found.globals |= {
        "static": static,
        "url": address,
        "language": language,
        "csrf_token_of": get_token,
    }
    return found


def address(route: str, **named: Any) -> str:
    """Of a page, by the name of its route."""
    return reverse(route, kwargs=named or None)
