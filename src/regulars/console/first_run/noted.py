"""Whom the first run has noted so far: a sheet that is sent again with other content corrects them.

The session keeps ids alone, and nothing of a person: of whom a sheet told, and what it wrote of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest

from regulars.care.families import web_of
from regulars.console.access import actor_of
from regulars.console.first_run.lines import Line, empty_lines
from regulars.console.shown.names import name_of
from regulars.intake.correcting import Correction, Made, Rewritten
from regulars.intake.introduction import Regular
from regulars.kernel.ids import new_id
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import list_text
from regulars.people.models import Identity, Preference
from regulars.people.queries import customers_by_id, kept_id, namesakes, standing

NOTED = "first_twenty"
SHEETS_KEPT = 5
LONGEST_SHEET = 40
LEFT, ALONE = "left", "alone"
STAYS = {
    LEFT: mark("{name} is on the sheet no more, and stays noted."),
    ALONE: mark("{name} stays noted, although nobody is said to have come through them any more."),
}
PARTS = {"name": mark("the name"), "likes": mark("what they like"), "phone": mark("the phone")}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of a sheet that was put right.

    Attributes:
        text: A sentence.
        customer_id: Who stays noted and may have to go, or None.
        onward: Words that lead to where that is done, or "".
    """

    text: str
    customer_id: UUID | None = None
    onward: str = ""


def rewritten(
    request: HttpRequest, lines: Sequence[Line], regulars: Sequence[Regular]
) -> dict[int, Rewritten]:
    """Those of some lines that tell of somebody whom this first run has added, by their place.

    Args:
        request: With the sheet.
        lines: Those that have a name.
        regulars: Who stands on them.
    """
    ours = {UUID(one) for one in _noted(request)["added"]}
    sheet = _sheet(request, request.POST.get("sheet", ""))
    made = dict(sheet.values())
    here = {one.id for one in customers_by_id(ours)} & ours
    found: dict[int, Rewritten] = {}
    for place, (line, regular) in enumerate(zip(lines, regulars, strict=True)):
        named = namesakes(line.name)
        who = sheet[line.number][0] if line.number in sheet else None
        if named and who not in named:
            who = named[0]
        if who in here and who not in {one.customer_id for one in found.values()}:
            found[place] = Rewritten(customer_id=who, line=regular, made=made.get(who, Made()))
    return found


def remember(
    request: HttpRequest,
    lines: Sequence[Line],
    customers: Sequence[UUID],
    *,
    added: Sequence[UUID],
    made: Mapping[UUID, Made],
    corrections: Sequence[Correction],
) -> None:
    """Keeps whom a sheet told of, what it wrote of them, and what it corrected until that is said."""
    noted = _noted(request)
    sheets = noted["sheets"]
    sheet = request.POST.get("sheet", "")[:LONGEST_SHEET]
    before = dict(_sheet(request, sheet).values())
    stay = _staying(noted, list(before), customers, corrections)
    if sheet:
        sheets[sheet] = {
            str(line.number): _kept(one, before.get(one, Made()).and_more(made.get(one, Made())))
            for line, one in zip(lines, customers, strict=True)
        }
    request.session[NOTED] = {
        "added": list(dict.fromkeys((*noted["added"], *map(str, added)))),
        "sheets": dict(list(sheets.items())[-SHEETS_KEPT:]),
        "corrected": [
            *((str(one.customer_id), one.what, str(one.sender_id or "")) for one in corrections),
            *((str(one), why, "") for one, why in stay.items()),
        ],
    }


def _staying(
    noted: Mapping[str, Any],
    before: Sequence[UUID],
    customers: Sequence[UUID],
    corrections: Sequence[Correction],
) -> dict[UUID, str]:
    """Who is a customer still whom the sheet tells of no more, and why that is to be said.

    A line that is emptied takes nobody away, nor does a name that only stood for who brought somebody: there
    may be more to them by now.
    """
    here = {kept_id(one) for one in customers}
    stay = {one: LEFT for one in before if kept_id(one) not in here}
    senders = [one.sender_id for one in corrections if one.sender_id is not None]
    for one in senders:
        if str(one) in noted["added"] and kept_id(one) not in here and not web_of([one]).brought:
            stay.setdefault(one, ALONE)
    return stay


