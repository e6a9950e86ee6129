"""Tasks outside any plan: my list, one task, and what is done with it in one click."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import QuickTaskForm, SnoozeForm, TaskForm
from engagements.models import Customer, Engagement, Task
from engagements.queries.tasks import WHOSE
from engagements.views.timeline import add_errors
from people.models import User
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell, wants_fragment
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PLACES = {"owner": "person", "owner_at_customer": "person", "engagement": "about"}


def _person(request: WorkspaceRequest) -> User:
    person = person_of(request.user)
    assert person is not None  # noqa: S101 (a workspace's pages are for people signed in)
    return person


@require_GET
def tasks(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "do_tasks")
    return _show(request, QuickTaskForm(initial=_started(request)))


def _show(request: WorkspaceRequest, form: QuickTaskForm) -> HttpResponse:
    filters, today = _filters(request), timezone.localdate()
    found = queries.get_tasks(
        filters=filters, user_id=_person(request).pk, now=timezone.now(), today=today
    )
    context = {
        "tasks": found,
        "filters": filters,
        "chips": _chips(filters),
        "query": _query(filters),
        "about": _about(filters),
        "form": form,
        "person": _person(request),
        "may_all": may(request.membership, "write_log"),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "monday": today + timedelta(days=8 - today.isoweekday()),
        "pages": range(1, found.pages + 1),
    }
    return page(request, "engagements/tasks.html", context, fragment="engagements/_tasks.html")


def _filters(request: WorkspaceRequest) -> queries.TaskFilters:
    whose, number = request.GET.get("show", ""), request.GET.get("page", "")
    return queries.TaskFilters(
        whose=whose if whose in WHOSE else "mine",
        customer_id=_id(request, "customer"),
        engagement_id=_id(request, "engagement"),
        text=request.GET.get("q", "").replace("\0", "").strip()[:100],
        page=int(number) if number.isascii() and number.isdigit() and int(number[:5]) > 0 else 1,
    )


def _id(request: WorkspaceRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _query(filters: queries.TaskFilters, **changes: object) -> str:
    words = {
        "show": filters.whose if filters.whose != "mine" else "",
        "customer": filters.customer_id,
        "engagement": filters.engagement_id,
        "q": filters.text,
    } | changes
    return urlencode({name: str(word) for name, word in words.items() if word})


def _chips(filters: queries.TaskFilters) -> list[dict[str, Any]]:
    labels = {"mine": _("Mine"), "all": _("Everybody’s"), "given": _("Given to others")}
    return [
        {
            "key": key,
            "label": label,
            "current": filters.whose == key,
            "query": _query(filters, show="" if key == "mine" else key),
        }
        for key, label in labels.items()
    ]


def _about(filters: queries.TaskFilters) -> str:
    """What the list is narrowed to, by name; empty for what is not there or not theirs."""
    if filters.engagement_id:
        row = Engagement.objects.filter(pk=filters.engagement_id).first()
        return str(row or "")
    if filters.customer_id:
        return str(Customer.objects.filter(pk=filters.customer_id).first() or "")
    return ""


def _started(request: WorkspaceRequest) -> dict[str, str]:
    """A task begun from a page that is about somebody starts with them."""
    for name, model in (("engagement", Engagement), ("customer", Customer)):
        if row_id := _id(request, name):
            return {"about": f"{model._meta.model_name}:{row_id}"}
    return {}


@require_GET
def export_tasks(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "do_tasks")
    today = timezone.localdate()
    rows = queries.get_all_tasks(
        filters=_filters(request), user_id=_person(request).pk, today=today
    )
    record(action="tasks.exported", facts={"rows": len(rows)})
    table = queries.task_table(rows)
    return csv_file(exports.csv_of(table), f"{request.workspace.slug}-tasks-{today}.csv")


@form_view
def add_task(request: WorkspaceRequest) -> HttpResponse:
    """From the line on the list; or the whole form, filled in from the address."""
    require(request.membership, "do_tasks")
    if request.method == "POST" and "quick" in request.POST:
        return _add_quickly(request)
    fresh = Task(owner=_person(request), created_by=_person(request))
    form = TaskForm(request.POST or None, instance=fresh)
    if request.method == "GET":
        form.fields["about"].initial = _started(request).get("about", "")
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect("engagements:tasks", request.workspace.slug)
    return _show_form(request, form, _("New task"))


def _add_quickly(request: WorkspaceRequest) -> HttpResponse:
    form = QuickTaskForm(request.POST)
    if form.is_valid() and _added(request, form, owner=_person(request)):
        return _answer(request)
    return _show(request, form)


def _added(request: WorkspaceRequest, form: QuickTaskForm | TaskForm, **more: Any) -> bool:
    try:
        task = operations.add_task(fields=form.model_fields | more, by=_person(request))
    except ValidationError as error:
        add_errors(form, error, PLACES)
        return False
    _tell(request, _("Added: %(task)s") % {"task": task.title}, "delete_task", task)
    return True


def _show_form(
    request: WorkspaceRequest, form: TaskForm, heading: str, task: Task | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "task": task,
        "back": reverse("engagements:tasks", args=[request.workspace.slug]),
    }
    return page(request, "engagements/task_form.html", context)


def _found(request: WorkspaceRequest, task_id: UUID, *, deleted: bool = False) -> Task:
    """The task, held; for those who look after customers, who do it or who wrote it."""
    related = ("owner", "owner_at_customer", "customer", "engagement__customer", "created_by")
    rows = Task.objects.select_for_update(of=("self",)).select_related(*related)
    task = get_object_or_404(rows, pk=task_id, deleted_at__isnull=not deleted)
    concerned = {task.owner_id, task.created_by_id}
    if not may(request.membership, "write_log") and request.user.pk not in concerned:
        raise PermissionDenied(_("Only whoever does this task or wrote it can change it."))
    return task


@form_view
def edit_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    require(request.membership, "do_tasks")
    task = _found(request, task_id)
    form = TaskForm(request.POST or None, instance=task)
    if request.method == "POST" and form.is_valid() and _changed(request, form, task):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("engagements:tasks", request.workspace.slug)
    return _show_form(request, form, task.title, task)


def _changed(request: WorkspaceRequest, form: TaskForm, task: Task) -> bool:
    try:
        operations.change_task(task=task, fields=form.model_fields, by=_person(request))
    except ValidationError as error:
        add_errors(form, error, PLACES)
        return False
    return True


@require_POST
def finish_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    require(request.membership, "do_tasks")
    task = _found(request, task_id)
    if operations.finish_task(task=task, by=_person(request), now=timezone.now()):
        _tell(request, _("Done: %(task)s") % {"task": task.title}, "reopen_task", task)
    return _answer(request, task)


@require_POST
def reopen_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    require(request.membership, "do_tasks")
    task = _found(request, task_id)
    operations.reopen_task(task=task)
    return _answer(request, task)


@require_POST
def snooze_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    """To the day that is sent, or that the address names when it is taken back."""
    require(request.membership, "do_tasks")
    task = _found(request, task_id)
    form = SnoozeForm(request.POST if "until" in request.POST else request.GET)
    if form.is_valid():
        before = task.due_date
        until: date | None = form.cleaned_data["until"]
        operations.snooze_task(task=task, until=until, zone=timezone.get_current_timezone())
        words = _("Put off: %(task)s") % {"task": task.title}
        _tell(request, words, "snooze_task", task, until=before or "")
    return _answer(request)


@require_POST
def delete_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    require(request.membership, "do_tasks")
    task = _found(request, task_id)
    operations.delete_task(task=task, now=timezone.now())
    _tell(request, _("Deleted: %(task)s") % {"task": task.title}, "restore_task", task)
    return _answer(request)


@require_POST
def restore_task(request: WorkspaceRequest, task_id: UUID) -> HttpResponse:
    require(request.membership, "do_tasks")
    operations.restore_task(task=_found(request, task_id, deleted=True))
    return _answer(request)


def _tell(request: WorkspaceRequest, words: str, undo: str, task: Task, **query: object) -> None:
    """With the way back, to the list as it is being looked at."""
    url = reverse(f"engagements:{undo}", args=[request.workspace.slug, task.pk])
    words_of_list = {"at": request.GET.get("at", "")[:10]} | query
    filtered = _query(_filters(request), **words_of_list)
    tell(request, words, undo=f"{url}?{filtered}" if filtered else url)


def _answer(request: WorkspaceRequest, task: Task | None = None) -> HttpResponse:
    """Where it was done: the list as it was being looked at, whole or as a fragment, or the
    timeline."""
    if wants_fragment(request):
        return _show(request, QuickTaskForm(initial=_started(request)))
    if task is not None and task.engagement_id and request.GET.get("at") == "timeline":
        return redirect("engagements:timeline", request.workspace.slug, task.engagement_id)
    url = reverse("engagements:tasks", args=[request.workspace.slug])
    query = _query(_filters(request))
    return redirect(f"{url}?{query}" if query else url)
