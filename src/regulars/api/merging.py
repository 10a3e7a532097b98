"""Saying that two customers are one person, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from regulars.api.looking import look
from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once
from regulars.api.routes import ADDED, problems
from regulars.api.schemas import Answer, IdentityAnswer, Sent
from regulars.jobs.services import ask_for_scores_again
from regulars.people import services
from regulars.people.models import Look
from regulars.people.queries import preview_merge

router = Router(tags=["Who is the same person"])
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")


class MergeSent(Sent):
    """Two customers who are one person."""

    kept_id: UUID
    merged_id: UUID


class MergeAnswer(Answer):
    """A merge that was done."""

    merge_id: UUID
    customer_id: UUID


class UndoneAnswer(Answer):
    """A merge that was undone."""

    merge_id: UUID


class MergePreviewAnswer(Answer):
    """What a merge would bring to the kept customer."""

    kept_name: str
    merged_name: str
    identities: tuple[IdentityAnswer, ...]
    preferences: tuple[str, ...]
    notes: int
    events: dict[str, int]


@router.get(
    "/merges/preview",
    auth=READ,
    response={200: MergePreviewAnswer, **problems(400, 404, 409, 410, 422)},
    summary="See what a merge would bring",
)
def see_merge(
    request: HttpRequest, kept_id: Annotated[UUID, Query()], merged_id: Annotated[UUID, Query()]
) -> MergePreviewAnswer:
    """See what would be read as the kept customer's; nothing is written."""
    seen = preview_merge(kept=kept_id, merged=merged_id)
    for one in (kept_id, merged_id):
        look(request, one, Look.PROFILE)
    return MergePreviewAnswer(
        kept_name=seen.kept_name,
        merged_name=seen.merged_name,
        identities=tuple(IdentityAnswer(kind=kind, value=value) for kind, value in seen.identities),
        preferences=seen.preferences,
        notes=seen.notes,
        events=dict(seen.events),
    )


@router.post(
    "/merges", auth=WRITE, response={201: MergeAnswer, **ADDED}, summary="Merge two customers"
)
def merge(
    request: HttpRequest, sent: MergeSent, idempotency_key: IdempotencyKey
) -> Status[MergeAnswer]:
    """Say that two customers are one person; it can be undone, and both are restored then."""

    def act(now: datetime) -> Mapping[str, UUID]:
        actor = actor_of(request)
        merged = services.merge(kept=sent.kept_id, merged=sent.merged_id, actor=actor, now=now)
        ask_for_scores_again(actor=actor, now=now)
        return {"merge": merged, "customer": sent.kept_id}

    done = once(request, idempotency_key, act)
    return Status(201, MergeAnswer(merge_id=done["merge"], customer_id=done["customer"]))


@router.post(
    "/merges/{merge_id}/undo",
    auth=WRITE,
    response={201: UndoneAnswer, **ADDED},
    summary="Undo a merge",
)
def undo_merge(
    request: HttpRequest, merge_id: Path[UUID], idempotency_key: IdempotencyKey
) -> Status[UndoneAnswer]:
    """Part two customers again; what came in between stays with the identity it came by."""

    def act(now: datetime) -> Mapping[str, UUID]:
        actor = actor_of(request)
        services.unmerge(merge_id=merge_id, actor=actor, now=now)
        ask_for_scores_again(actor=actor, now=now)
        return {"merge": merge_id}

    return Status(201, UndoneAnswer(merge_id=once(request, idempotency_key, act)["merge"]))
