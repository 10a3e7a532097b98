"""How pages are laid out: Jinja, escaped, strict, in the reader's language."""

import json
from typing import Any

from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import Environment, PackageLoader, StrictUndefined

from regulars.kernel.language import gettext, language, ngettext

# Nothing inline, nothing evaluated, and no page of anybody's customers kept in the browser.
HTMX_SETTINGS = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
    }
)


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
        "htmx_script": htmx_script,
        "htmx_settings": HTMX_SETTINGS,
    }
    return found


def address(route: str, **named: Any) -> str:
    """Of a page, by the name of its route."""
    return reverse(route, kwargs=named or None)
