"""The tables of this room."""

from regulars.people.models.business import (
    BlockedIdentity,
    Business,
    Employee,
    Location,
    Look,
)
from regulars.people.models.contact import (
    Consent,
    Contact,
    Suppression,
)
from regulars.people.models.counted import Counted
from regulars.people.models.customers import (
    Alias,
    Customer,
    Erasure,
    Identity,
    Merge,
    NameKey,
    NameWord,
    NotTheSame,
    ToldTogether,
)
from regulars.people.models.remembered import (
    Attribute,
    AttributeValue,
    ImportantDate,
    Note,
    Preference,
)

__all__ = [
    "Alias",
    "Attribute",
    "AttributeValue",
    "BlockedIdentity",
    "Business",
    "Consent",
    "Contact",
    "Counted",
    "Customer",
    "Employee",
    "Erasure",
    "Identity",
    "ImportantDate",
    "Location",
    "Look",
    "Merge",
    "NameKey",
    "NameWord",
    "NotTheSame",
    "Note",
    "Preference",
    "Suppression",
    "ToldTogether",
]
