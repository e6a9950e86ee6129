"""Days of features have one index instead of two, in which those of a customer's day lie together.

An index by feature made a night write to as many pages as there are features of customers. Whoever
reads or writes the table by its columns needs no more than the key, the version before included.
"""

from django.db import migrations, models

KEY = ("tenant_id", "customer_id", "day", "feature", "end_user_id")
BEFORE = ("tenant_id", "customer_id", "day", "end_user_id", "feature")
REPLACE = """
CREATE UNIQUE INDEX usage_featureuserday_key ON usage_featureuserday ({columns});
ALTER TABLE usage_featureuserday DROP CONSTRAINT usage_featureuserday_pkey;
ALTER TABLE usage_featureuserday
    ADD CONSTRAINT usage_featureuserday_pkey PRIMARY KEY USING INDEX usage_featureuserday_key;
"""
DROP = "DROP INDEX user_days_of_feature"
MAKE = """
CREATE INDEX user_days_of_feature
    ON usage_featureuserday (tenant_id, customer_id, feature, day, end_user_id)
"""


class Migration(migrations.Migration):
    dependencies = [("usage", "0013_dropped_properties")]

    operations = [
        migrations.RunSQL(
            REPLACE.format(columns=", ".join(KEY)),
            REPLACE.format(columns=", ".join(BEFORE)),
            state_operations=[
                migrations.AlterField(
                    "FeatureUserDay",
                    "pk",
                    models.CompositePrimaryKey(
                        *KEY, blank=True, editable=False, primary_key=True, serialize=False
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            DROP,
            MAKE,
            state_operations=[migrations.RemoveIndex("FeatureUserDay", "user_days_of_feature")],
        ),
    ]
