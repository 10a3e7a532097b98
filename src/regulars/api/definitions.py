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
from regulars.people.remembering import MOST_CHOICES
from regulars.stream.types import ShortText

router = Router(tags=["What the business defined"])
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")


class AttributeDefined(Sent):
    """Something that the business wants to know of its customers."""

    key: AttributeKey
    name: Text
    kind: Literal["text", "number", "yes_no", "date", "choice"]
    choices: Annotated[tuple[ShortText, ...], Field(max_length=MOST_CHOICES)] = ()
    needs_consent: StrictBool = Field(
        default=False, description="Whether it is kept only of those who agreed to their profile."
    )


class ChoicesAdded(Sent):
    """What can be chosen besides of an attribute; what is there already stays."""

    choices: Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=MOST_CHOICES)]


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
    """Define something that the business wants to know of its customers, of some kind.

    What was retired is taken up, with what is known of it: under the name told now, with the choices of then and
    now. It has to be of the same kind, and the same rule of consent.
    """

    def act(now: datetime) -> Mapping[str, UUID]:
        services.define_attribute(**sent.model_dump(), now=now)
        return done(request)

    once(request, idempotency_key, act)
    return Status(201, list_attributes(request))


@router.post(
    "/attributes/{key}/choices",
    auth=WRITE,
    response={201: DefinitionsAnswer, **ADDED},
    summary="Add choices to an attribute",
)
def add_choices(
    request: HttpRequest,
    key: Path[AttributeKey],
    sent: ChoicesAdded,
    idempotency_key: IdempotencyKey,
) -> Status[DefinitionsAnswer]:
    """Add to what can be chosen of an attribute of the kind ``choice``; what is there already stays."""

    def act(now: datetime) -> Mapping[str, UUID]:
        services.add_choices(key=key, choices=sent.choices)
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
