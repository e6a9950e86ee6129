"""Whom a sender's names stand for, and who is never counted."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import KeepToStaff, ProtectTable

OPTIONS = {"abstract": False, "base_manager_name": "objects"}


def own_id():
    return models.UUIDField(
        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
    )


def own_customer():
    return tenancy.fields.TenantForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="engagements.customer",
    )


def own_tenant():
    return models.ForeignKey(
        db_index=False,
        default=tenancy.scope.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="tenancy.tenant",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_files"),
        ("tenancy", "0006_stored_answers"),
        ("usage", "0004_end_users_that_move"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="group_types",
            field=ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                default=list,
                help_text="Separated by commas. Left empty: company, account, organization, customer.",
                size=None,
                verbose_name="group types that are customers",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="allowed_origins",
            field=ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                help_text="Such as https://app.example.com, separated by commas. Left empty: any.",
                size=None,
                verbose_name="web addresses that may send",
            ),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", own_id()),
                ("said", models.CharField(max_length=200)),
                ("person", models.CharField(max_length=200)),
                ("known_at", models.DateTimeField()),
                ("joined_at", models.DateTimeField(null=True)),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["said"],
                "indexes": [models.Index(fields=["tenant", "person"], name="aliases_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "said"), name="one_person_an_alias")
                ],
            },
        ),
        ProtectTable("Alias"),
        KeepToStaff("Alias"),
        migrations.CreateModel(
            name="Belonging",
            fields=[
                ("id", own_id()),
                ("person", models.CharField(max_length=200)),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("customer", own_customer()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["-since_at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["tenant", "person", "-since_at"], name="belongings_of_person"
                    )
                ],
            },
        ),
        ProtectTable("Belonging"),
        KeepToStaff("Belonging"),
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", own_id()),
                ("name", models.CharField(max_length=253, verbose_name="e-mail domain")),
                ("customer", own_customer()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="one_customer_a_domain",
                        violation_error_message="Another customer has this domain already.",
                    )
                ],
            },
        ),
        ProtectTable("Domain"),
        KeepToStaff("Domain"),
        migrations.CreateModel(
            name="GroupName",
            fields=[
                ("id", own_id()),
                ("said", models.CharField(max_length=120)),
                ("customer", own_customer()),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["said"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "said"), name="one_customer_a_group_name"
                    )
                ],
            },
        ),
        ProtectTable("GroupName"),
        KeepToStaff("GroupName"),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", own_id()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("domain", "Everybody of an e-mail domain"),
                            ("person", "One user id or e-mail"),
                        ],
                        default="domain",
                        max_length=6,
                        verbose_name="who",
                    ),
                ),
                (
                    "pattern",
                    models.CharField(max_length=254, verbose_name="domain, user id or e-mail"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tenant", own_tenant()),
            ],
            options=OPTIONS
            | {
                "ordering": ["kind", "pattern"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "pattern"),
                        name="one_exclusion_a_pattern",
                        violation_error_message="They are left out already.",
                    )
                ],
            },
        ),
        ProtectTable("Exclusion"),
        KeepToStaff("Exclusion"),
    ]
