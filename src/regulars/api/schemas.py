"""The shapes of what is sent and answered."""

from datetime import datetime
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from ninja import Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    Tag,
    create_model,
)

from regulars.jobs.core import KINDS
from regulars.kernel.faults import Moment, sound
from regulars.people.core import PRIORITY
from regulars.people.remembering import KEY, LONGEST_KEY
from regulars.stream.types import (
    LONGEST_SOURCE,
    SOURCE,
    TYPES,
    AtAPlace,
    EventKey,
    ShortText,
    no_source_of_ours,
)

MOST_EVENTS = 1_000
LONGEST_IDENTITY = 254

Text = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(sound)]
IdentityText = Annotated[
    str, Field(min_length=1, max_length=LONGEST_IDENTITY), AfterValidator(sound)
]
Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before."), Field(max_length=200)
]
Limit = Annotated[int, Query(description="How many on a page."), Field(ge=1, le=100)]
RowId = Annotated[int, Path(), Field(ge=1, le=2**63 - 1)]
Language = Annotated[
    Literal["", "en", "de", "es", "th"],
    Field(description="In which they are spoken to; empty for the business's own."),
]
AttributeKey = Annotated[
    str, Field(min_length=1, max_length=LONGEST_KEY, pattern=f"^{KEY.pattern}$")
]
Source = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SOURCE, pattern=f"^{SOURCE.pattern}$"),
    AfterValidator(no_source_of_ours),
]


class Sent(BaseModel):
    """What is sent: nothing but the fields that are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True)


class Problem(Answer):
    """What went wrong (RFC 9457); ``code`` is stable, ``detail`` is for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Unprocessable Content",
                "status": 422,
                "code": "unknown_field",
                "detail": "“colour” is no field here; leave it out or correct its name.",
                "field": "data.colour",
            }
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = Field(
        None,
        description="Where in the body stands what is to blame; of the eighteenth of several events `events.17.…`.",
    )


class Identities(Sent):
    """What somebody is recognised by: an e-mail address, a phone, an id of the shop's own."""

    external: IdentityText | None = None
    email: IdentityText | None = None
    phone: IdentityText | None = None
    card: IdentityText | None = None
    handle: IdentityText | None = None

    def told(self) -> tuple[tuple[Any, str], ...]:
        """Kind and value of each that is there."""
        said = self.__dict__
        return tuple([(kind, said[kind]) for kind in PRIORITY if said[kind]])


class Whom(Identities):
    """A customer: by our id, or by whatever they are recognised by."""

    id: UUID | None = None


class EventSent(Sent):
    """Something that happened.

    ``source`` and ``key`` together are its name: told twice, it counts once.
    """

    source: Source | None = Field(None, description="Who tells; the key's own source if left out.")
    key: EventKey = Field(description="What the source calls it, as the number of a receipt.")
    occurred_at: Moment = Field(description="When it happened, with the zone.")
    customer: Whom | None = Field(None, description="Whom it is about; nobody if left out.")


class EventAtAPlaceSent(EventSent):
    """Something that happened, perhaps at one of the locations."""

    location: Text | None = Field(
        None, description="The name of the location, in place of `data.location_id`."
    )


