"""Why somebody stands where they do, told so that no other figure on the page is denied."""

from datetime import date

from regulars.kernel.language import gettext
from regulars.kernel.words import date_text
from regulars.scoring.models import Score
from regulars.scoring.queries import why_standing

WITH_LIFE_CYCLE = 3  # sentences: its life cycle, spending and sending


def standing_now(score: Score, *, last_here: date | None, today: date) -> tuple[str, ...]:
    """The sentences of `why_standing`, counted until today.

    Of somebody who was here since they bought last, the first is of the night before and says of which day.

    Args:
        score: Theirs.
        last_here: When they were here last, bought or not; None where nobody noted it.
        today: By the business's own calendar.
    """
    if not (last_here and score.last_day and last_here > score.last_day):
        return why_standing(score, today=today)
    first, *others = why_standing(score)
    if len(others) + 1 < WITH_LIFE_CYCLE:
        return (first, *others)
    told = gettext("On {day}: {standing}").format(day=date_text(score.run.until), standing=first)
    return (told, *others)