def said(request: HttpRequest) -> list[Said]:
    """What the last sheet corrected, and who stays noted all the same, in words, once."""
    noted = _noted(request)
    told = noted["corrected"]
    if not told:
        return []
    request.session[NOTED] = noted | {"corrected": []}
    parts: dict[str, list[str]] = {}
    for who, what, _ in told:
        if what in PARTS:
            parts.setdefault(who, []).append(gettext(PARTS[what]))
    sentences = [
        gettext("Corrected for {name}: {what}.").format(name=_name(who), what=list_text(what))
        for who, what in parts.items()
    ]
    sentences += [_brought(who, sender) for who, what, sender in told if what == "through"]
    left = [(kept_id(UUID(who)), STAYS[what]) for who, what, _ in told if what in STAYS]
    here = {one.id for one in customers_by_id([who for who, _ in left])}
    stay = [_stays(who, sentence) for who, sentence in left if who in here]
    return [*(Said(text=one) for one in sentences), *stay]


def _stays(who: UUID, sentence: str) -> Said:
    name = _name(str(who))
    return Said(
        text=gettext(sentence).format(name=name),
        customer_id=who,
        onward=gettext("Erase {name}, or make them one with somebody else").format(name=name),
    )


def _brought(who: str, before: str) -> str:
    claim = standing((UUID(who),)).get(kept_id(UUID(who)))
    words = {"name": _name(who), "before": _name(before)}
    if claim is None:
        return gettext(
            "{name} was noted as having come through {before}; that is taken back."
        ).format(**words)
    return gettext("{name} was noted as having come through {before}; now it is {after}.").format(
        **words, after=_name(str(claim.sender_id))
    )


def _name(customer_id: str) -> str:
    return name_of(next((one.name for one in customers_by_id([UUID(customer_id)])), ""))


def _noted(request: HttpRequest) -> dict[str, Any]:
    told: dict[str, Any] = {"added": [], "sheets": {}, "corrected": []}
    told.update(request.session.get(NOTED, {}))
    return told


def _kept(who: UUID, made: Made) -> dict[str, Any]:
    return {
        "who": str(who),
        "likes": made.likes,
        "phones": made.phones,
        "referrals": [str(one) for one in made.referrals],
    }


def _sheet(request: HttpRequest, sheet: str) -> dict[int, tuple[UUID, Made]]:
    """Of whom a sheet of this first run told, by the number of the line, and what it wrote of them."""
    kept = _noted(request)["sheets"].get(sheet[:LONGEST_SHEET], {})
    return {
        int(number): (
            UUID(one["who"]),
            Made(
                likes=tuple(one["likes"]),
                phones=tuple(one["phones"]),
                referrals=tuple(map(UUID, one["referrals"])),
            ),
        )
        for number, one in kept.items()
    }


def sheet_key(request: HttpRequest) -> UUID:
    """By what a sheet that is sent is known, and nobody else's; another each time where it does not say."""
    sheet = request.POST.get("sheet", "")[:LONGEST_SHEET]
    return uuid5(NAMESPACE_URL, f"{actor_of(request)} {sheet}") if sheet else new_id()


def last_sheet(request: HttpRequest) -> str:
    """By what the last sheet of this first run is known; "" where none was sent yet."""
    return next(reversed(_noted(request)["sheets"]), "")


def as_noted(request: HttpRequest, sheet: str) -> tuple[Line, ...]:
    """A sheet as it was noted, to be put right; nothing where it is none of this first run.

    Of people the lines say what this sheet wrote and the same person told, for that is what it takes back.
    """
    told = _sheet(request, sheet)
    if not told:
        return ()
    by = str(actor_of(request))
    people = {one.id: one.name for one in customers_by_id({who for who, _ in told.values()})}
    stands = standing(people)
    senders = {one.id: one.name for one in customers_by_id(s.sender_id for s in stands.values())}
    likes = dict(
        Preference.objects.filter(
            id__in=[one for _, made in told.values() for one in made.likes], said_by=by
        ).values_list("customer_id", "text")
    )
    phones = dict(
        Identity.objects.filter(
            id__in=[one for _, made in told.values() for one in made.phones], created_by=by
        ).values_list("customer_id", "value")
    )
    lines = {
        number: Line(
            number=number,
            name=people[who],
            likes=likes.get(who, ""),
            phone=phones.get(who, ""),
            through=senders.get(stands[who].sender_id, "")
            if who in stands and stands[who].event_id in made.referrals
            else "",
        )
        for number, (who, made) in told.items()
        if who in people
    }
    return tuple(lines.get(line.number, line) for line in empty_lines())
