"""The table of requests that were answered."""

from django.db import models

from regulars.credentials.models import ApiKey


class AnsweredRequest(models.Model):
    """A write that was done, so that its repetition does nothing more, whoever was erased since.

    Both digests are made with the secret of the key that asked, which is not kept: without it nobody can
    try out what may have been asked.

    Attributes:
        idempotency_key: HMAC-SHA-256 of the header.
        fingerprint: HMAC-SHA-256 of method, path and body; another one under the same key is refused.
        ids: Of what it made, by name; never a value of a person.
    """

    key = models.ForeignKey(ApiKey, models.CASCADE)
    idempotency_key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    ids = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        """One answer for each idempotency key of a key."""

        constraints = (
            models.UniqueConstraint(
                fields=("key", "idempotency_key"), name="api_answeredrequest_once"
            ),
        )
        indexes = (models.Index(fields=("created_at",), name="api_answeredrequest_age"),)

    def __str__(self) -> str:
        return self.idempotency_key
