"""Who is at the other end: this computer, a client behind a proxy, nobody by their own word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.network import client_of, is_in, is_this_computer, networks

OURS = networks("127.0.0.1, ::1,10.0.0.0/8")
OUTSIDE = st.ip_addresses(v=4).map(str).filter(lambda one: not is_in(one, OURS))


@pytest.mark.parametrize(
    "name", ["localhost", "shop.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_this_computer_is_known_by_its_names(name):
    assert is_this_computer(name)


@pytest.mark.parametrize(
    "name",
    ["", "example.org", "*", "0.0.0.0", "192.168.1.5", "localhost.example.org", ".org"],  # noqa: S104  (a name, not bound to)
)
def test_nothing_else_is_this_computer(name):
    assert not is_this_computer(name)


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "192.0.2.9:4711", "192.0.2.9"),
        ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "::ffff:192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "192.0.2.9, 10.1.2.3", "192.0.2.9"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.9, nonsense", "127.0.0.1"),
        ("::ffff:127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_proxies_of_ours_are_seen_through(peer, told, client):
    assert client_of(peer, told, OURS) == client


@given(OUTSIDE, st.text(max_size=60))
def test_nobody_is_taken_for_whom_they_say_they_are(peer, told):
    assert client_of(peer, told, OURS) == peer


@given(OUTSIDE, st.lists(st.ip_addresses().map(str), max_size=4))
def test_what_a_client_wrote_before_our_proxy_changes_nothing(client, written):
    assert client_of("10.0.0.1", ", ".join([*written, client]), OURS) == client
