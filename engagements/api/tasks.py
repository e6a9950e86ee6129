"""Tasks outside any plan over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.models import Task
from engagements.serializers.tasks import TaskSerializer
from tenancy.rest.filters import ChangedSince, YesNoFilter
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed


class TaskFilters(ChangedSince):
    owner = CharFilter(field_name="owner__email")
    open = YesNoFilter(field_name="done_at", lookup_expr="isnull")

    class Meta:
        model = Task
        fields = ["customer", "engagement", "priority", "due_date", "shared"]


class TaskViewSet(Listed, Made, Changed, Removed):
    """Tasks outside any plan. One about neither customer nor engagement is for staff alone."""

    one, many = _("a task"), _("tasks")
    permission_classes = [allows(area="customers", read="do_tasks", write="do_tasks")]
    serializer_class = TaskSerializer
    lookup_url_kwarg = "task_id"
    filterset_class = TaskFilters
    queryset = Task.objects.none()

    def get_queryset(self) -> QuerySet[Task]:
        return queries.get_task_rows()

    def make(self, fields: dict[str, Any]) -> Task:
        return operations.add_task(fields=fields, by=self.by)

    def change(self, row: Task, fields: dict[str, Any]) -> None:
        self._refuse_others(row)
        operations.change_task(task=row, fields=fields, by=self.by)

    def remove(self, row: Task) -> None:
        self._refuse_others(row)
        operations.delete_task(task=row, now=timezone.now())

    def _refuse_others(self, row: Task) -> None:
        """As on its page: those who look after customers, who does it and who wrote it."""
        concerned = {row.owner_id, row.created_by_id}
        if not self.allows("write_log") and (self.by is None or self.by.pk not in concerned):
            raise PermissionDenied(_("Only whoever does this task or wrote it can change it."))

    @extend_schema(request=None, responses=TaskSerializer, summary=_("Mark a task as done"))
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        self._refuse_others(row)
        operations.finish_task(task=row, by=self.by, now=timezone.now())
        return Response(self.shown(row.pk))

    @extend_schema(request=None, responses=TaskSerializer, summary=_("Open a task again"))
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_ids: Any) -> Response:
        row = self.get_object()
        self._refuse_others(row)
        operations.reopen_task(task=row)
        return Response(self.shown(row.pk))


router_entries = [("tasks", TaskViewSet, "task")]