EXAMPLES: dict[str, dict[str, Any]] = {
    "purchase.completed": {
        "total": {"amount_minor": 1250, "currency": "EUR"},
        "margin_minor": 940,
        "order_id": "R-1042",
        "lines": [{"name": "Flat white", "quantity": 2, "amount_minor": 900}],
    },
    "purchase.refunded": {
        "total": {"amount_minor": 450, "currency": "EUR"},
        "refund_of": "R-1042",
    },
    "visit.recorded": {},
    "referral.recorded": {"sender_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
}


def event_model(name: str) -> type[EventSent]:
    """The shape of one type of event, with an example."""
    facts = TYPES[name].facts
    example: Any = {
        "type": name,
        "source": "till",
        "key": "R-1042",
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "customer": {"phone": "+49 30 901820"},
        "data": EXAMPLES[name],
    }
    empty_is_fine = not any(one.is_required() for one in facts.model_fields.values())
    data: Any = (facts, facts() if empty_is_fine else ...)
    words = "".join(part.capitalize() for part in name.replace("_", ".").split("."))
    kind: Any = (Literal[name], ...)
    base = EventAtAPlaceSent if issubclass(facts, AtAPlace) else EventSent
    made = create_model(words, __base__=base, __doc__=facts.__doc__, type=kind, data=data)
    made.model_config["json_schema_extra"] = {"example": example}
    return made


EVENT_MODELS = {name: event_model(name) for name in TYPES}


AnyEvent: Any = Annotated[Union[tuple(EVENT_MODELS.values())], Field(discriminator="type")]  # noqa: UP007  (made of a table)


class EventBatch(Sent):
    """Several events, in their order: all of them are recorded, or none."""

    events: Annotated[list[AnyEvent], Field(min_length=1, max_length=MOST_EVENTS)]


def one_or_several(value: Any) -> str:
    """Which of the two shapes a body is held against."""
    return "several" if isinstance(value, dict) and "events" in value else "one"


Told: Any = Annotated[
    Annotated[AnyEvent, Tag("one")] | Annotated[EventBatch, Tag("several")],
    Discriminator(one_or_several),
]


def kind_of_value(value: Any) -> str:
    """Against which shape the value of an attribute is held."""
    kinds = {bool: "yes or no", int: "a number", float: "a number"}
    return kinds.get(type(value), "a text")


AttributeContent = Annotated[
    Annotated[StrictBool, Tag("yes or no")]
    | Annotated[StrictInt | StrictFloat, Tag("a number")]
    | Annotated[ShortText, Tag("a text")],
    Discriminator(kind_of_value),
]
OF_ATTRIBUTES = ("yes or no", "a number", "a text")
TAGS = frozenset(("one", "several", *OF_ATTRIBUTES, *EVENT_MODELS, *KINDS))


class EventEffect(Answer):
    """What followed from an event."""

    kind: Literal["task"] = Field(description="`task`: a line on today's list.")
    task: Literal["thank", "welcome_back"] = Field(
        description="`thank`: they sent somebody for the first time. `welcome_back`: they came after a long silence."
    )
    customer_id: UUID = Field(description="For whom it is; of a referral, who sent.")


class EventFlag(Answer):
    """Something about an event that somebody should look at; it is recorded all the same."""

    kind: Literal["flag"]
    flag: Literal["refund_exceeds_purchase"] = Field(
        description="More was given back of the order than was bought, by this refund and the others of it."
    )


class EventAnswer(Answer):
    """What became of an event."""

    status: Literal["recorded", "duplicate"]
    event_id: UUID
    customer_id: UUID | None = Field(description="Whom it is about, if anybody.")
    effects: tuple[EventEffect | EventFlag, ...] = Field(
        (), description="What followed from it and stands; of a duplicate, told again."
    )


class EventAnswers(Answer):
    """What became of each event, in their order."""

    results: tuple[EventAnswer, ...]


class RecogniseSent(Identities):
    """Whom to look for: by identities, else by a name, slips of the pen forgiven."""

    name: Text | None = None


class Found(Answer):
    """Somebody who may be meant, and why."""

    customer_id: UUID
    name: str
    likeness: float = Field(ge=0, le=1)
    reason: str = Field(
        description=(
            "`identity:<kind>`, or how the name fits: `name:same` in every word, `name:called` by what they are "
            "called besides, `name:given` by the given name alone, `name:part` by some of the words, "
            "`name:short` where one is customarily short for the other, `name:beginning` where a word begins so, "
            "`name:sound` where one sounds the same, `name:script` where one sounds the same in "
            "another script, `name:typo` where one is spelt alike."
        )
    )
    short_for: str = Field(
        default="",
        description="With `name:short`, the name in full: José for Pepe. Else empty.",
    )


class FoundAnswer(Answer):
    """Who may be meant, the likest first."""

    candidates: tuple[Found, ...]


class CustomerSent(Identities):
    """Somebody new."""

    name: Text
    likes: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    language: Language = ""
    location_id: UUID | None = None


class CustomerChanged(Sent):
    """What is to be different; what is left out stays as it is."""

    name: Text | None = None
    language: Language | None = None
    location_id: UUID | None = Field(None, description="Null for none.")


class IdentityAnswer(Answer):
    """What a customer is recognised by."""

    kind: str
    value: str


class CustomerAnswer(Answer):
    """A customer as we know them."""

    id: UUID
    name: str
    language: str
    location_id: UUID | None
    created_at: datetime
    identities: tuple[IdentityAnswer, ...]
    likes: tuple[str, ...]


class Written(Answer):
    """What was written, told to a key that may not read customers; whoever may is answered with what is known then."""

    customer_id: UUID
    id: UUID | int | None = Field(
        description="Of what was added, changed or taken back; null where it has none of its own."
    )


class CustomersAnswer(Answer):
    """A page of customers, the latest first."""

    customers: tuple[CustomerAnswer, ...]
    next_cursor: str | None
