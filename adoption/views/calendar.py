"""The working time of a plan: its week, holidays and days that differ, and what a change moves."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adoption import charts, operations, queries
from adoption.forms.resources import PlanDaysForm, WeekForm
from adoption.models import Plan, PlanChange
from adoption.scheduling import NoWorkingTime
from adoption.scheduling.terms import Terms, terms_to_json
from adoption.views.finding import find_engagement
from adoption.views.resources import address, head, today_at
from adoption.views.times import say_finish, say_span, say_terms
from engagements.models import Engagement
from engagements.queries import get_calendar
from people.queries import person_of
from rendering.formats import current
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

# The form's parts: the whole week, a rule more, a rule less, and the customer's usual calendar.
WEEK, ADD, REMOVE, CUSTOMER = "week", "add", "remove", "customer"
YEARS_SHOWN = 30


@form_view
def calendar(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Shown; with a change in the address what that would move; changed by POST."""
    require(request.membership, "see_plan")
    engagement = find_engagement(engagement_id)
    plan = Plan.objects.select_related("customer").filter(engagement=engagement).first()
    if plan is None:
        return page(request, "adoption/calendar.html", head(request, engagement))
    if request.method == "POST":
        return _save(request, engagement, plan)
    asked = _Asked(request.GET, engagement, plan) if "do" in request.GET else None
    return _show(request, engagement, plan, asked)


class _Asked:
    """A change of the calendar as somebody asks for it: the terms it comes to, or its faults."""

    def __init__(self, sent: QueryDict, engagement: Engagement, plan: Plan) -> None:
        self.sent, self.do = sent, sent.get("do", "")
        self.now = queries.get_plan_time(plan=plan)
        usual = get_calendar(customer=engagement.customer)
        self.week = WeekForm(
            sent if self.do == WEEK else None, terms=self.now.terms, usual=usual.region
        )
        hours = next((shifts for shifts in self.now.terms.week if shifts), ())
        is_days = self.do in (ADD, REMOVE)
        self.days = PlanDaysForm(sent if is_days else None, hours=hours)
        self.usual = usual
        self.faults: list[str] = []
        self.terms = self._terms(plan)

    @property
    def form(self) -> Any:
        return self.week if self.do == WEEK else self.days

    def _terms(self, plan: Plan) -> Terms | None:
        if self.do == CUSTOMER:
            return queries.get_customer_terms(calendar=self.usual, rules=self.now.terms.rules)
        if self.do not in (WEEK, ADD, REMOVE) or not self.form.is_valid():
            return None
        if self.do == WEEK:
            return self.week.asked
        return self._with_days()

    def _with_days(self) -> Terms:
        terms = self.now.terms
        if self.do == ADD:
            return terms.with_rule(self.days.rule)
        rule = self.days.rule
        same = [
            kept
            for kept in terms.rules
            if (kept.first, kept.last, kept.reason) == (rule.first, rule.last, rule.reason)
        ]
        return terms.without_rule(same[0]) if same else terms


def _moves(
    request: WorkspaceRequest, plan: Plan, asked: _Asked, *, store: bool
) -> operations.Moves | None:
    """What the change moves, kept or not; None where it cannot be, with the faults noted."""
    if asked.terms is None:
        return None
    try:
        return operations.set_calendar(
            plan=plan,
            calendar=asked.terms.calendar(around=plan.start_at.date()),
            terms=terms_to_json(asked.terms),
            by=person_of(request.user),
            now=timezone.now(),
            version=_version(asked.sent),
            store=store,
        )
    except NoWorkingTime:
        asked.faults.append(_("Nothing would be worked any more."))
    except ValidationError as error:
        asked.faults += error.messages
    return None


