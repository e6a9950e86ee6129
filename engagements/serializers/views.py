"""Views of the customer list as the API writes and reads them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import SavedView
from engagements.models.saved_views import LONGEST_QUERY
from engagements.serializers.fields import StaffField


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        allow_blank=True,
        help_text=_("What the address of the list asks, such as `csm=me&sort=-arr`."),
    )
    owner = StaffField(
        required=False,
        help_text=_("Whose view it is, by e-mail. A key has to say it; people make their own."),
    )

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "is_shared", "owner", "created_at"]
        read_only_fields = ["created_at"]
