"""Settings of the environment that are read as something else than text."""

import os

from regulars.kernel.network import Network, networks
from regulars.project.errors import InvalidProxies, SettingNoNumber


def whole_number(name: str, *, default: int) -> int:
    """A number above 0; the default where nothing is set.

    Raises:
        SettingNoNumber: It is none.
    """
    told = os.environ.get(name, "").strip() or str(default)
    if not (told.isascii() and told.isdigit() and int(told)):
        raise SettingNoNumber(name=name, value=told)
    return int(told)


def proxies(name: str, *, default: str) -> tuple[Network, ...]:
    """The networks or addresses of a list with commas.

    Raises:
        InvalidProxies: One is neither.
    """
    told = os.environ.get(name, default)
    try:
        return networks(told)
    except ValueError as error:
        raise InvalidProxies(name=name, value=told) from error
