"""Which language the command line speaks, before any option is read."""

import os

from regulars.kernel.language import LANGUAGES

VARIABLES = ("REGULARS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def environment_language() -> str:
    """The first of ``VARIABLES`` that is set, as one of ours; English where it is none of them."""
    for name in VARIABLES:
        value = os.environ.get(name, "")
        if value:
            code = value.lower().replace("-", "_").split("_")[0].split(".")[0]
            return code if code in LANGUAGES else "en"
    return "en"
