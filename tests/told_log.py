"""One note, talk, question and task of an engagement, for the isolation crawl."""

from datetime import UTC, datetime
from uuid import UUID

from engagements import operations
from engagements.models import Engagement, TimelineEntry
from people.models import User

TALKED_AT = datetime(2026, 10, 1, 9, tzinfo=UTC)


def tell_the_log(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    note = operations.write_note(
        engagement=engagement,
        fields={"text": f"{word} note", "pinned": True, "shared": True},
        by=by,
    )
    talk = operations.record_interaction(
        engagement=engagement,
        fields={
            "kind": "usage",
            "happened_at": TALKED_AT,
            "summary": f"{word} talk",
            "notes": f"{word} said so",
            "features": [f"{word} orders"],
            "shared": True,
        },
        people=[operations.name_stakeholder(customer=engagement.customer, name=f"{word} host"), by],
        by=by,
    )
    question = operations.ask_question(
        engagement=engagement,
        fields={
            "text": f"{word} question?",
            "expert": by,
            "shared": True,
        },
        by=by,
    )
    operations.answer_question(question=question, text=f"{word} answer", by=by)
    task = operations.add_task(
        fields={"title": f"{word} task", "engagement": engagement, "owner": by, "shared": True},
        by=by,
    )
    entry = TimelineEntry.objects.get(key=f"note:{note.pk}")
    return {
        "timeline_entry_id": entry.pk,
        "note_id": note.pk,
        "interaction_id": talk.pk,
        "question_id": question.pk,
        "task_id": task.pk,
    }
