"""Views of the customer list over the API."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter

from engagements import operations, queries
from engagements.models import SavedView
from engagements.serializers.views import SavedViewSerializer
from people.models import User
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed


class SavedViewFilters(Filters):
    owner = CharFilter(field_name="owner__email")

    class Meta:
        model = SavedView
        fields: ClassVar[list[str]] = ["is_shared"]


class SavedViewViewSet(Listed, Made, Changed, Removed):
    """Views of the customer list: names for what its address asks. People see their own and the
    shared ones; a key sees every view.
    """

    one, many = _("a view of the customer list"), _("views of the customer list")
    permission_classes = [allows(area="customers", read="see_customers", write="see_customers")]
    serializer_class = SavedViewSerializer
    lookup_url_kwarg = "view_id"
    filterset_class = SavedViewFilters
    fixed = frozenset({"owner"})
    queryset = SavedView.objects.none()

    def get_queryset(self) -> QuerySet[SavedView]:
        return queries.get_views(user_id=self.by.pk if self.by else None)

    def make(self, fields: dict[str, Any]) -> SavedView:
        query = asked(fields.pop("query", ""))
        owner = self._owner(fields.pop("owner", None))
        return operations.save_view(owner=owner, query=query, fields=fields)

    def _owner(self, named: User | None) -> User:
        if self.by is not None and named in (None, self.by):
            return self.by  # type: ignore[no-any-return]
        if named is None:
            raise ValidationError({"owner": gettext("Say whose view it is.")})
        if self.by is not None:
            raise ValidationError({"owner": gettext("You can only make views of your own.")})
        return named

    def change(self, row: SavedView, fields: dict[str, Any]) -> None:
        self._insist_on_own(row)
        if "query" in fields:
            operations.ask_view_anew(view=row, query=asked(fields.pop("query")))
        operations.change_view(view=row, fields=fields)

    def remove(self, row: SavedView) -> None:
        self._insist_on_own(row)
        operations.delete_view(view=row, now=timezone.now())

    def _insist_on_own(self, row: SavedView) -> None:
        """As on the page: one's own, and for administrators every shared one."""
        own = self.by is None or row.owner_id == self.by.pk
        if not own and not self.allows("manage_workspace"):
            words = gettext("Only %(owner)s may change this view.")
            raise PermissionDenied(words % {"owner": row.owner})


def asked(text: str) -> str:
    """What an address asks, in the form in which it is kept."""
    fields = queries.get_custom_fields(kind="customer")
    return queries.shape_of(QueryDict(text), fields).query


router_entries = [("customer-views", SavedViewViewSet, "customer-view")]
