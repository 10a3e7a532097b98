"""How much somebody may ask in a minute."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KNOWN = 10_000
FULL_AFTER_SECONDS = 60


@dataclass
class Bucket:
    """What somebody may still ask: it fills evenly, up to a minute's worth."""

    tokens: float
    filled_at: float


@dataclass(frozen=True)
class Allowance:
    """What somebody may ask.

    Attributes:
        limit: How many requests a minute.
        left: How many more may follow at once.
        wait_seconds: Until this one may come again; 0 where it is answered.
        full_in_seconds: Until the whole limit may be asked again.
    """

    limit: int
    left: int
    wait_seconds: int
    full_in_seconds: int

    @property
    def is_allowed(self) -> bool:
        """Whether this request is answered."""
        return self.wait_seconds == 0

    def headers(self) -> dict[str, str]:
        """What an answer says of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in_seconds),
        }


@dataclass
class Limiter:
    """At most so many requests a minute from each, in this process: a token bucket.

    Attributes:
        per_minute: Of each.
        clock: Seconds, as ``time.monotonic``.
    """

    per_minute: int
    clock: Callable[[], float]
    buckets: dict[str, Bucket] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, who: str) -> Allowance:
        """Takes one request from what somebody may ask.

        Args:
            who: A key's id, or an address.
        """
        now, rate = self.clock(), self.per_minute / 60
        with self.lock:
            if len(self.buckets) >= MOST_KNOWN:
                self.buckets = {
                    one: bucket
                    for one, bucket in self.buckets.items()
                    if now - bucket.filled_at < FULL_AFTER_SECONDS
                }
            bucket = self.buckets.setdefault(who, Bucket(self.per_minute, now))
            bucket.tokens = min(
                float(self.per_minute), bucket.tokens + (now - bucket.filled_at) * rate
            )
            bucket.filled_at = now
            wait = 0 if bucket.tokens >= 1 else math.ceil((1 - bucket.tokens) / rate)
            if not wait:
                bucket.tokens -= 1
            full = math.ceil((self.per_minute - bucket.tokens) / rate)
            return Allowance(self.per_minute, int(bucket.tokens), wait, full)
