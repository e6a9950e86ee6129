"""What the limiter counts while Valkey is away."""

from django.db import models

from tenancy.models.base import new_id


class CountedTry(models.Model):
    """One try that counts against a limit; who tried stands here only as a keyed hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # One try may count against several limits.
    attempt = models.UUIDField(db_index=True)
    key_hash = models.BinaryField(max_length=32)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key_hash", "tried_at"], name="tries_by_key")]

    def __str__(self) -> str:
        return f"{bytes(self.key_hash).hex()} {self.tried_at}"
