"""What a night no longer pays for each day it stores. The version before goes on working.

Days of features have one index instead of two, in which those of a customer's day lie together: an
index by feature made a night write to as many pages as there are features of customers.

Days of users are held to their end user by the span of these days, which comes and goes with them,
and no longer one by one.
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

LET_GO = "ALTER TABLE usage_userday DROP CONSTRAINT usage_userday_end_user_id_fk"
HOLD = """
ALTER TABLE usage_userday ADD CONSTRAINT usage_userday_end_user_id_fk
    FOREIGN KEY (tenant_id, customer_id, end_user_id)
    REFERENCES engagements_enduser (tenant_id, customer_id, id) DEFERRABLE INITIALLY IMMEDIATE
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
        migrations.RunSQL(LET_GO, HOLD),
    ]
