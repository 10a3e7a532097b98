"""Reads about people."""

from regulars.people.queries.consents import (
    agreed_to,
    latest_consents,
    withdrawals,
)
from regulars.people.queries.defining import (
    open_attributes,
    open_locations,
)
from regulars.people.queries.duplicates import (
    compared_of,
    suggested_duplicates,
)
from regulars.people.queries.listing import (
    CustomersPage,
    CustomerView,
    customer_view,
    customers_by_id,
    customers_page,
    how_many,
    how_many_with_likes,
    likes_of,
    people_rows,
    preferences_of,
)
from regulars.people.queries.one_person import (
    MergePreview,
    aliases,
    check_known,
    check_mergeable,
    check_not_erased,
    erasures,
    everyone,
    ids_of,
    kept_id,
    kept_ids,
    merges_of,
    named_ids,
    of_somebody_named,
    present_ids,
    preview_merge,
)
from regulars.people.queries.owners import (
    Owner,
    blocked_of,
    owners_of,
)
from regulars.people.queries.profiles import (
    Profile,
    identity_of,
    profile,
)
from regulars.people.queries.prospecting import (
    prospects,
)
from regulars.people.queries.recognition import (
    SURE_ENOUGH,
    Candidate,
    business,
    comparable,
    meant_in_short,
    namesakes,
    recognise,
    recognise_by_name,
    region,
    search,
)
from regulars.people.queries.sending import (
    Sending,
    senders_and_friends,
    top_senders,
)
from regulars.people.queries.visiting import (
    LatestPage,
    last_here,
    latest_here,
)

__all__ = [
    "SURE_ENOUGH",
    "Candidate",
    "CustomerView",
    "CustomersPage",
    "LatestPage",
    "MergePreview",
    "Owner",
    "Profile",
    "Sending",
    "agreed_to",
    "aliases",
    "blocked_of",
    "business",
    "check_known",
    "check_mergeable",
    "check_not_erased",
    "comparable",
    "compared_of",
    "customer_view",
    "customers_by_id",
    "customers_page",
    "erasures",
    "everyone",
    "how_many",
    "how_many_with_likes",
    "identity_of",
    "ids_of",
    "kept_id",
    "kept_ids",
    "last_here",
    "latest_consents",
    "latest_here",
    "likes_of",
    "meant_in_short",
    "merges_of",
    "named_ids",
    "namesakes",
    "of_somebody_named",
    "open_attributes",
    "open_locations",
    "owners_of",
    "people_rows",
    "preferences_of",
    "present_ids",
    "preview_merge",
    "profile",
    "prospects",
    "recognise",
    "recognise_by_name",
    "region",
    "search",
    "senders_and_friends",
    "suggested_duplicates",
    "top_senders",
    "withdrawals",
]
