"""Taking back who is said to have brought whom."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router

from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once
from regulars.api.routes import CHANGED
from regulars.api.schemas import Answer
from regulars.intake.bringing import take_back as take_back_claim
from regulars.intake.errors import UnknownReferral
from regulars.jobs.services import ask_for_scores_again

router = Router(tags=["Events"])


class TakenBackAnswer(Answer):
    """Whom nobody is said any more to have brought by this claim."""

    customer_id: UUID


@router.delete(
    "/referrals/{event_id}",
    auth=KeyWith("customers:write"),
    response={200: TakenBackAnswer, **CHANGED},
    summary="Take back who brought somebody",
)
def take_back(
    request: HttpRequest, event_id: Path[UUID], idempotency_key: IdempotencyKey
) -> TakenBackAnswer:
    """Say that a referral was told wrongly, by the id of its event: it counts no more, whoever told it how often.

    Who did bring them is told as another event.
    """

    def act(now: datetime) -> Mapping[str, UUID]:
        friend = take_back_claim(event_id=event_id, actor=actor_of(request), now=now)
        if friend is None:
            raise UnknownReferral(event_id=event_id)
        ask_for_scores_again(actor=actor_of(request), now=now)
        return {"customer": friend}

    return TakenBackAnswer(customer_id=once(request, idempotency_key, act)["customer"])
