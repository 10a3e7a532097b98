"""Who is at the other end: addresses of this computer, and of clients behind a proxy."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def is_this_computer(name: str) -> bool:
    """Whether a name or an address of the network is this computer's own."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name.strip("[]"))
    return address is not None and ip_address(address).is_loopback


def networks(text: str) -> tuple[Network, ...]:
    """The networks or addresses of a list with commas.

    Raises:
        ValueError: One is neither.
    """
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def client_of(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of a client, proxies seen through.

    Every proxy adds whom it was asked by at the end; what stands before the last one that we do not trust,
    anybody could have written.

    Args:
        peer: Who is connected to us.
        forwarded: The header X-Forwarded-For, "" for none.
        trusted: The networks of our own proxies.
    """
    client = _address(peer)
    if client is None:
        return peer
    for told in reversed(forwarded.split(",")):
        if not _is_in(client, trusted):
            break
        before = _address(told)
        if before is None:
            break
        client = before
    return client


def is_in(address: str, trusted: Sequence[Network]) -> bool:
    """Whether an address is in one of several networks."""
    known = _address(address)
    return known is not None and _is_in(known, trusted)


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    known = ip_address(address)
    return any(known.version == one.version and known in one for one in trusted)


def _address(text: str) -> str | None:
    """An address as it is compared: without its port, and of version 4 where it is one of those."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
