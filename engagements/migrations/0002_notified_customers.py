"""A notification about a customer points at one of its own workspace."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_initial"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE notifications_notification
                ADD CONSTRAINT notifications_notification_customer_id_fk
                FOREIGN KEY (tenant_id, customer_id)
                REFERENCES engagements_customer (tenant_id, id)
                ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            "ALTER TABLE notifications_notification"
            " DROP CONSTRAINT notifications_notification_customer_id_fk",
        ),
    ]
