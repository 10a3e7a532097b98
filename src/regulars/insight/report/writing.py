"""From a result to the file: template, style and a policy that forbids scripts and the network."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from regulars.insight.output import write_file
from regulars.insight.report.page import build_page
from regulars.insight.result import ScoreResult
from regulars.kernel.language import speaking

OPTION = re.compile(r"--[a-z][a-z-]*")
# In the order in which later rules win; what the screens share comes first.
SHARED = ("tokens", "base", "trees", "heat")
STYLE = (
    "masthead",
    "sections",
    "week",
    "people",
    "pictures",
    "tables",
    "widths",
    "paper",
)
OPTION = re.compile(r"(?<!\S)--[a-z]+(?:-[a-z]+)*")


def render_report(result: ScoreResult, language: str) -> str:
    """The report as one HTML document that needs no script, no network and no other file.

    Args:
        result: What the analysis found.
        language: One of ``regulars.kernel.language.LANGUAGES``.

    Returns:
        The document's text.

    Raises:
        ValueError: The language is not one of ours.
    """
    with speaking(language):
        page = build_page(result)
        template = _templates().get_template("report.html.j2")
        style = _style()
        return template.render(page=page, style=Markup(style), style_hash=_hash(style))  # noqa: S704


def write_report(result: ScoreResult, path: Path, *, language: str) -> None:
    """Write the report, whole or not at all.

    Args:
        result: What the analysis found.
        path: Where to; its folder is made if need be.
        language: One of ``regulars.kernel.language.LANGUAGES``.

    Raises:
        ValueError: The language is not one of ours.
        CannotWrite: The file can't be written.
    """
    write_file(path, render_report(result, language))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("regulars.insight.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["options"] = _options
    return environment


def _options(sentence: str) -> Markup:
    """A sentence whose options, such as --until, stand out and stay in one piece."""
    return Markup(OPTION.sub(r"<code>\g<0></code>", str(escape(sentence))))  # noqa: S704


@cache
def _style() -> str:
    shared = files("regulars.kernel") / "look"
    own = files("regulars.insight.report") / "style"
    sheets = [
        *(shared / f"{name}.css" for name in SHARED),
        *(own / f"{name}.css" for name in STYLE),
    ]
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _hash(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
