"""What a program told beside something of a customer's: whether it is theirs, somebody says here."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from regulars.console.access import actor_of, here
from regulars.console.customer.head import about, to
from regulars.credentials.models import ApiKey
from regulars.jobs.services import ask_for_scores_again
from regulars.kernel.actor import parsed
from regulars.people.core import IdentityKind
from regulars.people.errors import UnknownEntry
from regulars.people.models import Identity
from regulars.people.services import add_identity, part_learnt


@require_POST
def customer_learnt(request: HttpRequest, customer_id: UUID, entry_id: str) -> HttpResponse:
    """It is theirs, or it is somebody else's, with all that came by it.

    Raises:
        UnknownEntry: It is not among what a program told of them, or neither of the two was said.
    """
    profile = about(request, customer_id).profile
    found = next((one for one in profile.identities if str(one.id) == entry_id), None)
    said = request.POST.get("is")
    if found is None or not found.is_learnt or said not in ("theirs", "another"):
        raise UnknownEntry
    customer, actor, now = profile.customer_id, actor_of(request), datetime.now(UTC)
    with transaction.atomic():
        if said == "another":
            part_learnt(identity=found, actor=actor, now=now)
            ask_for_scores_again(actor=actor, now=now)
            return to(customer, "unmerged", part="customer_about")
        business, _ = here(request)
        add_identity(
            customer_id=customer,
            kind=cast("IdentityKind", found.kind),
            value=found.value,
            region=business.country or None,
            actor=actor,
            now=now,
        )
    return to(customer, "remembered", part="customer_about")


def programs_of(identities: Iterable[Identity]) -> Mapping[str, str]:
    """What the keys are for by which identities were told, by how an actor is written."""
    told = {one.created_by: parsed(one.created_by) for one in identities if one.is_learnt}
    ids = {actor.id for actor in told.values() if actor.kind == "key"}
    names = {
        str(key): name for key, name in ApiKey.objects.filter(id__in=ids).values_list("id", "name")
    }
    return {text: names[actor.id] for text, actor in told.items() if actor.id in names}
