"""Being told to stop, however the operating system tells it."""

import threading
import time

LOOKED_EVERY_SECONDS = 0.1


class Interrupted(threading.Event):
    """What a server waits for until it is told to stop, an event that bears signals.

    A signal may be handed to any thread of a process, and Python answers it in the first one, when that
    one next runs. An ordinary event's wait without a limit never runs again when another thread took the
    signal; and one that is about to wait holds the lock that the answer to the signal asks for. This one
    looks again and again, and holds nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def is_set(self) -> bool:
        """Whether it was told."""
        return self._told

    def set(self) -> None:
        """Ends the wait."""
        self._told = True

    def clear(self) -> None:
        """Begins anew."""
        self._told = False

    def wait(self, timeout: float | None = None) -> bool:
        """Returns as soon as it is set, or after a time in seconds; whether it is set."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self._told and (end is None or time.monotonic() < end):
            time.sleep(LOOKED_EVERY_SECONDS)
        return self._told