def _save(request: WorkspaceRequest, engagement: Engagement, plan: Plan) -> HttpResponse:
    require(request.membership, "edit_plan")
    asked = _Asked(request.POST, engagement, plan)
    moves = _moves(request, plan, asked, store=True)
    if moves is None:
        return _show(request, engagement, plan, asked)
    told = _("The working time is saved.") + " " + say_finish(moves)
    undo = address(request, "undo_calendar", engagement.pk) if moves.change_id else ""
    tell(request, told, undo=f"{undo}?change={moves.change_id}" if undo else "")
    return redirect(address(request, "calendar", engagement.pk))


@require_POST
def undo_calendar(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Takes the change of working time back that the address names."""
    require(request.membership, "edit_plan")
    engagement = find_engagement(engagement_id)
    undo_change(request, engagement, kind="calendar")
    return redirect(address(request, "calendar", engagement_id))


def undo_change(request: WorkspaceRequest, engagement: Engagement, *, kind: str) -> None:
    """Undo the change of the plan that the address names, and say whether it could be."""
    rows = PlanChange.objects.select_related("plan").filter(
        plan__engagement=engagement, plan__what_if_of=None, kind=kind, undone_at=None
    )
    change = next((row for row in rows if str(row.pk) == request.GET.get("change")), None)
    if change is None:
        return
    try:
        operations.undo_change(change=change, by=person_of(request.user), now=timezone.now())
        tell(request, _("The plan is as it was before."))
    except ValidationError as error:
        tell(request, " ".join(error.messages))


def _version(sent: QueryDict) -> int | None:
    text = sent.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _show(
    request: WorkspaceRequest, engagement: Engagement, plan: Plan, asked: _Asked | None
) -> HttpResponse:
    today = today_at(engagement)
    shown = asked or _Asked(QueryDict(), engagement, plan)
    year = _year(request, today)
    moves = _moves(request, plan, shown, store=False) if asked and not asked.faults else None
    context = {
        **head(request, engagement),
        "plan": plan,
        "time": say_terms(shown.now.terms),
        "usual": say_terms(queries.get_customer_terms(calendar=shown.usual, rules=())),
        "follows_customer": shown.now.terms.week
        == queries.get_customer_terms(calendar=shown.usual, rules=()).week
        and shown.now.terms.region == shown.usual.region,
        "year": year,
        "strip": charts.year_strip(
            shown.now.calendar,
            year=year,
            today=today,
            reasons=shown.now.reasons(year),
            words=_words(year),
        ),
        "rules": _rules(shown.now.terms, year),
        "holidays": shown.now.holidays(year),
        "asked": shown,
        "moves": moves,
        "moves_words": say_finish(moves) if moves else "",
        "sent": _fields(shown.sent) if moves else (),
    }
    return page(request, "adoption/calendar.html", context)


def _fields(sent: QueryDict) -> list[tuple[str, str]]:
    """What a preview was asked with, for the form that saves it."""
    names = ("do", "version", "region", "first", "last", "kind", "reason")
    days = [f"day_{day}" for day in range(1, 8)]
    return [(name, sent.get(name, "")) for name in (*names, *days) if name in sent]


def _year(request: WorkspaceRequest, today: date) -> int:
    text = request.GET.get("year", "")
    asked = int(text) if text.isdecimal() and len(text) == 4 else today.year
    return min(max(asked, today.year - YEARS_SHOWN), today.year + YEARS_SHOWN)


def _rules(terms: Terms, year: int) -> list[Mapping[str, Any]]:
    """Rules that touch a year, in order, each with the words for it."""
    return [
        {"rule": rule, "words": say_span(rule.first, rule.last)}
        for rule in sorted(terms.rules)
        if rule.first.year <= year <= rule.last.year
    ]


def _words(year: int) -> charts.YearWords:
    return charts.YearWords(
        title=_("Days of %(year)s that are worked") % {"year": year},
        months=tuple(current().month(month) for month in range(1, 13)),
        states={
            "work": _("worked"),
            "free": _("free"),
            "holiday": _("public holiday"),
            "off": _("day off"),
            "extra": _("extra working day"),
        },
    )
