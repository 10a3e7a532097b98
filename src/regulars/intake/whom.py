"""Whom each of many events is about: found for all of them at once, and as if one came after another."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db import transaction

from regulars.intake.blame import blamed, check_all
from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.incoming import Incoming
from regulars.intake.sharing import told_of_others, with_room
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id
from regulars.people.core import PRIORITY, IdentityKey
from regulars.people.errors import (
    IdentityBlocked,
    IdentityTaken,
    NotAnIdentity,
    TooManyIdentities,
)
from regulars.people.queries import (
    Owner,
    blocked_of,
    check_known,
    check_not_erased,
    comparable,
    kept_id,
    kept_ids,
    named_ids,
    owners_of,
)
from regulars.people.services import (
    Stranger,
    add_identity,
    add_strangers,
    mark_learnt,
    merge,
    note_told_together,
)
from regulars.people.services.holding import hold_shown
from regulars.stream.services import told_before

Keys = list[IdentityKey] | RegularsError
NOT_LEARNT = (IdentityBlocked, IdentityTaken, NotAnIdentity, TooManyIdentities)
TRIES = 3


def whom(
    incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
) -> list[Owner | None]:
    """Whom each event is about, who is added where nobody knows them; inside a transaction.

    What was told before says nothing new of anybody; whom it is about, the log knows. But what was told of
    nobody may be told again of somebody.

    Args:
        incoming: In the order in which it is told.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        Of each event, in the same order; None where nothing tells who it was, or it was told of somebody before.

    Raises:
        CustomerErased, UnknownCustomer: An id is nobody's.
        ReferralNotAllowed: Somebody sent themselves.
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    for _ in range(TRIES - 1):
        # Somebody may be added by another event of theirs, at the same moment; then they are known.
        with suppress(IdentityTaken):
            return _Meeting(incoming, region=region, actor=actor, now=now).everybody()
    return _Meeting(incoming, region=region, actor=actor, now=now).everybody()


