"""Limits and strict JSON: what needs no database."""

import json
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from regulars.api.errors import DuplicateField, InvalidJson, TooDeep
from regulars.kernel.faults import InvalidNumber

DEEPEST = 32
CONTAINERS = (dict, list)
ADDRESS = "/api/"


@dataclass
class Bucket:
    """What one key may still ask: it fills evenly, up to a minute's worth."""

    tokens: float
    filled_at: float


@dataclass(frozen=True)
class Allowance:
    """What a key may ask.

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


@dataclass
class Limiter:
    """At most so many requests a minute from each key, in this process.

    Attributes:
        per_minute: Of each key.
        clock: Seconds, as ``time.monotonic``.
    """

    per_minute: int
    clock: Callable[[], float]
    buckets: dict[str, Bucket] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, who: str) -> Allowance:
        """Takes one request from what somebody may ask."""
        now, rate = self.clock(), self.per_minute / 60
        with self.lock:
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


def strict_json(body: bytes) -> Any:
    """What a body says, as RFC 8259 has it and no reader can misunderstand.

    Raises:
        InvalidJson: It is no JSON, or not UTF-8.
        InvalidNumber: It holds NaN or infinity.
        DuplicateField: An object has a name twice.
        TooDeep: It is nested deeper than ``DEEPEST``.
    """
    endless = []

    def number(digits: str) -> float:
        told = float(digits)
        if not math.isfinite(told):
            endless.append(digits)
        return told

    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidJson(why=f"byte {error.start}") from error
    try:
        value = json.loads(
            text, object_pairs_hook=object_of, parse_constant=number, parse_float=number
        )
    except RecursionError as error:
        raise TooDeep(limit=DEEPEST) from error
    except json.JSONDecodeError as error:
        raise InvalidJson(why=f"line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        # Python refuses to read integers of thousands of digits.
        raise InvalidJson(why="number") from error
    if is_deeper(value, DEEPEST):
        raise TooDeep(limit=DEEPEST)
    if endless:
        raise InvalidNumber(field=next(endless_numbers(value)))
    return value


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose every name is there once.

    Raises:
        DuplicateField: One is not.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise DuplicateField(field=next(name for name in names if names.count(name) > 1))
    return found


def endless_numbers(value: Any, *path: str) -> Iterator[str]:
    """Where numbers stand that are none, or are not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        yield ".".join(path) or "body"
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in inner:
            yield from endless_numbers(one, *path, str(name))


def is_deeper(value: Any, levels: int) -> bool:
    """Whether objects and lists are nested more than so many levels deep."""
    if not isinstance(value, CONTAINERS):
        return False
    if levels == 0:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return any(is_deeper(one, levels - 1) for one in inner if isinstance(one, CONTAINERS))
