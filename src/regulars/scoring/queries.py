"""Reads of scores and segments: only of runs that are finished."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from regulars.kernel.faults import EARLIEST, DateOutOfRange
from regulars.kernel.money import minor_per_major
from regulars.people.models import Merge
from regulars.people.queries import day_here, is_large
from regulars.scoring.core import LIFE_CYCLES, LifeCycle, Rhythm, Worth, why, why_worth
from regulars.scoring.errors import NoSuchSegment
from regulars.scoring.models import Run, Score, Segment, SegmentSize
from regulars.scoring.own_fields import asked_of
from regulars.scoring.segments import Answered, explained, members
from regulars.stream.queries import counts

# From a value to how many customers stand at each life cycle; "" is who never bought.
Sizes = Mapping[str, Mapping[str, int]]


def runs_to_read() -> QuerySet[Run]:
    """The runs that are finished and whose scores are still there."""
    return Run.objects.exclude(finished_at=None).filter(thinned_at=None)


def last_day(asked: date | None, *, now: datetime) -> date:
    """The last day that counts for scores: the one that is asked for, or today by the business's clock.

    Args:
        asked: Which, or None for today.
        now: When.

    Raises:
        DateOutOfRange: It lies before 1900 or has not begun.
    """
    today = day_here(now)
    if asked is not None and not EARLIEST.date() <= asked <= today:
        raise DateOutOfRange(field="until")
    return asked or today


def latest_run() -> Run | None:
    """The run that looks at the latest day; of several of one day, the one that ended last."""
    return runs_to_read().order_by("-until", "-finished_at", "-id").first()


def latest(customer_id: UUID) -> Score | None:
    """What the latest run found about somebody; None where it does not know them."""
    run = latest_run()
    if run is None:
        return None
    return Score.objects.filter(run=run, customer_id=customer_id).select_related("run").first()


def is_of_all(score: Score, ids: Collection[UUID]) -> bool:
    """Whether a score counts everything that happened with a person, and not with one side of a merge alone.

    Args:
        score: Read of the person.
        ids: Every id of theirs.
    """
    made_of = [UUID(one) for one in score.made_of or ()]
    missing = set(ids).difference(made_of, (score.scored_id or score.customer_id,))
    return not (missing and counts(tuple(missing)))


def was_of_both(ids: Collection[UUID]) -> bool:
    """Whether the latest run counted somebody as one with somebody else who they are not any more."""
    run = latest_run()
    if run is None:
        return False
    merges = Merge.objects.filter(merged_at__lte=run.started_at, undone_at__gt=run.started_at)
    return merges.filter(Q(kept_id__in=ids) | Q(merged_id__in=ids)).exists()


def history(customer_id: UUID) -> tuple[Score, ...]:
    """What all runs found about somebody, the latest day first."""
    scores = Score.objects.filter(customer_id=customer_id).exclude(run__finished_at=None)
    ordered = scores.select_related("run").order_by("-run__until", "-run__finished_at", "-run__id")
    return tuple(ordered)


def sizes_of(run: Run) -> Sizes:
    """How many customers stand where in a run: by value, then by life cycle."""
    rows = (
        Score.objects.filter(run=run).values_list("quadrant", "life_cycle").annotate(n=Count("id"))
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for value, standing, customers in rows:
        found[value][standing] = customers
    return dict(found)


def sizes_over_time() -> tuple[tuple[date, Sizes], ...]:
    """How many customers stood where, day by day, the earliest first; the last run of each day."""
    finished = Run.objects.exclude(finished_at=None).order_by("until", "finished_at", "id")
    by_day = dict(finished.values_list("until", "sizes"))
    return tuple(by_day.items())


def slipping_most(limit: int) -> tuple[Score, ...]:
    """Who is slipping away now, whoever has most at stake first: by what they buy, then by whom they bring."""
    slipping = Score.objects.filter(run=latest_run(), life_cycle="slipping")
    ordered = slipping.order_by(
        F("value_at_stake").desc(nulls_last=True),
        F("sender_value").desc(nulls_last=True),
        F("value_to_date").desc(nulls_last=True),
        "customer_id",
    )
    return tuple(ordered[:limit])


def silences_of(customer_ids: Collection[UUID]) -> tuple[Score, ...]:
    """Of some customers, those whom the latest run finds slipping away."""
    if not customer_ids:
        return ()
    slipping = Score.objects.filter(run=latest_run(), life_cycle="slipping")
    return tuple(slipping.filter(customer_id__in=customer_ids))


def why_standing(score: Score, *, today: date | None = None) -> tuple[str, ...]:
    """Why somebody stands where they do, in sentences in the language in use.

    Their life cycle first, if they have bought; then spending and sending.

    Args:
        score: Theirs.
        today: Until when the days since their last purchase are counted; None for the day that the run went up to.
    """
    cuts = score.run.summary.get("value", {}).get("cuts") or {}
    currency = score.run.currency or None
    unit = minor_per_major(currency)

    def cut(name: str) -> int | None:
        return None if cuts.get(name) is None else round(cuts[name] * unit)

    is_expected = cuts.get("basis") == "clv"
    worth = Worth(
        spending=(score.clv if is_expected else score.value_to_date) or 0,
        is_expected=is_expected,
        spending_from=cut("clv"),
        friends=score.friends or 0,
        sending=score.sender_value or 0,
        sending_from=cut("sender_value"),
        currency=currency,
    )
    return (*_why_life_cycle(score, today), *why_worth(worth))


def silent_days(score: Score, *, today: date | None) -> int:
    """For how many days somebody has not bought, until today or the day that the run went up to."""
    if today is None or score.last_day is None:
        return score.silent_days or 0
    return max((today - score.last_day).days, 0)


def _why_life_cycle(score: Score, today: date | None) -> tuple[str, ...]:
    standing = next((one for one in LIFE_CYCLES if one == score.life_cycle), None)
    return () if standing is None else (_sentence(standing, score, today),)


def _sentence(standing: LifeCycle, score: Score, today: date | None) -> str:
    rhythm = Rhythm(
        purchase_days=score.purchase_days or 0,
        silent_days=silent_days(score, today=today),
        usual_gap_days=score.usual_gap_days,
        last_gap_days=score.last_gap_days,
        earlier_gap_days=score.earlier_gap_days,
        p_alive=score.p_alive,
    )
    return why(standing, rhythm)


@dataclass(frozen=True)
class Counted:
    """A segment of one's own, with how many it holds; see `_size`."""

    segment: Segment
    customers: int


