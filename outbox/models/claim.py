"""What a worker has in hand for one call of a provider."""

import uuid

from django.db import models


class Claim(models.Model):
    """How far a worker has come with what it claimed; its messages bear the token.

    They are handed over in the order in which their use ends, then of their numbers, so the last
    one that was begun tells which of them surely have not gone.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField()
    last_expires_at = models.DateTimeField(null=True)
    """When the last message that was begun was to expire; None while none is begun."""

    last_number = models.PositiveBigIntegerField(default=0)
    is_taken_from = models.BooleanField(default=False)
    """Whether some of what was not begun has been taken back."""

    def __str__(self) -> str:
        return str(self.token)
