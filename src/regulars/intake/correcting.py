"""A line of the first regulars that is written anew: what it said before is taken back first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.intake.bringing import take_back
from regulars.intake.introduction import Regular
from regulars.intake.noted import SOURCE
from regulars.kernel.actor import Actor
from regulars.people.core import normalised
from regulars.people.models import Customer, Identity, Preference
from regulars.people.names import is_short_for, name_key, same_name
from regulars.people.queries import ids_of, namesakes, standing
from regulars.people.services import remove_identity, remove_preference, rename
from regulars.stream.models import REFERRAL, Event

What = Literal["name", "likes", "phone", "through"]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a sheet wrote of somebody, by ids.

    Attributes:
        likes: Of what they like.
        phones: Of the phones they are known by.
        referrals: Of the events that say who brought them.
    """

    likes: tuple[int, ...] = ()
    phones: tuple[int, ...] = ()
    referrals: tuple[UUID, ...] = ()

    def and_more(self, more: "Made") -> "Made":
        """This, and what the same sheet wrote besides."""
        return Made(
            likes=(*self.likes, *more.likes),
            phones=(*self.phones, *more.phones),
            referrals=(*self.referrals, *more.referrals),
        )


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """A line that is written anew.

    Attributes:
        customer_id: Of whom it told.
        line: What it says now.
        made: What its sheet wrote before, to be taken back where the line says it no more; the rest stays.
    """

    customer_id: UUID
    line: Regular
    made: Made = field(default_factory=Made)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What was taken back.

    Attributes:
        customer_id: Of whom.
        what: Of the line.
        sender_id: Who was noted as having brought them, where that is taken back.
    """

    customer_id: UUID
    what: What
    sender_id: UUID | None = None


def correct(
    *, lines: Sequence[Rewritten], region: str | None, actor: Actor, now: datetime
) -> tuple[tuple[Regular, ...], tuple[Correction, ...]]:
    """Takes back what lines say otherwise than they did, and calls people as they say; inside a transaction.

    Only what the same sheet wrote is taken back, and who brought somebody where the same person said otherwise.
    What the lines say now is for `introduce` to write.

    Args:
        lines: Of people whom the same person added just before.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who tells.
        now: When.

    Returns:
        The lines, with who brought them called as they are now, and what was taken back.

    Raises:
        RegularsError: A name or phone cannot be one; nothing is written then.
    """
    told: list[Correction] = []
    renamed: dict[str, str] = {}
    for one in lines:
        before = Customer.objects.get(id=one.customer_id).name
        if one.line.name == before:
            continue
        if not same_name(one.line.name, before):
            if namesakes(one.line.name):
                continue  # somebody else's line
            renamed[name_key(before)] = one.line.name
            told.append(Correction(customer_id=one.customer_id, what="name"))
        rename(customer_id=one.customer_id, name=one.line.name)
    now_called = []
    for one in lines:
        through = renamed.get(name_key(one.line.came_through), one.line.came_through)
        line = replace(one.line, came_through=through)
        now_called.append(line)
        theirs = Customer.objects.get(id=one.customer_id)
        if same_name(theirs.name, line.name):
            told += _taken_back(replace(one, line=line), region=region, actor=actor, now=now)
    return tuple(now_called), tuple(told)


def made_of(customer_ids: Collection[UUID], *, actor: Actor, now: datetime) -> Mapping[UUID, Made]:
    """What somebody wrote of some customers at a moment.

    Args:
        customer_ids: Of whom.
        actor: Who told.
        now: The moment that was passed in where it was written.
    """
    theirs, told = {"customer_id__in": list(customer_ids)}, str(actor)
    likes = Preference.objects.filter(
        **theirs, kind=Preference.LIKES, said_by=told, said_at=now
    ).values_list("customer_id", "id")
    phones = Identity.objects.filter(
        **theirs, kind="phone", created_by=told, created_at=now
    ).values_list("customer_id", "id")
    referrals = Event.objects.filter(
        **theirs, type=REFERRAL, source=SOURCE, recorded_by=told, recorded_at=now
    ).values_list("customer_id", "id")
    return {
        one: Made(
            likes=tuple(id_ for who, id_ in likes if who == one),
            phones=tuple(id_ for who, id_ in phones if who == one),
            referrals=tuple(id_ for who, id_ in referrals if who == one),
        )
        for one in customer_ids
    }


def _taken_back(
    one: Rewritten, *, region: str | None, actor: Actor, now: datetime
) -> list[Correction]:
    told: list[Correction] = []
    if _likes_taken_back(one, actor):
        told.append(Correction(customer_id=one.customer_id, what="likes"))
    if _phone_taken_back(one, region, actor):
        told.append(Correction(customer_id=one.customer_id, what="phone"))
    sender = _sender_taken_back(one, actor=actor, now=now)
    if sender is not None:
        told.append(Correction(customer_id=one.customer_id, what="through", sender_id=sender))
    return told


def _likes_taken_back(one: Rewritten, actor: Actor) -> bool:
    wrong = Preference.objects.filter(
        customer_id=one.customer_id, id__in=one.made.likes, said_by=str(actor)
    ).exclude(text=one.line.likes)
    ids = list(wrong.values_list("id", flat=True))
    for preference in ids:
        remove_preference(customer_id=one.customer_id, preference_id=preference)
    return bool(ids)


def _phone_taken_back(one: Rewritten, region: str | None, actor: Actor) -> bool:
    kept = normalised("phone", one.line.phone, region=region) if one.line.phone else ""
    wrong = Identity.objects.filter(
        customer_id=one.customer_id, id__in=one.made.phones, created_by=str(actor)
    ).exclude(value=kept)
    values = list(wrong.values_list("value", flat=True))
    for value in values:
        remove_identity(customer_id=one.customer_id, kind="phone", value=value, region=region)
    return bool(values)


def _sender_taken_back(one: Rewritten, *, actor: Actor, now: datetime) -> UUID | None:
    """Who was noted as having brought them and did not, by what the line says now."""
    line = one.line
    claim = standing((one.customer_id,)).get(ids_of(one.customer_id)[0])
    if claim is None or not (line.came_through or claim.event_id in one.made.referrals):
        return None
    sender = Customer.objects.filter(id=claim.sender_id).first()
    name = sender.name if sender is not None else ""
    is_meant = same_name(line.came_through, name) or (
        not line.through_is_new and is_short_for(line.came_through, name)
    )
    is_ours = Event.objects.filter(
        id=claim.event_id, source=SOURCE, recorded_by=str(actor)
    ).exists()
    if (line.came_through and is_meant) or not is_ours:
        return None
    take_back(event_id=claim.event_id, actor=actor, now=now)
    return claim.sender_id
