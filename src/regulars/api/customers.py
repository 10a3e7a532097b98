"""Customers: recognising, adding and reading them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, Field

from regulars.api.looking import look, took
from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, may, once
from regulars.api.routes import ADDED, CHANGED, problems
from regulars.api.schemas import (
    Answer,
    Cursor,
    CustomerAnswer,
    CustomerChanged,
    CustomersAnswer,
    CustomerSent,
    Found,
    FoundAnswer,
    IdentityAnswer,
    Limit,
    RecogniseSent,
    Written,
)
from regulars.kernel.faults import EARLIEST, DateOutOfRange, sound
from regulars.people.core import needs_region
from regulars.people.models import Look
from regulars.people.queries import (
    CustomerView,
    Known,
    business,
    customer_view,
    customers_page,
    present_ids,
    recognise,
    recognise_by_name,
    region,
)
from regulars.people.services import add_customer, rename, set_language, set_location
from regulars.people.services import erase as erase_customer

router = Router(tags=["Customers"])
DAYS_AHEAD = timedelta(days=366)
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")


def sound_if_any(text: str | None) -> str | None:
    """A text as it is kept, where there is one."""
    return None if text is None else sound(text)


class ErasedAnswer(Answer):
    """Whose every personal value is gone."""

    customer_id: UUID


@router.post(
    "/recognise",
    auth=READ,
    response={200: FoundAnswer, **problems(400, 413, 422)},
    summary="Recognise somebody",
)
def recognise_somebody(request: HttpRequest, whom: RecogniseSent) -> FoundAnswer:
    """Find a customer by any identity, the surest first, else by a name with slips forgiven."""
    told = whom.told()
    needed = any(needs_region(*identity) for identity in told)
    sure = recognise(told, region=region() if needed else None) if told else None
    found = (sure,) if sure else recognise_by_name(whom.name) if whom.name else ()
    return FoundAnswer(
        candidates=tuple(
            Found(
                customer_id=one.customer_id,
                name=one.name,
                likeness=one.likeness,
                reason=one.reason,
                short_for=one.in_short[1] if one.in_short else "",
            )
            for one in found
        )
    )


@router.post(
    "/customers",
    auth=WRITE,
    response={201: CustomerAnswer | Written, **ADDED},
    summary="Add a customer",
)
def add(
    request: HttpRequest, customer: CustomerSent, idempotency_key: IdempotencyKey
) -> Status[CustomerAnswer | Written]:
    """Add somebody by name, with what they are recognised by and what they like."""
    new = set()

    def act(now: datetime) -> Mapping[str, UUID]:
        made = add_customer(
            name=customer.name,
            identities=customer.told(),
            likes=customer.likes,
            region=region(),
            actor=actor_of(request),
            now=now,
        )
        told = customer.model_fields_set & {"language", "location_id"}
        describe(made, CustomerChanged(**customer.model_dump(include=told)))
        new.add(made)
        return {"customer": made}

    added = once(request, idempotency_key, act)["customer"]
    # Of somebody new nothing is answered that was not told just now.
    return Status(201, _known_or_written(request, added, is_look=added not in new))


@router.get(
    "/customers",
    auth=READ,
    response={200: CustomersAnswer, **problems(400, 404, 422)},
    summary="List or search customers",
)
def list_customers(
    request: HttpRequest,
    *,
    name: Annotated[
        str | None,
        Query(description="Of whose names every part begins so, in any script."),
        Field(min_length=1, max_length=120),
        AfterValidator(sound_if_any),
    ] = None,
    standing: Annotated[
        Literal["prospect"] | None, Query(description="`prospect`: those who have not bought yet.")
    ] = None,
    location_id: Annotated[
        UUID | None, Query(description="Of a location: those who are at home there, or were there.")
    ] = None,
    known_from: Annotated[
        date | None,
        Query(
            description="Only whom the business knows since this day or later, by its own clock."
        ),
    ] = None,
    known_until: Annotated[
        date | None, Query(description="Only whom it knows since this day or earlier.")
    ] = None,
    order: Annotated[
        Literal["newest", "known_longest"],
        Query(
            description="`newest`: the latest added first. `known_longest`: known longest first."
        ),
    ] = "newest",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CustomersAnswer:
    """Read customers, the latest first, page by page: all, those of a name or a place, or those yet to buy.

    Somebody is known since they were added, since a file says that they are a customer, or since the first thing
    that happened with them, whichever is earliest.
    """
    page = customers_page(
        cursor=cursor,
        limit=limit,
        called=name,
        prospects_only=standing == "prospect",
        location_id=location_id,
        known=Known(
            since=_begin_of(known_from),
            before=_begin_of(known_until, days_later=1),
            longest_first=order == "known_longest",
        ),
    )
    took(request, "list", len(page.customers))
    return CustomersAnswer(
        customers=tuple(answer_of(one) for one in page.customers), next_cursor=page.cursor
    )


def _begin_of(day: date | None, *, days_later: int = 0) -> datetime | None:
    """When a day begins by the business's clock, or another so many days later.

    Raises:
        DateOutOfRange: It lies before 1900, or further ahead than anything can.
    """
    if day is None:
        return None
    if not EARLIEST.date() <= day <= timezone.now().date() + DAYS_AHEAD:
        raise DateOutOfRange(field="known_until" if days_later else "known_from")
    house = business()
    zone = ZoneInfo(house.time_zone if house else "UTC")
    return datetime.combine(day + timedelta(days=days_later), time.min, zone)


@router.get(
    "/customers/{customer_id}",
    auth=READ,
    response={200: CustomerAnswer, **problems(404, 410, 422)},
    summary="Read a customer",
)
def read(request: HttpRequest, customer_id: Path[UUID]) -> CustomerAnswer:
    """Read who a customer is, what they are recognised by and what they like."""
    return _read(request, customer_id)


@router.patch(
    "/customers/{customer_id}",
    auth=WRITE,
    response={200: CustomerAnswer | Written, **CHANGED},
    summary="Change a customer",
)
def change(
    request: HttpRequest,
    customer_id: Path[UUID],
    sent: CustomerChanged,
    idempotency_key: IdempotencyKey,
) -> CustomerAnswer | Written:
    """Change what a customer is called, in which language they are spoken to, where they are at home."""

    def act(_now: datetime) -> Mapping[str, UUID]:
        kept = present_ids(customer_id)[0]
        describe(kept, sent)
        return {"customer": kept}

    return _known_or_written(request, once(request, idempotency_key, act)["customer"])


@router.delete(
    "/customers/{customer_id}",
    auth=KeyWith("customers:erase"),
    response={200: ErasedAnswer, **problems(400, 404, 409, 410, 422)},
    summary="Erase somebody",
)
def erase(
    request: HttpRequest, customer_id: Path[UUID], idempotency_key: IdempotencyKey
) -> ErasedAnswer:
    """Delete every personal value of somebody, and of everybody merged into them, for good.

    What happened stays in the log without them. It cannot be undone. A backup that is restored over
    the same data forgets them too; an older one that is restored on another computer brings them
    back: erase them again there.
    """

    def act(now: datetime) -> Mapping[str, UUID]:
        erase_customer(customer_id=customer_id, actor=actor_of(request), now=now)
        return {"customer": customer_id}

    return ErasedAnswer(customer_id=once(request, idempotency_key, act)["customer"])


def describe(customer_id: UUID, sent: CustomerChanged) -> None:
    """Writes what is told of a customer; what is not told stays."""
    told = sent.model_fields_set
    if sent.name is not None:
        rename(customer_id=customer_id, name=sent.name)
    if sent.language is not None:
        set_language(customer_id=customer_id, language=sent.language)
    if "location_id" in told:
        set_location(customer_id=customer_id, location_id=sent.location_id)


def _known_or_written(
    request: HttpRequest, customer_id: UUID, *, is_look: bool = True
) -> CustomerAnswer | Written:
    """A customer who was written, only to a key that may read them."""
    if may(request, "customers:read"):
        return _read(request, customer_id) if is_look else answer_of(customer_view(customer_id))
    kept = present_ids(customer_id)[0]
    return Written(customer_id=kept, id=kept)


def _read(request: HttpRequest, customer_id: UUID) -> CustomerAnswer:
    """A customer, and that a program read who they are."""
    found = customer_view(customer_id)
    look(request, customer_id, Look.PROFILE)
    return answer_of(found)


def answer_of(customer: CustomerView) -> CustomerAnswer:
    """A customer as it is answered."""
    return CustomerAnswer(
        id=customer.id,
        name=customer.name,
        language=customer.language,
        location_id=customer.location_id,
        created_at=customer.created_at,
        identities=tuple(
            IdentityAnswer(kind=kind, value=value) for kind, value in customer.identities
        ),
        likes=customer.likes,
    )
