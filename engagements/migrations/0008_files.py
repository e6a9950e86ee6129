"""Files and what is attached to what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.fields
import tenancy.models.base
import tenancy.scope
from tenancy.rls import ProtectTable, ShareByRow


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0007_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("document", "Document"),
                            ("spreadsheet", "Spreadsheet"),
                            ("slides", "Slides"),
                            ("picture", "Picture"),
                            ("table", "Table"),
                            ("text", "Text"),
                        ],
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                ("content_type", models.CharField(max_length=100)),
                ("size_bytes", models.BigIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=255)),
                ("has_thumbnail", models.BooleanField(default=False)),
                (
                    "shared",
                    models.BooleanField(default=False, verbose_name="visible to the customer"),
                ),
                ("series", models.UUIDField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("followed_at", models.DateTimeField(null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("waiting", "Being checked for viruses"),
                            ("clean", "Checked for viruses"),
                            ("refused", "Kept away: a virus was found"),
                            ("unscanned", "Not checked for viruses"),
                        ],
                        max_length=9,
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=200)),
                ("scanned_at", models.DateTimeField(null=True)),
                ("uploaded_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.customer",
                    ),
                ),
                (
                    "engagement",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "ordering": ["-uploaded_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                fields=["tenant", "customer", "-uploaded_at", "-id"], name="files_of_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.UniqueConstraint(
                fields=("tenant", "series", "version"), name="file_versions_in_order"
            ),
        ),
        ProtectTable("StoredFile"),
        ShareByRow("StoredFile"),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("interaction", "Interaction"),
                            ("question", "Question"),
                            ("risk", "Risk"),
                            ("criterion", "Criterion of success"),
                            ("quick_win", "Quick win"),
                            ("concern", "Concern"),
                        ],
                        max_length=11,
                    ),
                ),
                ("row_id", models.UUIDField()),
                ("attached_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "attached_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.customer",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "file",
                    tenancy.fields.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="engagements.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["attached_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("tenant", "kind", "row_id", "file"), name="a_file_is_attached_once"
            ),
        ),
        ProtectTable("Attachment"),
        migrations.CreateModel(
            name="FileSpace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("used_bytes", models.BigIntegerField(default=0)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="one_space_a_workspace")
                ],
            },
        ),
        ProtectTable("FileSpace"),
    ]
