"""What must leave the building leaves it: at least once, whoever is killed in between."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from regulars.kernel.outbox.core import (
    CLAIM_LASTS,
    WAITS,
    Delivered,
    Deliverer,
    Failed,
    GivenUp,
    Later,
    Refused,
)
from regulars.kernel.outbox.models import OutboxRow
from regulars.kernel.outbox.queries import overdue
from regulars.kernel.outbox.services import claim, deliver_due, forget_delivered, put

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
SOMETHING = UUID(int=7)


class Post:
    """A deliverer that does what it is told, and remembers."""

    def __init__(self, *outcomes):
        self.outcomes, self.tried, self.settled = list(outcomes), [], []
        self.now = NOON

    def run(self, hours=0.0, **more):
        self.now += timedelta(hours=hours)
        mine = Deliverer(attempt=self.attempt, settle=self.settle)
        return deliver_due(deliverers={"post": mine}, clock=lambda: self.now, **more)

    def attempt(self, subject_id, now):
        assert not connection.in_atomic_block
        self.tried.append(subject_id)
        outcome = self.outcomes.pop(0) if self.outcomes else Delivered()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def settle(self, subject_id, outcome, now):
        assert connection.in_atomic_block
        self.settled.append(outcome)


def write(subject=SOMETHING):
    with transaction.atomic():
        return put(kind="post", subject_id=subject, now=NOON)


@pytest.mark.django_db(transaction=True)
class TestTheOutbox:
    def test_what_is_written_is_delivered_once(self):
        write()
        post = Post()
        assert (post.run(), post.run(hours=100)) == (1, 0)
        assert post.tried == [SOMETHING]
        assert OutboxRow.objects.get().ended_as == "delivered"

    def test_what_is_rolled_back_with_its_cause_was_never_written(self):
        with transaction.atomic():
            put(kind="post", subject_id=SOMETHING, now=NOON)
            transaction.set_rollback(True)
        assert Post().run() == 0

    def test_one_thing_waits_once_and_may_be_sent_again_afterwards(self):
        assert write() == write()
        Post().run()
        write()
        assert OutboxRow.objects.count() == 2

    def test_who_is_killed_in_between_is_followed_by_another(self):
        write()
        killed = Post(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            killed.run()
        assert killed.settled == []
        other = Post()
        assert other.run(hours=0.1) == 0  # the first may still be at it
        other.now = NOON + CLAIM_LASTS
        assert other.run() == 1
        assert other.settled == [Delivered()]

    def test_who_comes_back_after_their_claim_ran_out_changes_nothing(self):
        write()
        late = claim(now=NOON)
        post = Post(Refused("no_consent"))
        post.now = NOON + CLAIM_LASTS
        post.run()
        assert late.claim != OutboxRow.objects.get().claim
        assert OutboxRow.objects.get().ended_as == "refused"

    def test_waits_grow_and_it_is_given_up_after_two_days_with_the_reason(self):
        write()
        post = Post(*[Failed("no_answer")] * 20)
        post.run()
        for wait in WAITS:
            post.now += wait - timedelta(seconds=1)
            assert post.run() == 0
            post.now += timedelta(seconds=1)
            assert post.run() == 1
        assert list(WAITS) == sorted(WAITS)
        assert post.settled[-1] == GivenUp("no_answer")
        assert set(post.settled[:-1]) == {Failed("no_answer")}
        row = OutboxRow.objects.get()
        assert (row.ended_as, row.reason, row.tries) == ("given_up", "no_answer", len(WAITS) + 1)
        assert timedelta(days=2) <= post.now - NOON <= timedelta(days=2, hours=1)

    def test_to_wait_for_the_morning_is_no_failed_try(self):
        write()
        morning = NOON + timedelta(hours=20)
        post = Post(*[Later("quiet_hours", morning)] * 15)
        assert post.run() == 1
        assert post.run(hours=19.9) == 0
        post.outcomes = [Failed("no_answer")]
        assert post.run(hours=0.1) == 1
        assert OutboxRow.objects.get().tries == 1

    def test_one_that_breaks_keeps_no_other_back_and_names_nobody_in_the_log(self, caplog):
        write()
        write(UUID(int=8))
        post = Post(ValueError("ana@example.org"))
        assert post.run() == 2
        assert post.settled == [Failed("our_fault"), Delivered()]
        assert "ValueError" in caplog.text
        assert "ana@example.org" not in caplog.text

    @pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests live in memory"
    )
    def test_several_at_once_never_take_the_same_row(self):
        subjects = [UUID(int=number) for number in range(40)]
        for subject in subjects:
            write(subject)
        taken, errors = [], []

        def work():
            try:
                while (row := claim(now=NOON)) is not None:
                    taken.append(row.subject_id)
            except Exception as error:  # noqa: BLE001
                errors.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not errors
        # Who passes by what another holds may leave a moment early; the rest is taken next time.
        while (row := claim(now=NOON)) is not None:
            taken.append(row.subject_id)
        assert sorted(taken) == subjects

    def test_what_waits_for_long_is_counted_and_what_ended_is_forgotten_after_a_month(self):
        write()
        hour = timedelta(hours=1)
        assert overdue(now=NOON + hour, longer_than=hour) == 0
        assert overdue(now=NOON + 2 * hour, longer_than=hour) == 1
        post = Post(Failed("no_answer"))
        post.run()
        assert overdue(now=NOON + 2 * hour, longer_than=hour) == 1
        post.run(hours=2)
        assert overdue(now=NOON + 3 * hour, longer_than=hour) == 0
        forget_delivered(now=NOON + timedelta(days=20))
        assert OutboxRow.objects.count() == 1
        forget_delivered(now=NOON + timedelta(days=40))
        assert OutboxRow.objects.count() == 0
