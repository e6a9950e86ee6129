"""Days of features have one index instead of two, in which those of a customer's day lie together.

An index by feature made a night write to as many pages as there are features of customers. Whoever
reads or writes the table by its columns needs no more than the key, the version before included.

Built while everybody goes on working, so not in one transaction; begun again it starts afresh.
"""

from importlib import import_module

from django.db import migrations, models

PATIENTLY = import_module("usage.migrations.0014_days_held_by_spans").PATIENTLY
KEY = ("tenant_id", "customer_id", "day", "feature", "end_user_id")
BEFORE = ("tenant_id", "customer_id", "day", "end_user_id", "feature")
CLEAR = "DROP INDEX CONCURRENTLY IF EXISTS usage_featureuserday_key"
BUILD = (
    "CREATE UNIQUE INDEX CONCURRENTLY usage_featureuserday_key ON usage_featureuserday ({columns})"
)
REPLACE = """
ALTER TABLE usage_featureuserday DROP CONSTRAINT usage_featureuserday_pkey,
    ADD CONSTRAINT usage_featureuserday_pkey PRIMARY KEY USING INDEX usage_featureuserday_key
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS user_days_of_feature"
MAKE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS user_days_of_feature
    ON usage_featureuserday (tenant_id, customer_id, feature, day, end_user_id)
"""


def rebuilt(columns):
    """A statement at a time: none of these may be part of a transaction of others."""
    return [
        CLEAR,
        BUILD.format(columns=", ".join(columns)),
        PATIENTLY.format(statement=REPLACE),
    ]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("usage", "0014_days_held_by_spans")]

    operations = [
        migrations.RunSQL(
            rebuilt(KEY),
            rebuilt(BEFORE),
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
