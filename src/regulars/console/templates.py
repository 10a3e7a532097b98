"""How pages are laid out: as `regulars.kernel.templates`, with addresses."""

import json
from typing import Any

from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from regulars.console.sheets import sheets_of
from regulars.kernel import templates

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
    found = templates.environment("regulars.console", **options)
    found.globals |= {
        "static": static,
        "url": address,
        "sheets": sheets,
        "csrf_token_of": get_token,
        "htmx_script": htmx_script,
        "htmx_settings": HTMX_SETTINGS,
    }
    return found


def address(route: str, **named: Any) -> str:
    """Of a page, by the name of its route."""
    return reverse(route, kwargs=named or None)


@pass_context
def sheets(context: Context, *, is_inside: bool) -> tuple[str, ...]:
    """The stylesheets of the page that is laid out."""
    return sheets_of(str(context.name), is_inside=is_inside)
