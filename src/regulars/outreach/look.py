"""The colours of the screens, for mail, where readers know no variables."""

import re
from functools import cache
from importlib.resources import files

DARK = "@media screen and (prefers-color-scheme: dark)"
COLOUR = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")


@cache
def colours() -> tuple[dict[str, str], dict[str, str]]:
    """Light and dark, by the names in ``kernel/look/tokens.css``, underscores for hyphens."""
    sheet = (files("regulars.kernel") / "look" / "tokens.css").read_text(encoding="utf-8")
    light, _, rest = sheet.partition(DARK)
    dark, *_ = rest.partition("@media")
    return _named(light), _named(light) | _named(dark)


def _named(sheet: str) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in COLOUR.findall(sheet)}
