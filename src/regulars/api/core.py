"""Strict JSON."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from regulars.api.errors import DuplicateField, InvalidJson, TooDeep
from regulars.kernel.faults import InvalidNumber

DEEPEST = 32
CONTAINERS = (dict, list)
ADDRESS = "/api/"


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
        value = read(text, number)
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


def read(text: str, number: Callable[[str], float]) -> Any:
    """What JSON says; of a name that is there twice, where it stands is told.

    Raises:
        DuplicateField: An object has a name twice.
        ValueError, RecursionError: It is no JSON, or deeper than Python reads.
    """
    try:
        return json.loads(
            text, object_pairs_hook=object_of, parse_constant=number, parse_float=number
        )
    except DuplicateField as error:
        told = json.loads(text, object_pairs_hook=_Pairs)
        raise DuplicateField(field=next(_named_twice(told))) from error


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, a name as often as it is there."""


def _named_twice(value: Any, *path: str) -> Iterator[str]:
    """Where names stand that are there twice."""
    is_object = isinstance(value, _Pairs)
    names = Counter(name for name, _ in value) if is_object else {}
    yield from (".".join((*path, name)) for name, often in names.items() if often > 1)
    if isinstance(value, list):
        for name, one in value if is_object else enumerate(value):
            yield from _named_twice(one, *path, str(name))


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
