"""The tables of keys, and of requests that were answered."""

from django.db import models

from regulars.kernel.ids import new_id


class ApiKey(models.Model):
    """A key of somebody's program; of the secret only a hash is kept.

    Attributes:
        name: What it is for.
        source: What its events are from where they do not say.
        mark: The part of the key by which it is found; it may be shown.
        digest: SHA-256 of the whole key, hexadecimal.
        scopes: What it may do, of `regulars.api.core.SCOPES`.
        replaced_by_id: The key that it was rotated to.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=60)
    mark = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_by_id = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class AnsweredRequest(models.Model):
    """A write that was done, so that its repetition does nothing more.

    Attributes:
        ids: Of what it made, by name; never a value of a person.
        fingerprint: SHA-256 of method, path and body; another one under the same key is refused.
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