class _Meeting:
    """The events of one call, and what is known of whom they are about so far."""

    def __init__(
        self, incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
    ) -> None:
        self.incoming = incoming
        self.region, self.actor, self.now = region, actor, now
        self.keys = [self._comparable(place, one) for place, one in enumerate(incoming)]
        self.owners = owners_of(
            {key for keys in self.keys if not isinstance(keys, RegularsError) for key in keys}
        )
        self.strangers: list[Stranger] = []
        self.past: dict[tuple[str, str], UUID | None] = {}

    def everybody(self) -> list[Owner | None]:
        """Whom each event is about."""
        if all(map(self._is_plain, self.incoming, self.keys)):
            return list(map(self._owner, self.keys))
        told = zip(self.incoming, self.keys, strict=True)
        unsure = [
            (place, one) for place, (one, keys) in enumerate(told) if not self._is_plain(one, keys)
        ]
        before = told_before({one.name for _, one in unsure})
        self.past = {
            name: None if found.is_open else found.customer_id for name, found in before.items()
        }
        self._check_ids([(place, one) for place, one in unsure if not self._is_over(one)])
        self.blocked = blocked_of(
            {
                key
                for keys in self.keys
                if not isinstance(keys, RegularsError)
                for key in keys
                if key not in self.owners
            }
        )
        found = list(map(self._met, count(), self.incoming, self.keys))
        self._add_strangers()
        return found

    def _comparable(self, place: int, one: Incoming) -> Keys:
        """The identities of an event, the surest first, or why one cannot be any."""
        if one.customer_id or not one.identities:
            return []
        try:
            found = comparable(one.identities, region=self.region)
        except RegularsError as error:
            return blamed(error, place, f"customer.{self._unreadable(one)}")
        if len(found) == 1:
            return list(found.items())
        return [(kind, found[kind]) for kind in PRIORITY if kind in found]

    def _unreadable(self, one: Incoming) -> str:
        """The kind of the first identity of an event that cannot be one."""
        for kind, value in one.identities:
            try:
                comparable([(kind, value)], region=self.region)
            except RegularsError:
                return kind
        return ""

    def _is_plain(self, one: Incoming, keys: Keys) -> bool:
        """Whether everything that an event says of anybody is known."""
        return (
            not isinstance(keys, RegularsError)
            and one.customer_id is None
            and all(key in self.owners for key in keys)
            and len({self.owners[key].shown_id for key in keys}) <= 1
            and one.sender is None
        )

    def _owner(self, keys: Keys) -> Owner | None:
        """Whose the surest identity is."""
        return next((self.owners[key] for key in _sound(keys) if key in self.owners), None)

    def _check_ids(self, new: Sequence[tuple[int, Incoming]]) -> None:
        told = [(place, "customer.id", one.customer_id) for place, one in new if one.customer_id]
        if told:
            check_all(told, check_not_erased)
        # Who was erased may have sent somebody once, and the log says so.
        named = told + [(place, "data.sender_id", one.sender) for place, one in new if one.sender]
        if named:
            check_all(sorted(named), check_known)
        self.shown = kept_ids([who for _, _, who in told]) if told else {}

    def _met(self, place: int, one: Incoming, keys: Keys) -> Owner | None:
        """Whom an event is about, after everything before it."""
        if self._is_over(one):
            return None
        if one.customer_id:
            found: Owner | None = Owner(one.customer_id, self.shown[one.customer_id])
        else:
            found = self._named(one, [key for key in _sound(keys) if key not in self.blocked])
        self.past[one.name] = None if found is None else found.customer_id
        if found is not None and one.sender and kept_id(one.sender) == found.shown_id:
            raise blamed(ReferralNotAllowed(), place, "data.sender_id")
        return found

    def _named(self, one: Incoming, keys: list[IdentityKey]) -> Owner | None:
        """Whom the identities of an event are of, who is added where nobody has them."""
        others = told_of_others(keys, self.owners)
        meant = [key for key in keys if key not in others]
        found = self._owner(meant)
        fresh = [key for key in meant if key not in self.owners]
        if found is None and fresh:
            found = self._stranger(fresh)
        elif found is not None and fresh and named_ids((found.shown_id,)):
            found = self._beside(found, with_room(found.shown_id, fresh), meant[0])
        elif found is not None and fresh:
            self._learn(found.customer_id, one)
        if found is not None:
            found = self.join(found, meant)
            self._note(found, sorted(others))
        return found

    def _beside(self, found: Owner, fresh: list[IdentityKey], surest: IdentityKey) -> Owner:
        """Has what nobody had be a stranger's, who turns out to be whoever is named beside; undone like any merge.

        What is told by the surest is the stranger's, so that it goes with them where they are two after all.
        """
        stranger = self._stranger(fresh) if fresh else found
        return stranger if surest in fresh else found

    def _is_over(self, one: Incoming) -> bool:
        """Whether something was told before, and what is told now says nothing new of whom it is about.

        It does where it was told of nobody, and names somebody now.
        """
        if one.name not in self.past:
            return False
        names_somebody = bool(one.customer_id or one.identities)
        return not names_somebody or self.past[one.name] is not None

    def _stranger(self, keys: list[IdentityKey]) -> Owner:
        """Somebody new, until they say who they are."""
        one = Stranger(new_id(), tuple(keys))
        self.strangers.append(one)
        owner = Owner(one.id, one.id)
        self.owners |= dict.fromkeys(keys, owner)
        return owner

    def _learn(self, customer_id: UUID, one: Incoming) -> None:
        """Keeps with a customer what else they are recognised by, where it is nobody else's."""
        self._add_strangers()
        for kind, value in one.identities:
            if not owners_of(list(comparable([(kind, value)], region=self.region).items())):
                with suppress(*NOT_LEARNT):
                    add_identity(
                        customer_id=customer_id,
                        kind=kind,
                        value=value,
                        region=self.region,
                        actor=self.actor,
                        now=self.now,
                    )
        self.owners |= owners_of(list(comparable(one.identities, region=self.region).items()))

    def join(self, found: Owner, keys: Sequence[IdentityKey]) -> Owner:
        """Whom an event is about once everybody whom it names as one is: strangers turn out to be them.

        Who is known by name is never made part of another known by name; a device is shared. That both were
        named is noted, for somebody to decide.
        """
        if not self._others(found, keys):
            return found
        self._add_strangers()
        everybody = self._others(found, keys) | {found.shown_id}
        named = named_ids(everybody)
        if named < everybody:
            found = self._held(found, keys)
            everybody = self._others(found, keys) | {found.shown_id}
            named = named_ids(everybody)
        kept = found.shown_id
        if kept not in named and named:
            kept = next(
                shown for key in keys if key in self.owners and (shown := self._shown(key)) in named
            )
        strangers = sorted(everybody - named - {kept})
        if kept in named:
            mark_learnt(strangers)
        for one in strangers:
            merge(kept=kept, merged=one, actor=self.actor, now=self.now)
        self._note(
            Owner(kept, kept),
            [key for key in keys if key in self.owners and self._shown(key) in named],
        )
        self.owners |= owners_of(list(self.owners))
        return Owner(found.customer_id, kept_id(found.customer_id))

    def _note(self, found: Owner, others: Iterable[IdentityKey]) -> None:
        """Notes that somebody was named beside others, for somebody to decide whether they are one."""
        beside = {self._shown(key): key[0] for key in others}
        beside.pop(found.shown_id, None)
        note_told_together(
            {
                (min(found.shown_id, other), max(found.shown_id, other)): kind
                for other, kind in beside.items()
            },
            now=self.now,
        )

    def _held(self, found: Owner, keys: Sequence[IdentityKey]) -> Owner:
        """Whom an event is about, and all whom it names, as they are by now: another may join some of them."""
        named = [key for key in keys if key in self.owners]
        shown = hold_shown({self.owners[key].customer_id for key in named} | {found.customer_id})
        for key in named:
            customer = self.owners[key].customer_id
            self.owners[key] = Owner(customer, shown[customer])
        return Owner(found.customer_id, shown[found.customer_id])

    def _others(self, found: Owner, keys: Sequence[IdentityKey]) -> set[UUID]:
        """Who else is shown for identities than somebody."""
        return {self._shown(key) for key in keys if key in self.owners} - {found.shown_id}

    def _shown(self, key: IdentityKey) -> UUID:
        return self.owners[key].shown_id

    def _add_strangers(self) -> None:
        waiting, self.strangers = self.strangers, []
        if waiting:
            with transaction.atomic():
                add_strangers(strangers=waiting, actor=self.actor, now=self.now)


def _sound(keys: Keys) -> list[IdentityKey]:
    if isinstance(keys, RegularsError):
        raise keys
    return keys
