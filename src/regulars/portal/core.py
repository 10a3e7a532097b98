"""Which language a page speaks, and how many requests it answers: pure rules."""

from collections import deque
from collections.abc import Callable
from threading import Lock

from babel import negotiate_locale

from regulars.kernel.language import LANGUAGES

MOST_KNOWN = 10_000


def spoken(*, asked: str, of_message: str, accepted: str, of_business: str) -> str:
    """The language of a page: what is asked for, else the message's, the browser's, the business's."""
    for one in (asked, of_message):
        if one in LANGUAGES:
            return one
    wished = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    return negotiate_locale(wished, LANGUAGES) or of_business


class Turnstile:
    """Lets so many requests a minute through from each address, in this process.

    Args:
        per_minute: How many.
        clock: Seconds that only grow.
    """

    def __init__(self, *, per_minute: int, clock: Callable[[], float]) -> None:
        self.per_minute, self.clock = per_minute, clock
        self._passed: dict[str, deque[float]] = {}
        self._lock = Lock()

    def seconds_to_wait(self, address: str) -> int:
        """0 where the request may pass, else after how many seconds to come again."""
        now = self.clock()
        with self._lock:
            if len(self._passed) >= MOST_KNOWN:
                self._passed = {
                    one: passed for one, passed in self._passed.items() if passed[-1] > now - 60
                }
            passed = self._passed.setdefault(address, deque())
            while passed and passed[0] <= now - 60:
                passed.popleft()
            if len(passed) < self.per_minute:
                passed.append(now)
                return 0
            return int(passed[0] + 60 - now) + 1
