"""Segments that nobody has to build: by value, by life cycle, by what people want, by who moved.

Each is a condition like those of one's own, so that the same compiler counts, lists and explains it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.kernel.language import mark
from regulars.people.remembering import PREFERENCES
from regulars.scoring.conditions import Condition, parsed
from regulars.scoring.core import LIFE_CYCLES, VALUES

NOWHERE = "none"  # of no value or life cycle: who has not bought, and brought nobody
STEPS = (1, 2, 3, 4, 5)
WANTS = ("likes", "needs", "pains", "interests")  # what people want, most telling first


def _is(field: str, *values: str) -> Mapping[str, Any]:
    return {"field": field, "is": "any_of", "value": list(values)}


def _others(*but: str) -> list[str]:
    return [one for one in LIFE_CYCLES if one not in but]


MOVES: Mapping[str, Mapping[str, Any]] = {
    "slipping": {
        "all": [
            _is("life_cycle", "slipping"),
            _is("life_cycle_before", *_others("slipping", "lost")),
        ]
    },
    "back": {
        "all": [
            _is("life_cycle", "growing", "regular", "returned"),
            _is("life_cycle_before", "slipping", "lost"),
        ]
    },
    "champion": {
        "all": [
            _is("quadrant", "champion"),
            _is("quadrant_before", *(one for one in VALUES if one != "champion")),
        ]
    },
    "lost": {
        "all": [_is("life_cycle", "lost"), _is("life_cycle_before", *_others("lost"))],
    },
}
MOVE_NAMES = {
    "slipping": mark("Newly slipping"),
    "back": mark("Came back"),
    "champion": mark("New champions"),
    "lost": mark("Newly lost"),
}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Some of everybody; what is left out is not asked.

    Attributes:
        value: One of `regulars.scoring.core.VALUES`, or `NOWHERE`.
        life_cycle: One of `regulars.scoring.core.LIFE_CYCLES`, or `NOWHERE`.
        kind: Of what is wanted, of `regulars.people.remembering.PREFERENCES`.
        subject: What is wanted.
        r: Recency, from 1 to 5.
        f: Frequency, from 1 to 5.
        moved: One of `MOVES`.
    """

    value: str = ""
    life_cycle: str = ""
    kind: str = ""
    subject: str = ""
    r: int | None = None
    f: int | None = None
    moved: str = ""

    def told(self) -> dict[str, str]:
        """As an address carries it; what is not asked is not there."""
        pairs = {
            "value": self.value,
            "life_cycle": self.life_cycle,
            "kind": self.kind,
            "subject": self.subject,
            "r": str(self.r or ""),
            "f": str(self.f or ""),
            "moved": self.moved,
        }
        return {name: value for name, value in pairs.items() if value}

    def condition(self) -> Condition | None:
        """What it asks; None for everybody."""
        asked = self.as_json()
        return parsed(asked) if asked else None

    def as_json(self) -> Mapping[str, Any] | None:
        """What it asks, as a segment keeps it; None for everybody."""
        asked: list[Mapping[str, Any]] = []
        if self.value:
            asked.append(_place("quadrant", self.value, VALUES))
        if self.life_cycle:
            asked.append(_place("life_cycle", self.life_cycle, LIFE_CYCLES))
        if self.kind:
            asked.append({"field": self.kind, "is": "about", "value": self.subject})
        for name, step in (("r", self.r), ("f", self.f)):
            if step is not None:
                asked += [{"field": name, "is": way, "value": step} for way in ENDS]
        if self.moved:
            asked += MOVES[self.moved]["all"]
        if len(asked) > 1:
            return {"all": asked}
        return asked[0] if asked else None


ENDS = ("at_least", "at_most")


def selection(told: Mapping[str, str]) -> Selection:
    """The selection of an address; what is no part of one is not asked."""
    subject = " ".join(told.get("subject", "").split()).replace("\x00", "")
    kind = _one_of(told, "kind", PREFERENCES) if subject else ""
    return Selection(
        value=_one_of(told, "value", (*VALUES, NOWHERE)),
        life_cycle=_one_of(told, "life_cycle", (*LIFE_CYCLES, NOWHERE)),
        kind=kind,
        subject=subject[:LONGEST_SUBJECT] if kind else "",
        r=_step(told.get("r", "")),
        f=_step(told.get("f", "")),
        moved=_one_of(told, "moved", tuple(MOVES)),
    )


LONGEST_SUBJECT = 200


def _one_of(told: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = told.get(name, "")
    return value if value in known else ""


def _step(text: str) -> int | None:
    return next((step for step in STEPS if str(step) == text), None)


def _place(field: str, place: str, places: Sequence[str]) -> Mapping[str, Any]:
    return {"not": _is(field, *places)} if place == NOWHERE else _is(field, place)
