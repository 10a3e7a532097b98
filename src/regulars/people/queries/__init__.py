"""Reads about people."""

from regulars.people.queries.consents import (
    latest_consents,
)
from regulars.people.queries.duplicates import (
    suggested_duplicates,
)
from regulars.people.queries.listing import (
    CustomersPage,
    CustomerView,
    customer_view,
    customers_page,
)
from regulars.people.queries.one_person import (
    MergePreview,
    aliases,
    check_known,
    check_not_erased,
    erasures,
    ids_of,
    kept_id,
    kept_ids,
    merges_of,
    present_ids,
    preview_merge,
)
from regulars.people.queries.profiles import (
    Profile,
    profile,
)
from regulars.people.queries.prospecting import (
    prospects,
)
from regulars.people.queries.recognition import (
    Candidate,
    business,
    recognise,
    recognise_by_name,
    region,
)

__all__ = [
    "Candidate",
    "CustomerView",
    "CustomersPage",
    "MergePreview",
    "Profile",
    "aliases",
    "business",
    "check_known",
    "check_not_erased",
    "customer_view",
    "customers_page",
    "erasures",
    "ids_of",
    "kept_id",
    "kept_ids",
    "latest_consents",
    "merges_of",
    "present_ids",
    "preview_merge",
    "profile",
    "prospects",
    "recognise",
    "recognise_by_name",
    "region",
    "suggested_duplicates",
]
