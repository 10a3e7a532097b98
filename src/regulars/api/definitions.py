"""What the business defined: the attributes that it asks for, its locations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import Field, StrictBool

from regulars.api.requests import IdempotencyKey, KeyWith, done, once
from regulars.api.routes import ADDED, CHANGED, problems
from regulars.api.schemas import Answer, AttributeKey, Sent, Text
from regulars.people import services
from regulars.people.queries import open_attributes, open_locations
from regulars.stream.types import ShortText

router = Router(tags=["What the business defined"])
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")


class AttributeDefined(Sent):
    """Something that the business wants to know of its customers."""

    key: AttributeKey
    name: Text
    kind: Literal["text", "number", "yes_no", "date", "choice"]
    choices: Annotated[tuple[ShortText, ...], Field(max_length=100)] = ()
    needs_consent: StrictBool = Field(
        default=False, description="Whether it is kept only of those who agreed to their profile."
    )


class DefinitionAnswer(Answer):
    """An attribute that the business asks for."""

    key: str
    name: str
    kind: str
    choices: tuple[str, ...]
    needs_consent: bool


class DefinitionsAnswer(Answer):
    """Every attribute that the business asks for, by its key."""

    attributes: tuple[DefinitionAnswer, ...]


class LocationAnswer(Answer):
    """A place where the business meets its customers."""

    id: UUID
    name: str


class LocationsAnswer(Answer):
    """Every location that is open, by its name."""

    locations: tuple[LocationAnswer, ...]


@router.get(
    "/attributes",
    auth=READ,
    response={200: DefinitionsAnswer, **problems()},
    summary="List attributes",
)
def list_attributes(request: HttpRequest) -> DefinitionsAnswer:
    """List what the business wants to know of its customers."""
    return DefinitionsAnswer(
        attributes=tuple(
            DefinitionAnswer(
                key=one.key,
                name=one.name,
                kind=one.kind,
                choices=tuple(one.choices),
                needs_consent=one.needs_consent,
            )
            for one in open_attributes()
        )
    )


@router.post(
    "/attributes",
    auth=WRITE,
    response={201: DefinitionsAnswer, **ADDED},
    summary="Define an attribute",
)
def define_attribute(
    request: HttpRequest, sent: AttributeDefined, idempotency_key: IdempotencyKey
) -> Status[DefinitionsAnswer]:
    """Define something that the business wants to know of its customers, of some kind."""

    def act(now: datetime) -> Mapping[str, UUID]:
        services.define_attribute(**sent.model_dump(), now=now)
        return done(request)

    once(request, idempotency_key, act)
    return Status(201, list_attributes(request))


@router.delete(
    "/attributes/{key}",
    auth=WRITE,
    response={200: DefinitionsAnswer, **CHANGED},
    summary="Retire an attribute",
)
def retire_attribute(
    request: HttpRequest, key: Path[AttributeKey], idempotency_key: IdempotencyKey
) -> DefinitionsAnswer:
    """Ask for an attribute no more; what is known of it stays."""

    def act(now: datetime) -> Mapping[str, UUID]:
        services.retire_attribute(key=key, now=now)
        return done(request)

    once(request, idempotency_key, act)
    return list_attributes(request)


@router.get(
    "/locations",
    auth=READ,
    response={200: LocationsAnswer, **problems()},
    summary="List locations",
)
def list_locations(request: HttpRequest) -> LocationsAnswer:
    """List where the business meets its customers."""
    return LocationsAnswer(
        locations=tuple(LocationAnswer(id=one.id, name=one.name) for one in open_locations())
    )
