from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_files"),
        ("metrics", "0003_papers"),
        ("tenancy", "0006_stored_answers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="healthscore",
            index=models.Index(fields=["tenant", "customer", "day"], name="scores_of_customer"),
        ),
    ]
