"""Refunds of a file that name their order and nobody: theirs whose it is, as those of a program are.

Files have numbers of their own; so a refund of a file goes with the order that a file told. Where no file told of one
by its number, and one other source alone did, a till perhaps, that is meant.
"""

from datetime import UTC, datetime

from regulars.intake.claims import follow
from regulars.intake.files.drafts import Drafts
from regulars.intake.files.who import People
from regulars.intake.refunds import AT_ANY_TIME, Receipt, numbers_told_of_nobody
from regulars.people.queries import present_of
from regulars.stream.queries import OUT_OF_ORDER, buyers_of, sources_of
from regulars.stream.refunding import meant_source


def expect(drafts: Drafts, people: People, *, source: str) -> None:
    """Says of whom refunds are to be written that name an order and nobody, and what is known of the orders.

    Args:
        drafts: The file's events.
        people: Of the file; such refunds are nobody's at first.
        source: Of the file's events.
    """
    given_back = drafts.given_back()
    people.told |= dict.fromkeys(one.about for one in given_back)
    if not given_back:
        return
    until = {
        one.number: datetime.fromtimestamp(one.moment, UTC) + OUT_OF_ORDER for one in given_back
    }
    tellers, whose = sources_of(until), buyers_of(until)
    present = present_of(who for some in whose.values() for who in some if who)
    buyers: dict[str, list[int]] = {}
    for one in drafts.buyers(list(until)):
        if one.moment <= until[one.number].timestamp():
            buyers.setdefault(one.number, []).append(one.about)
    for order, about, _ in given_back:
        told = whose.get((meant_source(source, tellers.get(order, ())), order), set())
        if not told and order not in buyers:
            people.awaiting.add(about)
        elif not told.isdisjoint(present) or any(
            people.told[one] is not None for one in buyers.get(order, ())
        ):
            people.along.add(about)


def follow_orders(drafts: Drafts, receipts: set[Receipt], *, source: str, now: datetime) -> None:
    """Has refunds of nobody go with the orders of a file; inside a transaction, once all is written.

    Args:
        drafts: The file's events.
        receipts: Of its refunds that are nobody's.
        source: Of its events.
        now: When.
    """
    waiting = numbers_told_of_nobody(source)
    told_now = {one.number for one in drafts.buyers(waiting)} if waiting else set()
    known = receipts | {(source, order) for order in told_now}
    follow(dict.fromkeys(known, AT_ANY_TIME), now=now)
