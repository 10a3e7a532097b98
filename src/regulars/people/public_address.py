"""Where customers reach this installation, as it is kept: pure."""

from urllib.parse import urlsplit

from regulars.kernel.network import is_this_computer
from regulars.people.errors import HttpsRequired, InvalidPublicAddress

LONGEST = 200


def public_address(text: str) -> str:
    """An address as it is kept: scheme, host and port; "" stays "".

    Raises:
        InvalidPublicAddress: It is none, or more than that.
        HttpsRequired: It is plain HTTP of another computer.
    """
    text = text.strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        name = host.encode("idna").decode("ascii").lower() if ":" not in host else host
    except ValueError as error:
        raise InvalidPublicAddress from error
    bare = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not name or not bare or len(text) > LONGEST:
        raise InvalidPublicAddress
    if not all(letter.isalnum() or letter in "-.:" for letter in name):
        raise InvalidPublicAddress
    if parts.scheme == "http" and not is_this_computer(name):
        raise HttpsRequired
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
