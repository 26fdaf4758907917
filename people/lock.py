"""Nobody is added twice by two who look at the same moment."""

from django.db import connection

_MATCHING = 0x5EED_0F_1D
"""The number PostgreSQL knows this lock by; any will do that nobody else takes."""


def lock_matching() -> None:
    """Let only one transaction at a time look for participants and add those it does not find.

    No constraint can do it, since people may share addresses. The lock ends with the transaction.
    On SQLite a transaction that writes is alone from its start (`transaction_mode` in settings).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MATCHING])
