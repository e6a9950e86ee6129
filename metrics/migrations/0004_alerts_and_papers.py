from django.db import migrations, models

# A change of type is no UPDATE, which row security would keep from every row.
SAY = """
ALTER TABLE metrics_alert RENAME COLUMN reason TO said;
ALTER TABLE metrics_alert ALTER COLUMN said TYPE jsonb USING to_jsonb(said);
"""
WRITE = """
ALTER TABLE metrics_alert
    ALTER COLUMN said TYPE varchar(400) USING left(coalesce(said ->> 'form', said #>> '{}'), 400);
ALTER TABLE metrics_alert RENAME COLUMN said TO reason;
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0003_papers")]

    operations = [
        migrations.RunSQL(
            SAY,
            WRITE,
            state_operations=[
                migrations.RenameField("alert", "reason", "said"),
                migrations.AlterField(
                    "alert", "said", models.JSONField(default=str, verbose_name="reason")
                ),
            ],
        ),
        migrations.AddField("alert", "parts", models.JSONField(default=list)),
        migrations.AddField("alert", "due_date", models.DateField(null=True)),
        migrations.AddField(
            "measure", "removed_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "decisionpaper", "done", models.JSONField(default=dict, editable=False)
        ),
        migrations.AddField(
            "paperoption", "measures", models.JSONField(default=list, editable=False)
        ),
        migrations.AddField("paperoption", "redo_id", models.UUIDField(editable=False, null=True)),
    ]
