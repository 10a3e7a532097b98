"""Strict JSON."""

import json
import math
from collections.abc import Iterator
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
