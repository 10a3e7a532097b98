"""Why somebody stands where they do, told so that no other figure on the page is denied."""

from datetime import date

from regulars.kernel.language import gettext
from regulars.kernel.words import date_text
from regulars.scoring.models import Score
from regulars.scoring.queries import why_standing

WITH_LIFE_CYCLE = 3  # sentences: its life cycle, spending and sending


def standing_now(score: Score, *, last_here: date | None, today: date) -> tuple[str, ...]:
    """The sentences of `why_standing`, counted until today.

    The first is of purchases alone: of somebody who was here since they bought last it says so, or of
    which day it is where they came since everybody was scored.

    Args:
        score: Theirs.
        last_here: When they were here last, bought or not; None where nobody noted it.
        today: By the business's own calendar.
    """
    if not (last_here and score.last_day and last_here > score.last_day):
        return why_standing(score, today=today)
    is_news = last_here > score.run.until
    first, *others = why_standing(score) if is_news else why_standing(score, today=today)
    if len(others) + 1 < WITH_LIFE_CYCLE:
        return (first, *others)
    if is_news:
        told = gettext("On {day}: {standing}").format(
            day=date_text(score.run.until), standing=first
        )
    else:
        told = gettext("By what they bought: {standing}").format(standing=first)
    return (told, *others)
