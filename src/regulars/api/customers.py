"""Customers: recognising, adding and reading them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field

from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once
from regulars.api.routes import problems
from regulars.api.schemas import (
    Answer,
    CustomerAnswer,
    CustomersAnswer,
    CustomerSent,
    Found,
    FoundAnswer,
    IdentityAnswer,
    RecogniseSent,
    TimelineAnswer,
    TimelineEvent,
)
from regulars.people.queries import (
    CustomerView,
    customer_view,
    customers_page,
    ids_of,
    recognise,
    recognise_by_name,
    region,
)
from regulars.people.services import add_customer
from regulars.people.services import erase as erase_customer
from regulars.stream.queries import timeline

router = Router(tags=["Customers"])
Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before."), Field(max_length=200)
]


class ErasedAnswer(Answer):
    """Whose every personal value is gone."""

    customer_id: UUID


@router.post(
    "/recognise",
    auth=KeyWith("customers:read"),
    response={200: FoundAnswer, **problems(400, 413, 422)},
    summary="Recognise somebody",
)
def recognise_somebody(request: HttpRequest, whom: RecogniseSent) -> FoundAnswer:
    """Find a customer by any identity, the surest first, else by a name with slips forgiven."""
    told = whom.told()
    sure = recognise(told, region=region()) if told else None
    found = (sure,) if sure else recognise_by_name(whom.name) if whom.name else ()
    return FoundAnswer(
        candidates=tuple(
            Found(
                customer_id=one.customer_id, name=one.name, likeness=one.likeness, reason=one.reason
            )
            for one in found
        )
    )


@router.post(
    "/customers",
    auth=KeyWith("customers:write"),
    response={201: CustomerAnswer, **problems(400, 409, 413, 422)},
    summary="Add a customer",
)
def add(
    request: HttpRequest, customer: CustomerSent, idempotency_key: IdempotencyKey
) -> Status[CustomerAnswer]:
    """Add somebody by name, with what they are recognised by and what they like."""

    def act(now: datetime) -> Mapping[str, UUID]:
        made = add_customer(
            name=customer.name,
            identities=customer.told(),
            likes=customer.likes,
            region=region(),
            actor=actor_of(request),
            now=now,
        )
        return {"customer": made}

    made = once(request, idempotency_key, act)
    return Status(201, answer_of(customer_view(made["customer"])))


@router.get(
    "/customers",
    auth=KeyWith("customers:read"),
    response={200: CustomersAnswer, **problems(400, 422)},
    summary="List customers",
)
def list_customers(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Annotated[int, Query(), Field(ge=1, le=100)] = 50,
) -> CustomersAnswer:
    """Read all customers, the latest first, page by page."""
    page = customers_page(cursor=cursor, limit=limit)
    return CustomersAnswer(
        customers=tuple(answer_of(one) for one in page.customers), next_cursor=page.cursor
    )


@router.get(
    "/customers/{customer_id}",
    auth=KeyWith("customers:read"),
    response={200: CustomerAnswer, **problems(404, 422)},
    summary="Read a customer",
)
def read(request: HttpRequest, customer_id: Path[UUID]) -> CustomerAnswer:
    """Read who a customer is, what they are recognised by and what they like."""
    return answer_of(customer_view(customer_id))


@router.get(
    "/customers/{customer_id}/timeline",
    auth=KeyWith("customers:read"),
    response={200: TimelineAnswer, **problems(400, 404, 422)},
    summary="Read what happened",
)
def read_timeline(
    request: HttpRequest, customer_id: Path[UUID], cursor: Cursor = None
) -> TimelineAnswer:
    """Read what happened with a customer, by when it happened, the latest first."""
    known = customer_view(customer_id)
    page = timeline(ids_of(known.id), cursor=cursor)
    return TimelineAnswer(
        events=tuple(
            TimelineEvent(
                id=event.id,
                type=event.type,
                version=event.version,
                source=event.source,
                key=event.key,
                occurred_at=event.occurred_at,
                recorded_at=event.recorded_at,
                data=event.data,
            )
            for event in page.events
        ),
        next_cursor=page.cursor,
    )


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

    What happened stays in the log without them. It cannot be undone, nor by a restore.
    """

    def act(now: datetime) -> Mapping[str, UUID]:
        erase_customer(customer_id=customer_id, actor=actor_of(request), now=now)
        return {"customer": customer_id}

    return ErasedAnswer(customer_id=once(request, idempotency_key, act)["customer"])


def answer_of(customer: CustomerView) -> CustomerAnswer:
    """A customer as it is answered."""
    return CustomerAnswer(
        id=customer.id,
        name=customer.name,
        created_at=customer.created_at,
        identities=tuple(
            IdentityAnswer(kind=kind, value=value) for kind, value in customer.identities
        ),
        likes=customer.likes,
    )
