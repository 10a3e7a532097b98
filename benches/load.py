"""A client that asks a server as fast as it answers, and costs little beside it."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"content-length:"
RECEIVED_AT_ONCE = 1 << 18
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Told:
    """What a round of requests took.

    Attributes:
        seconds: From the first request to the last answer.
        latencies: Of each request, in seconds.
    """

    seconds: float
    latencies: list[float]


class _Connection:
    """A connection that waits for one answer at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.wanted = 0
        self.asked_at = 0.0

    def ask(self, request: bytes) -> None:
        """Sends a request; it fits what the system sends at once, or waits until it does."""
        self.received, self.wanted = b"", 0
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Takes what has come; whether it is a whole answer."""
        self.received += self.socket.recv(RECEIVED_AT_ONCE)
        if not self.wanted:
            end = self.received.find(HEAD_ENDS)
            if end < 0:
                return False
            head = self.received[:end].lower()
            start = head.index(LENGTH) + len(LENGTH)
            self.wanted = end + len(HEAD_ENDS) + int(head[start:].split(b"\r\n", 1)[0])
        return len(self.received) >= self.wanted


def request_of(path: str, token: str, body: bytes) -> bytes:
    """A POST of JSON with a key, as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ask_all(
    port: int, requests: Sequence[bytes], *, connections: int, is_right: Callable[[bytes], bool]
) -> Told:
    """Sends every request once, each connection the next as soon as it has its answer.

    Args:
        port: Of the server, on this computer.
        requests: As they go over the wire.
        connections: How many at a time.
        is_right: Whether an answer is what it has to be.

    Raises:
        AssertionError: An answer is not.
    """
    waiting: Iterator[bytes] = iter(requests)
    latencies: list[float] = []
    with selectors.DefaultSelector() as selector:
        some = [_Connection(port) for _ in range(connections)]
        start = time.perf_counter()
        for one, request in zip(some, waiting, strict=False):
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.ask(request)
        while selector.get_map():
            ready = selector.select(PATIENCE_SECONDS)
            assert ready, "the server does not answer"  # noqa: S101
            for key, _ in ready:
                one = key.data
                if one.is_answered():
                    latencies.append(time.perf_counter() - one.asked_at)
                    assert is_right(one.received), one.received  # noqa: S101
                    request = next(waiting, b"")
                    if request:
                        one.ask(request)
                    else:
                        selector.unregister(one.socket)
        seconds = time.perf_counter() - start
        for one in some:
            one.socket.close()
    return Told(seconds, latencies)
