import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations, queries
from engagements.models import ExpertAnswer, ExpertQuestion, TimelineEntry
from notifications.models import Notification
from tenancy.models import JobRun
from tenancy.scope import Realm, tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import error_beside


def at(cast: Cast, rest: str) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def ask(cast: Cast, **changes: Any) -> ExpertQuestion:
    fields: dict[str, Any] = {"text": "Can orders be read offline?", "expert": cast.manager}
    by = changes.pop("by", cast.csm)
    with tenant_scope(cast.tenant.pk):
        return operations.ask_question(engagement=cast.engagement, fields=fields | changes, by=by)


def answer(cast: Cast, row: ExpertQuestion, text: str = "Yes, for a day") -> ExpertAnswer:
    with tenant_scope(cast.tenant.pk):
        return operations.answer_question(question=row, text=text, by=cast.manager)


def told(cast: Cast, kind: str) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        rows = Notification.objects.filter(kind=kind).select_related("user")
        return sorted(row.user.name for row in rows)


def test_both_sides_of_a_question_hear_of_it(cast: Cast) -> None:
    row = ask(cast)
    assert told(cast, "question.asked") == ["Manager"]
    answer(cast, row)
    assert (told(cast, "question.answered"), row.state) == (["Csm"], "answered")


@pytest.mark.parametrize(("in_team", "asked"), [(True, ["Executive"]), (False, ["Csm"])])
def test_a_role_is_whoever_has_it_in_the_team(cast: Cast, in_team: bool, asked: list[str]) -> None:
    if in_team:
        fields = {"name": "Expert", "role": "trainer", "user": cast.executive}
        with tenant_scope(cast.tenant.pk):
            operations.add_team_member(engagement=cast.engagement, fields=fields)
    ask(cast, expert=None, expert_role="trainer", by=None)
    assert told(cast, "question.asked") == asked


def test_one_person_or_one_role_is_asked(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="one person or one role"):
        ask(cast, expert_role="trainer")


def test_the_customers_side_asks_and_reads_the_answer(cast: Cast, lead: Client) -> None:
    lead.post(at(cast, "questions/new/"), {"text": "When is it?", "expert": str(cast.csm.pk)})
    with tenant_scope(cast.tenant.pk):
        row = ExpertQuestion.objects.get()
    assert (row.shared, row.by, told(cast, "question.asked")) == (True, cast.lead, ["Csm"])
    answer(cast, row)
    text = lead.get(cast.at(f"questions/{row.pk}/")).content.decode()
    assert "When is it?" in text and "Yes, for a day" in text
    assert told(cast, "question.answered") == ["Lead"]


def test_what_is_not_shared_is_not_there_for_the_customers_side(cast: Cast, lead: Client) -> None:
    row = ask(cast)
    answer(cast, row)
    assert lead.get(cast.at(f"questions/{row.pk}/")).status_code == 404
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert not ExpertAnswer.objects.exists()
    with tenant_scope(cast.tenant.pk):
        operations.change_question(question=row, fields={"shared": True}, by=cast.csm)
    assert "Yes, for a day" in lead.get(cast.at(f"questions/{row.pk}/")).content.decode()
    assert "Yes, for a day" in lead.get(at(cast, "timeline/")).content.decode()


def test_question_and_answers_stay_on_the_engagement(cast: Cast, csm: Client) -> None:
    row = ask(cast)
    manager = cast.browser(cast.manager)
    manager.post(cast.at(f"questions/{row.pk}/"), {"text": "Yes, with @csm"})
    csm.post(cast.at(f"questions/{row.pk}/close/"))
    with tenant_scope(cast.tenant.pk):
        kinds = list(TimelineEntry.objects.filter(key__regex="question|answer").values("kind"))
        row.refresh_from_db()
    assert len(kinds) == 2 and row.state == "closed"
    refused = manager.post(cast.at(f"questions/{row.pk}/"), {"text": "More"})
    assert "This question is closed" in error_beside(refused, "text")
    csm.post(cast.at(f"questions/{row.pk}/reopen/"))
    with tenant_scope(cast.tenant.pk):
        row.refresh_from_db()
    assert row.state == "answered"


def test_only_whoever_asked_or_looks_after_customers_closes(cast: Cast, lead: Client) -> None:
    row = ask(cast, shared=True)
    assert lead.post(cast.at(f"questions/{row.pk}/close/")).status_code == 403
    assert lead.get(cast.at(f"questions/{row.pk}/edit/")).status_code == 403


def test_an_empty_answer_is_refused(cast: Cast, csm: Client) -> None:
    row = ask(cast)
    assert "required" in error_beside(
        csm.post(cast.at(f"questions/{row.pk}/"), {"text": ""}), "text"
    )


def test_a_question_without_an_answer_is_overdue_the_day_after(cast: Cast) -> None:
    ask(cast, due_date=TODAY)
    ask(cast, text="Late?", due_date=date(2026, 11, 17))
    ask(cast, text="Any time?")
    with tenant_scope(cast.tenant.pk):
        rows = queries.get_open_questions(engagement_id=cast.engagement.pk, today=TODAY)
    assert [(row.plain_text, row.overdue) for row in rows] == [
        ("Late?", True),
        ("Can orders be read offline?", False),
        ("Any time?", False),
    ]


def remind(cast: Cast, now: datetime) -> int:
    with tenant_scope(cast.tenant.pk):
        return operations.send_reminders(now=now)


def test_both_are_reminded_in_the_morning_after_it_was_needed(cast: Cast) -> None:
    row = ask(cast, due_date=date(2026, 11, 20))
    run = JobRun.objects.get(tenant=cast.tenant, job=operations.REMIND_JOB)
    morning = datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert (run.due_at, row.remind_at) == (morning, morning)
    assert remind(cast, datetime(2026, 11, 21, 6, 59, tzinfo=UTC)) == 0
    assert [remind(cast, morning), remind(cast, morning)] == [2, 0]
    assert told(cast, "question.overdue") == ["Csm", "Manager"]


def test_what_was_answered_is_not_reminded_of(cast: Cast) -> None:
    answer(cast, ask(cast, due_date=date(2026, 11, 20)))
    assert remind(cast, datetime(2026, 12, 1, tzinfo=UTC)) == 0


def test_the_csv_has_a_line_for_each_answer(cast: Cast, csm: Client) -> None:
    row = ask(cast, text="=cmd")
    answer(cast, row)
    answer(cast, row, "Two days now")
    ask(cast, text="Open?")
    file = csm.get(at(cast, "questions.csv"))
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(line["question"], line["answer"]) for line in lines] == [
        ("Open?", ""),
        ("'=cmd", "Yes, for a day"),
        ("'=cmd", "Two days now"),
    ]
