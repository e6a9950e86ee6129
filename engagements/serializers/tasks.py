"""Tasks as the API writes and reads them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import Customer, Engagement, Stakeholder, Task
from engagements.serializers.fields import RowField, StaffField


class TaskSerializer(serializers.ModelSerializer[Task]):
    owner = StaffField(required=False, allow_null=True, help_text=_("One of us, by e-mail."))
    owner_at_customer = RowField(
        Stakeholder,
        required=False,
        allow_null=True,
        help_text=_("One of the customer’s people; never beside an owner on our side."),
    )
    customer = RowField(Customer, required=False, allow_null=True)
    engagement = RowField(Engagement, required=False, allow_null=True)
    created_by = StaffField(read_only=True)

    class Meta:
        model = Task
        fields = [
            *("id", "title", "notes", "due_date", "due_time", "remind_at", "priority", "owner"),
            *("owner_at_customer", "customer", "engagement", "shared", "done_at", "created_by"),
            *("created_at", "changed_at"),
        ]
        read_only_fields = ["done_at", "created_at", "changed_at"]
