"""The tables of runs and of what each found about everybody."""

from django.db import models

from regulars.kernel.ids import new_id


class Run(models.Model):
    """One scoring of everybody; nobody reads it before it is finished.

    Attributes:
        until: The last day that counted.
        before: The day of the earlier run that this one is held against; None of the first.
        inputs: A digest of everything that the scores follow from; two runs of the same are one.
        events: How many events of the log there were.
        rung: What the data were enough for, or "" where nobody had bought yet.
        model: The purchase model; "" where none was fitted.
        version: Of how scores are computed here.
        usual_gap_days: The median gap of those who came back.
        sizes: How many customers stand where: by value, then by life cycle.
        summary: What a run's ``summary.json`` holds.
        thinned_at: When its scores were let go, for others near its day stay; sizes and summary remain.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    until = models.DateField()
    before = models.DateField(null=True)
    inputs = models.CharField(max_length=64)
    events = models.BigIntegerField()
    rung = models.CharField(max_length=10, blank=True)
    model = models.CharField(max_length=20, blank=True)
    version = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    customers = models.IntegerField(default=0)
    usual_gap_days = models.FloatField(null=True)
    sizes = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=120)
    finished_at = models.DateTimeField(null=True)
    thinned_at = models.DateTimeField(null=True)

    class Meta:
        """One finished run of the same inputs; the latest is asked for by its day."""

        constraints = (
            models.UniqueConstraint(
                fields=("inputs",),
                condition=models.Q(finished_at__isnull=False, thinned_at=None),
                name="scoring_run_once",
            ),
        )
        indexes = (models.Index(fields=("until", "finished_at"), name="scoring_run_latest"),)

    def __str__(self) -> str:
        return f"{self.until} {self.id}"


class ShownScores(models.Manager["Score"]):
    """The scores that are shown of somebody, as who is who now."""

    def get_queryset(self) -> models.QuerySet["Score"]:
        """All but those that were set aside."""
        return super().get_queryset().filter(stands=True)


class Score(models.Model):
    """What a run found about one customer; money in minor units, null where nobody knows.

    Names as in ``scores.parquet`` where that has them; ``x`` is ``repeats``. Gaps, silence and
    life cycle are told of everybody who bought.

    Attributes:
        customer_id: Of whom it is read, as who is who now.
        stands: Whether it is read at all; it is set aside where another of the same person is.
        scored_id: Whom the run knew it of, where that is not ``customer_id``.
        made_of: The ids of whom it was made, where the run took several as one.
        quadrant_before, life_cycle_before: Where they stood at the end of the earlier day that the
            run names, if that was elsewhere; else "".
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="scores")
    customer_id = models.UUIDField()
    stands = models.BooleanField(default=True)
    scored_id = models.UUIDField(null=True)
    made_of = models.JSONField(null=True)
    repeats = models.IntegerField(null=True)
    purchase_days = models.IntegerField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    purchases = models.IntegerField(null=True)
    value_to_date = models.BigIntegerField(null=True)
    monetary = models.BigIntegerField(null=True)
    r = models.SmallIntegerField(null=True)
    f = models.SmallIntegerField(null=True)
    v = models.SmallIntegerField(null=True)
    p_alive = models.FloatField(null=True)
    expected_purchases = models.FloatField(null=True)
    clv = models.BigIntegerField(null=True)
    clv_low = models.BigIntegerField(null=True)
    clv_high = models.BigIntegerField(null=True)
    referred = models.BooleanField(null=True)
    friends = models.IntegerField(null=True)
    crv_realised = models.BigIntegerField(null=True)
    crv_expected = models.BigIntegerField(null=True)
    cascade_realised = models.BigIntegerField(null=True)
    cascade_expected = models.BigIntegerField(null=True)
    engagement_share = models.BigIntegerField(null=True)
    expected_referrals = models.FloatField(null=True)
    sender_value = models.BigIntegerField(null=True)
    sender_value_low = models.BigIntegerField(null=True)
    sender_value_high = models.BigIntegerField(null=True)
    quadrant = models.CharField(max_length=10, blank=True)
    life_cycle = models.CharField(max_length=12, blank=True)
    quadrant_before = models.CharField(max_length=10, blank=True)
    life_cycle_before = models.CharField(max_length=12, blank=True)
    usual_gap_days = models.FloatField(null=True)
    silent_days = models.IntegerField(null=True)
    last_gap_days = models.IntegerField(null=True)
    earlier_gap_days = models.FloatField(null=True)
    slipping = models.CharField(max_length=16, blank=True)
    basket_before = models.BigIntegerField(null=True)
    basket_now = models.BigIntegerField(null=True)
    value_at_stake = models.BigIntegerField(null=True)

    everything = models.Manager()
    objects = ShownScores()

    class Meta:
        """One row a customer and run; `regulars.scoring.sql` has those in the order of lists."""

        constraints = (
            models.UniqueConstraint(fields=("customer_id", "run"), name="scoring_score_once"),
        )
        indexes = (
            models.Index(
                fields=("run", "quadrant", "life_cycle", "quadrant_before"),
                condition=models.Q(stands=True),
                name="scoring_score_segment",
            ),
            models.Index(
                fields=("run", "life_cycle", "life_cycle_before"),
                condition=models.Q(stands=True),
                name="scoring_score_life",
            ),
            models.Index(
                fields=("scored_id",),
                condition=models.Q(scored_id__isnull=False),
                name="scoring_score_moved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.run_id}"


class Segment(models.Model):
    """Customers who have something in common: a named condition, counted live.

    Attributes:
        condition: As `regulars.scoring.conditions.as_json` writes it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    condition = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class SegmentSize(models.Model):
    """How many a segment held when a run was finished, by the condition that it had then."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="sizes")
    run = models.ForeignKey(Run, models.CASCADE, related_name="sizes_of_segments")
    customers = models.IntegerField()

    class Meta:
        """Once a run."""

        constraints = (
            models.UniqueConstraint(fields=("segment", "run"), name="scoring_segmentsize_once"),
        )

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customers}"
