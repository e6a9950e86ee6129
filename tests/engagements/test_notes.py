from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations
from engagements.models import Note, TimelineEntry
from notifications.models import Notification
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import error_beside


def at(cast: Cast, rest: str = "timeline/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def write(cast: Cast, text: str = "They start on Monday", **fields: Any) -> Note:
    with tenant_scope(cast.tenant.pk):
        return operations.write_note(
            engagement=cast.engagement, fields={"text": text} | fields, by=cast.csm
        )


def shown(browser: Client, cast: Cast, query: str = "") -> str:
    return browser.get(at(cast) + query).content.decode()


def told(cast: Cast) -> list[tuple[str, str]]:
    with tenant_scope(cast.tenant.pk):
        rows = Notification.objects.filter(kind="mention.made").select_related("user")
        return sorted((row.user.name, row.text) for row in rows)


def test_a_note_is_written_in_the_box_and_stands_on_the_timeline(cast: Cast, csm: Client) -> None:
    page = csm.post(at(cast, "timeline/new/"), {"kind": "note", "text": "Crews ask"}, follow=True)
    assert "It is on the timeline." in page.content.decode()
    with tenant_scope(cast.tenant.pk):
        note, entry = Note.objects.get(), TimelineEntry.objects.get(kind="note.written")
    assert (note.text, note.by, note.shared, entry.text) == (
        "Crews ask",
        cast.csm,
        False,
        note.text,
    )


def test_a_note_is_the_staffs_unless_it_is_shared(cast: Cast, lead: Client) -> None:
    write(cast, "Ours alone")
    write(cast, "For both", shared=True, pinned=True)
    text = shown(lead, cast)
    assert "For both" in text and "Ours alone" not in text


def test_a_changed_note_changes_on_the_timeline_and_its_past_is_kept(
    cast: Cast, csm: Client
) -> None:
    note = write(cast)
    csm.post(cast.at(f"notes/{note.pk}/"), {"text": "They start on Tuesday", "shared": "on"})
    text = shown(csm, cast)
    assert "on Tuesday" in text and "on Monday" not in text
    with tenant_scope(cast.tenant.pk):
        facts = AuditEntry.objects.get(action="note.changed").facts
    assert facts["text"] == ["They start on Monday", "They start on Tuesday"]


def test_a_deleted_note_is_gone_and_can_be_brought_back(cast: Cast, csm: Client) -> None:
    note = write(cast, pinned=True)
    page = csm.post(cast.at(f"notes/{note.pk}/delete/"), follow=True).content.decode()
    undo = cast.at(f"notes/{note.pk}/restore/")
    assert f'action="{undo}"' in page and note.text not in page
    assert csm.get(cast.at(f"notes/{note.pk}/")).status_code == 404
    csm.post(undo)
    assert shown(csm, cast).count(note.text) == 2


def test_only_whoever_wrote_it_changes_it(cast: Cast) -> None:
    note = write(cast, shared=True)
    statuses = {
        name: cast.browser(getattr(cast, name)).get(cast.at(f"notes/{note.pk}/")).status_code
        for name in ("csm", "manager", "admin", "executive", "lead", "stranger")
    }
    assert statuses == {
        "csm": 200,
        "manager": 403,
        "admin": 200,
        "executive": 403,
        "lead": 403,
        "stranger": 404,
    }


def test_a_pinned_note_stays_on_top(cast: Cast, csm: Client) -> None:
    note = write(cast)
    for _twice in range(2):
        csm.post(cast.at(f"notes/{note.pk}/pin/"), {"pinned": "yes"})
        assert "Pinned notes" in shown(csm, cast)
    csm.post(cast.at(f"notes/{note.pk}/pin/?pinned=no"))
    assert "Pinned notes" not in shown(csm, cast)


def test_whoever_is_mentioned_is_told_once(cast: Cast) -> None:
    note = write(cast, "@manager and @admin: see what they want. @nobody.")
    with tenant_scope(cast.tenant.pk):
        operations.change_note(note=note, fields={"text": "@manager, again"}, by=cast.csm)
    words = "Csm mentioned you: @manager and @admin: see what they want. @nobody."
    assert told(cast) == [("Admin", words), ("Manager", words)]


def test_nobody_is_told_of_their_own_mention(cast: Cast) -> None:
    write(cast, "@csm was here")
    assert told(cast) == []


def test_the_customers_side_is_mentioned_in_what_it_reads(cast: Cast, csm: Client) -> None:
    with pytest.raises(ValidationError) as refusal:
        write(cast, "Ask @lead")
    assert list(refusal.value.message_dict) == ["text"]
    refused = csm.post(at(cast, "timeline/new/"), {"kind": "note", "text": "Ask @lead"})
    assert "Lead could not read this" in error_beside(refused, "text")
    write(cast, "Ask @lead", shared=True)
    assert [name for name, _words in told(cast)] == ["Lead"]


def test_people_of_other_workspaces_cannot_be_mentioned(cast: Cast) -> None:
    assert write(cast, "Ask @stranger").mentions == {}


def test_a_mention_is_a_link_and_everything_else_is_text(cast: Cast, csm: Client) -> None:
    write(cast, "<b>Bold</b> @manager")
    text = shown(csm, cast)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert f'<a class="named" href="{at(cast)}?q=manager">@Manager</a>' in text


def test_the_second_of_two_hears_of_the_first(cast: Cast, csm: Client) -> None:
    note = write(cast)
    path = cast.at(f"notes/{note.pk}/")
    opened = csm.get(path).context["form"]["opened_with"].value()
    csm.post(path, {"text": "First", "opened_with": opened})
    second = csm.post(path, {"text": "Second", "opened_with": opened})
    assert "Meanwhile somebody changed this to “First”" in error_beside(second, "text")