def kept_segments() -> tuple[Segment, ...]:
    """Every segment of one's own by its name."""
    return tuple(Segment.objects.order_by("name"))


def segments() -> tuple[Counted, ...]:
    """Every segment of one's own by its name, counted now."""
    run = latest_run()
    return tuple(
        Counted(segment, _size(segment, run)) for segment in Segment.objects.order_by("name")
    )


def counted(segment_id: UUID) -> Counted:
    """A segment with how many it holds now.

    Raises:
        NoSuchSegment: There is none of that id.
    """
    found = segment_of(segment_id)
    return Counted(found, _size(found, latest_run()))


def _size(segment: Segment, run: Run | None) -> int:
    """How many a segment holds now; in a large house as it was counted when everybody was scored last.

    What a segment asks may have been changed since; then it is counted now.
    """
    if run is not None and run.finished_at is not None and is_large():
        kept = segment.sizes.filter(run=run, run__finished_at__gt=segment.changed_at).first()
        if kept is not None:
            return kept.customers
    return members(asked_of(segment.condition), run).count()


def count(condition: object) -> int:
    """How many customers fulfil a condition, before anybody keeps it.

    Raises:
        InvalidCondition: The condition cannot be.
    """
    return members(asked_of(condition), latest_run()).count()


def why_member(segment_id: UUID, customer_id: UUID) -> tuple[bool, tuple[Answered, ...]]:
    """Whether somebody is in a segment, and each of its questions answered for them.

    Raises:
        NoSuchSegment: There is none of that id.
    """
    segment = segment_of(segment_id)
    return explained(asked_of(segment.condition), latest_run(), customer_id)


def size_over_time(segment_id: UUID) -> tuple[tuple[date, int], ...]:
    """How many a segment held, day by day, the earliest first; the last run of each day."""
    sizes = segment_of(segment_id).sizes.order_by("run__until", "run__finished_at", "run__id")
    return tuple(dict(sizes.values_list("run__until", "customers")).items())


def sizes_of_segments() -> Mapping[UUID, tuple[tuple[date, int], ...]]:
    """How many each segment held, as `size_over_time` tells it of one."""
    sizes = SegmentSize.objects.order_by("run__until", "run__finished_at", "run__id")
    found: dict[UUID, dict[date, int]] = defaultdict(dict)
    for segment, day, customers in sizes.values_list("segment_id", "run__until", "customers"):
        found[segment][day] = customers
    return {segment: tuple(days.items()) for segment, days in found.items()}


def segment_of(segment_id: UUID) -> Segment:
    """A segment by its id.

    Raises:
        NoSuchSegment: There is none.
    """
    found = Segment.objects.filter(id=segment_id).first()
    if found is None:
        raise NoSuchSegment
    return found
