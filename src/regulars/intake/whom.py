"""Whom each of many events is about: found for all of them at once, and as if one came after another."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.incoming import Incoming
from regulars.intake.refunds import (
    Bought,
    ReceiptKey,
    bought_by,
    receipt_of,
    stop_waiting,
    wait_for,
)
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

Key = IdentityKey | ReceiptKey
Keys = list[IdentityKey] | RegularsError
NOT_LEARNT = (IdentityBlocked, IdentityTaken, NotAnIdentity, TooManyIdentities)
TRIES = 3
NOBODY: Mapping[ReceiptKey, Owner] = MappingProxyType({})


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
        Of each event, in the same order; None where nothing tells who it was, or it was told of somebody before. A
        refund of nobody is so of a purchase that was nobody's, too: it goes with that, wherever it goes.

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


def meet(
    receipts: Collection[ReceiptKey],
    *,
    known: Mapping[ReceiptKey, Owner] = NOBODY,
    actor: Actor,
    now: datetime,
) -> None:
    """Has whoever waits for receipts meet whoever bought, told at the same moment; inside a transaction.

    Args:
        receipts: That somebody waits for.
        known: Who bought by those of which the log has the purchase under another name.
        actor: Who tells.
        now: When.
    """
    meeting = _Meeting((), region=None, actor=actor, now=now)
    meeting.owners = owners_of(receipts)
    waiting = [receipt for receipt in receipts if receipt in meeting.owners]
    for receipt, buyer in {**known, **bought_by(waiting)}.items():
        meeting.join(buyer, [receipt])
        stop_waiting((receipt,))


class _Meeting:
    """The events of one call, and what is known of whom they are about so far."""

    def __init__(
        self, incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
    ) -> None:
        self.incoming = incoming
        self.region, self.actor, self.now = region, actor, now
        self.keys = [self._comparable(one) for one in incoming]
        self.receipts = list(map(receipt_of, incoming))
        self.owners = owners_of(
            {key for keys in self.keys if not isinstance(keys, RegularsError) for key in keys}
            | {receipt for receipt in self.receipts if receipt is not None}
        )
        self.strangers: list[Stranger] = []
        self.past: dict[tuple[str, str], UUID | None] = {}

    def everybody(self) -> list[Owner | None]:
        """Whom each event is about."""
        if all(map(self._is_plain, self.incoming, self.keys, self.receipts)):
            return list(map(self._owner, self.keys))
        told = list(zip(self.incoming, self.keys, self.receipts, strict=True))
        unsure = [one for one, keys, receipt in told if not self._is_plain(one, keys, receipt)]
        before = told_before({one.name for one in unsure})
        self.past = {name: whose for name, (_, whose) in before.items()}
        new = [one for one in unsure if not self._is_over(one)]
        self._check_ids(new)
        self.bought = Bought(
            [
                one
                for one, keys, _ in told
                if one.type == "purchase.refunded" and not keys and not self._is_over(one)
            ]
        )
        self.blocked = blocked_of(
            {
                key
                for keys in self.keys
                if not isinstance(keys, RegularsError)
                for key in keys
                if key not in self.owners
            }
        )
        found = list(map(self._met, self.incoming, self.keys, self.receipts))
        self._add_strangers()
        return found

    def _comparable(self, one: Incoming) -> Keys:
        """The identities of an event, the surest first, or why one cannot be any."""
        if one.customer_id or not one.identities:
            return []
        try:
            found = comparable(one.identities, region=self.region)
        except RegularsError as error:
            return error
        if len(found) == 1:
            return list(found.items())
        return [(kind, found[kind]) for kind in PRIORITY if kind in found]

    def _is_plain(self, one: Incoming, keys: Keys, receipt: ReceiptKey | None) -> bool:
        """Whether everything that an event says of anybody is known."""
        return (
            not isinstance(keys, RegularsError)
            and one.customer_id is None
            and all(key in self.owners for key in keys)
            and len({self.owners[key].shown_id for key in keys}) <= 1
            and one.sender is None
            and (receipt is None or self._says_nothing(one, keys, receipt))
        )

    def _says_nothing(self, one: Incoming, keys: Keys, receipt: ReceiptKey) -> bool:
        """Whether a receipt tells nothing of whom it is about: nobody waits for it, or looks for whose it is."""
        return receipt not in self.owners and (bool(keys) or one.type != "purchase.refunded")

    def _owner(self, keys: Keys) -> Owner | None:
        """Whose the surest identity is."""
        return next((self.owners[key] for key in _sound(keys) if key in self.owners), None)

    def _check_ids(self, new: Sequence[Incoming]) -> None:
        told = [one.customer_id for one in new if one.customer_id]
        if told:
            check_not_erased(told)
        # Who was erased may have sent somebody once, and the log says so.
        named = told + [one.sender for one in new if one.sender]
        if named:
            check_known(named)
        self.shown = kept_ids(told) if told else {}

    def _met(self, one: Incoming, keys: Keys, receipt: ReceiptKey | None) -> Owner | None:
        """Whom an event is about, after everything before it."""
        if self._is_over(one):
            return None
        if one.customer_id:
            found: Owner | None = Owner(one.customer_id, self.shown[one.customer_id])
        else:
            found = self._named(one, [key for key in _sound(keys) if key not in self.blocked])
        if receipt is not None:
            found = self._by_receipt(one, receipt, found, has_said=bool(keys))
        self.past[one.name] = None if found is None else found.customer_id
        if found is not None and one.sender and kept_id(one.sender) == found.shown_id:
            raise ReferralNotAllowed
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

        It does where it was told of nobody, or of a stranger who waits for a receipt.
        """
        if one.name not in self.past:
            return False
        if not one.customer_id and not one.identities:
            return True
        whose, receipt = self.past[one.name], receipt_of(one)
        if whose is None or receipt not in self.owners or one.type != "purchase.refunded":
            return whose is not None
        return whose != self.owners[receipt].customer_id

    def _by_receipt(
        self, one: Incoming, receipt: ReceiptKey, found: Owner | None, *, has_said: bool
    ) -> Owner | None:
        """Whom a receipt is about: a purchase brings who waited for it, a refund finds who bought."""
        if one.type == "purchase.completed":
            if found is not None and receipt in self.owners:
                found = self.join(found, [receipt])
                stop_waiting((receipt,))
                del self.owners[receipt]
            self.bought.add(one, found, is_claim=one.name in self.past)
            return found
        if found is not None and receipt in self.owners and one.name in self.past:
            found = self.join(found, [receipt])
            stop_waiting((receipt,))
            del self.owners[receipt]
        if found is not None or has_said:
            return found
        if self.bought.is_known(one):
            return None if self.bought.was_claimed(one) else self.bought.owner(one)
        if receipt not in self.owners:
            waiting = self._stranger([])
            self._add_strangers()
            who = wait_for(receipt, waiting.customer_id)
            self.owners[receipt] = Owner(who, kept_id(who))
        return self.owners[receipt]

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

    def join(self, found: Owner, keys: Sequence[Key]) -> Owner:
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
            found, keys = self._held(found, keys)
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

    def _note(self, found: Owner, others: Iterable[Key]) -> None:
        """Notes that somebody was named beside others, for somebody to decide whether they are one."""
        beside = {self._shown(key): key[0] for key in others if key[0] != "receipt"}
        beside.pop(found.shown_id, None)
        note_told_together(
            {
                (min(found.shown_id, other), max(found.shown_id, other)): kind
                for other, kind in beside.items()
            },
            now=self.now,
        )

    def _held(self, found: Owner, keys: Sequence[Key]) -> tuple[Owner, list[Key]]:
        """Whom an event names as they are by now: another event may join some of them at this moment.

        Whoever waited for a receipt and was found to be somebody meanwhile waits no more.
        """
        named = [key for key in keys if key in self.owners]
        before = {key: self._shown(key) for key in named}
        shown = hold_shown({self.owners[key].customer_id for key in named} | {found.customer_id})
        for key in named:
            customer = self.owners[key].customer_id
            self.owners[key] = Owner(customer, shown[customer])
        return Owner(found.customer_id, shown[found.customer_id]), [
            key for key in named if key[0] != "receipt" or self._shown(key) == before[key]
        ]

    def _others(self, found: Owner, keys: Sequence[Key]) -> set[UUID]:
        """Who else is shown for identities or receipts than somebody."""
        return {self._shown(key) for key in keys if key in self.owners} - {found.shown_id}

    def _shown(self, key: Key) -> UUID:
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
