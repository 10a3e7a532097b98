"""What this room, and the log, hold of a person; see `regulars.people.held`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from regulars.people.held import Held
from regulars.people.models import (
    AttributeValue,
    Consent,
    Contact,
    Customer,
    Identity,
    ImportantDate,
    Look,
    Merge,
    Note,
    NotTheSame,
    Preference,
    Suppression,
    ToldTogether,
)
from regulars.stream.models import Event, told_by
from regulars.stream.queries import sent_by

SAID = ("said_by", "said_at")


def happened(customer_ids: Sequence[UUID]) -> QuerySet[Any]:
    """What was ever told of a person, also what was put back since, and whom they sent."""
    sent = [one.position for one in sent_by(customer_ids)]
    return Event.told.filter(Q(customer_id__in=customer_ids) | Q(position__in=sent))


HELD: Mapping[str, Held] = {
    "customers": Held(
        model=Customer,
        fields=(
            "id",
            "name",
            "language",
            "location__name",
            "since",
            "created_at",
            "created_by",
            "known_since",
        ),
        whose=("id",),
    ),
    "identities": Held(
        model=Identity,
        fields=("customer_id", "kind", "value", "created_at", "created_by", "is_learnt"),
    ),
    "preferences": Held(model=Preference, fields=("customer_id", "kind", "text", *SAID)),
    "attributes": Held(
        model=AttributeValue,
        fields=("customer_id", "attribute__key", "attribute__name", "value", *SAID),
    ),
    "notes": Held(model=Note, fields=("customer_id", "text", *SAID)),
    "dates": Held(
        model=ImportantDate, fields=("customer_id", "label", "month", "day", "year", *SAID)
    ),
    "consents": Held(
        model=Consent,
        fields=(
            *("customer_id", "purpose", "channel", "given", "text_version", "proof", "said_at"),
            *("identity__value", "recorded_by"),
        ),
    ),
    "suppressions": Held(
        model=Suppression,
        fields=(
            *("customer_id", "channel", "identity__value", "reason", "since", "recorded_by"),
            *("lifted_at", "lifted_by"),
        ),
    ),
    "contacts": Held(
        model=Contact, fields=("customer_id", "purpose", "channel", "made_at", "made_by")
    ),
    "merges": Held(
        model=Merge,
        fields=("kept_id", "merged_id", "merged_at", "merged_by", "undone_at", "undone_by"),
        whose=("kept_id", "merged_id"),
        stays="ids and times: who was one person with whom",
    ),
    "not_the_same": Held(
        model=NotTheSame,
        fields=("one_id", "other_id", "said_by", "said_at"),
        whose=("one_id", "other_id"),
    ),
    "told_together": Held(
        model=ToldTogether,
        fields=("one_id", "other_id", "kind", "told_at"),
        whose=("one_id", "other_id"),
    ),
    "looks": Held(
        model=Look,
        fields=("customer_id", "looked_by", "what", "looked_at"),
        stays="ids and times: who looked at whom, the erasure among it",
    ),
    "events": Held(
        model=Event,
        fields=(
            *("customer_id", "type", "version", "occurred_at", "recorded_at", "recorded_by"),
            *("source", "key", "replaces", "data"),
        ),
        found=happened,
        stays="ids and facts: the books",
        told={"key": told_by},
    ),
}
# Tables, and single fields of those above, that tell nothing of a customer.
IMPERSONAL: Mapping[str, str] = {
    "Alias": "follows from the merges",
    "Attribute": "what the business asks; what it knows is exported",
    "BlockedIdentity": "stands for nobody",
    "Business": "the business itself",
    "Counted": "figures of everybody, and the ids of who sent most; counted anew all the time",
    "Employee": "who works here",
    "Employee_locations": "where they work",
    "Erasure": "of an erased customer nothing else is left to export",
    "Location": "a place of the business",
    "NameKey": "follows from the name",
    "NameWord": "words that names are made of, gone with the last who is called so",
    "NotTheSame.id": "a number of ours",
    "AttributeValue.id": "a number of ours",
    "Consent.after_merge": "a number of ours",
    "Consent.id": "a number of ours",
    "Contact.id": "a number of ours",
    "Event.id": "a number of ours",
    "Event.position": "a number of ours",
    "Event.written_in": "a number of the database",
    "Identity.id": "a number of ours",
    "ImportantDate.id": "a number of ours",
    "Look.id": "a number of ours",
    "Look.rows": "of a table of many",
    "Look.table": "of many",
    "Merge.id": "a number of ours",
    "Merge.number": "a number of ours",
    "Note.id": "a number of ours",
    "Preference.id": "a number of ours",
    "Preference.small": "follows from the text",
    "Preference.subject": "follows from the text",
    "Suppression.after_merge": "a number of ours",
    "Suppression.id": "a number of ours",
    "ToldTogether.id": "a number of ours",
}
