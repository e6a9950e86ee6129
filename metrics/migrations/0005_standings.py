from django.db import migrations, models


class Migration(migrations.Migration):
    """Standings noted on measures, and scores found by customer."""

    dependencies = [
        ("engagements", "0008_files"),
        ("metrics", "0004_alerts_and_papers"),
        ("tenancy", "0006_stored_answers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="healthscore",
            index=models.Index(fields=["tenant", "customer", "day"], name="scores_of_customer"),
        ),
        migrations.AddField(
            model_name="measure",
            name="stated_date",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="state",
            field=models.CharField(blank=True, default="", editable=False, max_length=5),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="measure",
            name="progress",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="score",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="absence",
            field=models.CharField(blank=True, default="", editable=False, max_length=12),
            preserve_default=False,
        ),
    ]
