"""Days of use may go to another customer together with the end users they are about.

Checked at once as before, unless a transaction asks to check at its end.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("usage", "0003_staff_only")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE usage_userday ALTER CONSTRAINT usage_userday_end_user_id_fk"
            " DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE usage_userday ALTER CONSTRAINT usage_userday_end_user_id_fk"
            " NOT DEFERRABLE",
        ),
    ]
