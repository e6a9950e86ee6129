"""One at a time: whatever counts the days of a workspace waits for whoever is counting them."""

from django.db import connection

from tenancy.scope import current_tenant_id

LOCK = "SELECT pg_advisory_xact_lock(hashtext('usage.close_days'), hashtext(%s))"


def hold_night() -> None:
    """Keep other nights of this workspace waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(current_tenant_id())])
