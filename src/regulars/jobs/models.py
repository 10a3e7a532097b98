"""The tables of long work: ids, counts and codes, never a value of a person."""

from django.db import models

from regulars.kernel.ids import new_id


class Upload(models.Model):
    """A file that somebody handed in; it lies in the home folder until it is not needed any more.

    Attributes:
        made_by: Who handed it in, as `regulars.kernel.actor.Actor` is written.
        size_bytes: Of the file.
        removed_at: When the file was removed, or None while it is there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """Asked for by those that are there."""

        indexes = (models.Index(fields=("removed_at", "made_at"), name="jobs_upload_there"),)

    def __str__(self) -> str:
        return str(self.id)


class Job(models.Model):
    """Work that was asked for.

    Attributes:
        kind: Of `regulars.jobs.core.KINDS`.
        state: Of `regulars.jobs.core.STATES`.
        options: What is asked for, by name: codes and numbers.
        upload: The file that is to be taken in.
        asked_by: As `regulars.kernel.actor.Actor` is written.
        language: In which it tells how far it is.
        only: A name under which there is one job at most, or None.
        not_before: When it may be taken.
        worker: Who works at it; "" for nobody.
        taken: How often it was taken: who took it before has lost it.
        lost: How often a worker was gone before it was over.
        seen_at: When its worker was last heard of.
        stage: How far it is, in words.
        fraction: The same from 0 to 1, or None where the end is not known.
        result: What it came to, by name: counts and ids.
        error: The code of what kept it from being done, or "".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    options = models.JSONField()
    upload = models.ForeignKey(Upload, models.CASCADE, null=True, related_name="jobs")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    only = models.CharField(max_length=60, null=True, unique=True)
    not_before = models.DateTimeField()
    worker = models.CharField(max_length=60, blank=True)
    taken = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=200, blank=True)
    fraction = models.FloatField(null=True)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        """Taken in the order in which they were asked for."""

        indexes = (
            models.Index(
                fields=("asked_at", "id"),
                condition=models.Q(finished_at=None),
                name="jobs_job_open",
            ),
            models.Index(fields=("kind", "asked_at", "id"), name="jobs_job_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Fetched(models.Model):
    """Somebody took away what a job had written."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="fetched")
    fetched_by = models.CharField(max_length=120)
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.fetched_by} {self.fetched_at}"
