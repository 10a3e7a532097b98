"""How everything that people read is laid out: Jinja, escaped, strict, in the reader's language."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from regulars.kernel.language import gettext, language, ngettext


def environment(package: str, **options: Any) -> Environment:
    """The templates of a room.

    Args:
        package: The room, as ``regulars.console``; they are in its folder ``templates``.
        **options: Of Jinja.
    """
    options |= {
        "loader": PackageLoader(package, "templates"),
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    found = Environment(**options)  # noqa: S701  (escaped, see above)
    found.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    found.globals["language"] = language
    found.filters["unbroken"] = unbroken
    return found


def unbroken(text: str) -> str:
    """Words that no line ends within, as those on a button: "one-time" stays in one piece."""
    return text.replace("-", "\N{NON-BREAKING HYPHEN}")
