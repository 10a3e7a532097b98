"""Rows of a table of events that was exported, as the events that they were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, Json, ValidationError

from regulars.intake.files.called import APOSTROPHE
from regulars.intake.incoming import Incoming
from regulars.kernel.errors import RegularsError
from regulars.kernel.faults import Moment
from regulars.stream.models import REFERRAL
from regulars.stream.services import checked
from regulars.stream.types import LONGEST_SOURCE, SOURCE, EventKey

BAD_EVENT, ERASED, TAKEN_BACK = "bad_event", "customer_erased", "taken_back"
APART = "; "
COLUMNS = (
    *("type", "source", "key", "customer_id", "occurred_at", "recorded_at", "replaces"),
    *("location", "erased", "data"),
)


def _ids(text: Any) -> list[str]:
    return [one for one in str(text).split(APART) if one]


def _moment(text: Any) -> datetime:
    """A moment as CSV or Parquet writes it."""
    return datetime.fromisoformat(str(text))


class Cells(BaseModel):
    """The cells of a row, each as it was written."""

    type: str
    source: Annotated[str, Field(max_length=LONGEST_SOURCE, pattern=f"^{SOURCE.pattern}$")]
    key: EventKey
    customer_id: UUID | None = None
    occurred_at: Annotated[Moment, BeforeValidator(_moment)]
    recorded_at: Annotated[AwareDatetime, BeforeValidator(_moment)] | None = None
    replaces: UUID | None = None
    location: str = ""
    erased: Annotated[frozenset[UUID], BeforeValidator(_ids)] = frozenset()
    data: Json[dict[str, Any]]


class OwnRow(NamedTuple):
    """An event as it was exported.

    Attributes:
        told: With whom it is about by the id that they had, and the name of its place.
        erased: Of the ids in it, those of customers who had been erased there.
        is_taken_back: Whether it says of somebody's sender that they were not.
    """

    told: Incoming
    erased: frozenset[UUID]
    is_taken_back: bool

    @property
    def ids(self) -> set[UUID]:
        """Of customers, whom it is about and who sent them."""
        return {one for one in (self.told.customer_id, self.told.sender) if one is not None}


def row_of(cells: Mapping[str, Any]) -> OwnRow | None:
    """A row as the event that it was; None where somebody has written into it what cannot be."""
    texts = {
        name: APOSTROPHE.sub("", text, count=1)
        for name, text in cells.items()
        if text is not None and text != ""
    }
    try:
        read = Cells.model_validate(texts)
        data = dict(read.data)
        checked(read.type, data)
    except (ValidationError, RegularsError):
        return None
    told = Incoming(
        type=read.type,
        source=read.source,
        key=read.key,
        occurred_at=read.occurred_at,
        customer_id=read.customer_id,
        data=data,
        location=read.location,
    )
    is_taken_back = read.type == REFERRAL and read.replaces is not None and read.customer_id is None
    return OwnRow(told, read.erased, is_taken_back)
