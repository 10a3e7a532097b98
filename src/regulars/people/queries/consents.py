"""What customers agreed to, by their latest word."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.people.models import Alias, Consent, Identity, Suppression
from regulars.people.queries.one_person import of_somebody, of_whole_person

OF_CONSENT = (
    *("customer_id", "purpose", "channel", "given", "text_version", "proof", "said_at"),
    "recorded_by",
)
OF_SUPPRESSION = ("customer_id", "channel", "reason", "since", "recorded_by")
OF_ADDRESS = ("identity__kind", "identity__value", *OF_SUPPRESSION[1:])


def latest_consents(customer_ids: Sequence[UUID]) -> Mapping[tuple[str, str], Consent]:
    """A person's latest word on each purpose and channel.

    Of two words of the same moment, a no counts more than a yes.

    Args:
        customer_ids: Every id of the one person.
    """
    rows = Consent.objects.filter(customer_id__in=customer_ids).order_by("said_at", "-given", "id")
    return {(row.purpose, row.channel): row for row in rows}


def consent_stands(customer_ids: Sequence[UUID], purpose: str, channel: str) -> bool:
    """Whether a person's latest word on a purpose and channel was yes."""
    latest = latest_consent(customer_ids, purpose, channel)
    return latest is not None and latest.given


def latest_consent(customer_ids: Sequence[UUID], purpose: str, channel: str) -> Consent | None:
    """A person's latest word on one purpose and channel, or None where nobody asked."""
    told = Consent.objects.filter(customer_id__in=customer_ids, purpose=purpose, channel=channel)
    return told.order_by("-said_at", "given", "-id").first()


def agreed_to(purpose: str, channel: str) -> Q:
    """Customers who are shown whose latest word on a purpose and channel was yes, asked of each by itself."""
    return of_whole_person(_standing(purpose, channel))


def with_consent(purpose: str, channel: str) -> QuerySet[Any]:
    """The same, of those without a name too."""
    return _standing(purpose, channel).values("shown_id")


def _standing(purpose: str, channel: str) -> QuerySet[Any]:
    """Every yes that no later no of the same person takes back; an address's while it is theirs."""
    told = Consent.objects.filter(purpose=purpose, channel=channel)
    no = told.filter(given=False, said_at__gte=OuterRef("said_at"))
    no_of_merged = told.filter(
        given=False,
        said_at__gte=OuterRef(OuterRef("said_at")),
        customer_id=OuterRef("merged_id"),
    )
    merged = Alias.objects.filter(kept_id=OuterRef(OuterRef("shown_id"))).values("merged_id")
    said_it = Identity.objects.filter(id=OuterRef("identity_id"))
    return of_somebody(told.filter(given=True)).filter(
        Q(identity=None)
        | Exists(said_it.filter(customer_id=OuterRef("shown_id")))
        | Exists(said_it.filter(customer_id__in=merged)),
        ~Exists(no.filter(customer_id=OuterRef("shown_id"))),
        ~Exists(Alias.objects.filter(Exists(no_of_merged), kept_id=OuterRef("shown_id"))),
    )


def withdrawals() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Every no that stands: latest words that were no, and suppressions; what a restore must not undo.

    An address that is used no more is told by itself: whoever has it then, it does not arrive.
    """
    rows = Consent.objects.order_by("said_at", "-given", "id").values(*OF_CONSENT)
    latest = {(row["customer_id"], row["purpose"], row["channel"]): row for row in rows.iterator()}
    words = [("consent", dict(row)) for row in latest.values() if not row["given"]]
    standing = Suppression.objects.filter(lifted_at=None, identity=None).values(*OF_SUPPRESSION)
    dead = Suppression.objects.filter(lifted_at=None).exclude(identity=None).values(*OF_ADDRESS)
    return (
        *words,
        *(("suppression", dict(row)) for row in standing),
        *(("address", dict(row)) for row in dead),
    )
