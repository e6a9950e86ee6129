"""Surveys made and read, interviews recorded, concerns followed to their end."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from engagements import operations, queries
from engagements.models import Answer, Concern, Interview, Survey, SurveyQuestion, TimelineEntry
from engagements.operations import Asked
from engagements.surveys import Instrument
from notifications.models import Notification
from tenancy.scope import Realm, tenant_scope
from tests.engagements.asking import NOW, answer, given, make_survey, open_survey
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside

HOUR = timedelta(hours=1)


def at(cast: Cast, rest: str = "feedback/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def texts(cast: Cast, survey: Survey) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        return [row.text for row in queries.get_survey_questions(survey_id=survey.pk)]


def results(cast: Cast, survey: Survey) -> queries.Results:
    with tenant_scope(cast.tenant.pk):
        return queries.get_results(survey=Survey.objects.get(pk=survey.pk))


def raise_concern(cast: Cast, **fields: Any) -> Concern:
    with tenant_scope(cast.tenant.pk):
        return operations.raise_concern(
            engagement=cast.engagement,
            fields={"text": "It is slow at shift change"} | fields,
            by=cast.csm,
            now=NOW,
        )


# --- surveys --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instrument", "count"),
    [("nps", 2), ("csat", 2), ("ces", 2), ("sus", 10), ("sentiment", 3), ("team", 10), ("free", 0)],
)
def test_each_instrument_comes_with_its_questions(
    cast: Cast, csm: Client, instrument: str, count: int
) -> None:
    path = at(cast, f"surveys/new/?instrument={instrument}")
    assert csm.get(path).status_code == 200
    sent = {"title": "How is it going?", "moment": "go_live", "intro": "", "closes_date": ""}
    page = csm.post(path, sent, follow=True)
    assert "How is it going?" in page.content.decode()
    with tenant_scope(cast.tenant.pk):
        survey = Survey.objects.get()
        assert survey.questions.count() == count
        assert survey.instrument == instrument


def test_every_instrument_can_be_chosen(cast: Cast, csm: Client) -> None:
    page = csm.get(at(cast, "surveys/new/")).content.decode()
    assert all(f"?instrument={instrument}" in page for instrument in Instrument)


def test_questions_are_added_moved_and_removed_until_it_is_sent(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast)
    new = {
        "text": "Which device?",
        "kind": "single",
        "choices": "Tablet\r\nTelephone\r\n\r\nTablet",
    }
    csm.post(cast.at(f"surveys/{survey.pk}/questions/new/"), new)
    with tenant_scope(cast.tenant.pk):
        question = SurveyQuestion.objects.get(text="Which device?")
    assert question.choices == ["Tablet", "Telephone"]
    path = cast.at(f"survey-questions/{question.pk}/")
    csm.post(f"{path}move/", {"to": "up"})
    assert texts(cast, survey)[1] == "Which device?"
    csm.post(f"{path}move/", {"to": "up"})
    csm.post(f"{path}move/", {"to": "up"})
    assert texts(cast, survey)[0] == "Which device?"
    csm.post(f"{path}remove/")
    csm.post(f"{path}remove/")
    assert "Which device?" not in texts(cast, survey)
    csm.post(f"{path}remove/?undo=1")
    assert texts(cast, survey)[0] == "Which device?"
    csm.post(cast.at(f"surveys/{survey.pk}/open/"))
    for rest, data in (("", new | {"text": "Other"}), ("remove/", {}), ("move/", {"to": "down"})):
        csm.post(path + rest, data)
    assert texts(cast, survey)[0] == "Which device?"


def test_a_choice_needs_something_to_choose_from(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast)
    path = cast.at(f"surveys/{survey.pk}/questions/new/")
    refused = csm.post(path, {"text": "Which?", "kind": "several", "choices": "One"})
    assert "at least two" in error_beside(refused, "choices")
    refused = csm.post(path, {"text": "How?", "kind": "scale", "low": "5", "high": "2"})
    assert "A scale goes up" in refused.content.decode()


def test_a_question_of_an_instrument_keeps_its_scale_and_stays(cast: Cast) -> None:
    survey = make_survey(cast, "sus")
    with tenant_scope(cast.tenant.pk):
        question = survey.questions.all()[0]
        before = question.text
        operations.change_survey_question(
            question=question, fields={"text": "Other", "high": 7, "kind": "text"}
        )
        question.refresh_from_db()
        assert (question.text, question.high, question.kind) == (before, 5, "scale")
        with pytest.raises(ValidationError):
            operations.remove_survey_question(question=question, now=NOW)


def test_a_survey_without_a_question_is_not_sent(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast, "free")
    page = csm.post(cast.at(f"surveys/{survey.pk}/open/"), follow=True)
    assert "There is no question yet." in page.content.decode()
    with tenant_scope(cast.tenant.pk):
        survey.refresh_from_db()
        assert survey.is_draft


def test_what_people_have_read_does_not_change(cast: Cast) -> None:
    survey = open_survey(cast, anonymous=True)
    with tenant_scope(cast.tenant.pk):
        operations.change_survey(
            survey=survey, fields={"title": "Other", "anonymous": False, "closes_date": TODAY}
        )
        survey.refresh_from_db()
    assert (survey.title, survey.anonymous, survey.closes_date) == ("nps one", True, TODAY)


def test_a_draft_is_discarded_and_brought_back(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast)
    path = cast.at(f"surveys/{survey.pk}/discard/")
    assert "nps one" not in csm.post(path, follow=True).content.decode().partition("<main")[2]
    csm.post(path)
    assert "nps one" not in csm.get(at(cast)).content.decode().partition("<main")[2]
    csm.post(f"{path}?undo=1")
    assert "nps one" in csm.get(at(cast)).content.decode()


def test_closing_is_taken_back(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast)
    path = cast.at(f"surveys/{survey.pk}/close/")
    csm.post(path)
    # A second press, or a second person's, does not open it again.
    csm.post(path)
    with tenant_scope(cast.tenant.pk):
        survey.refresh_from_db()
        assert not survey.is_open
    csm.post(f"{path}?undo=1")
    with tenant_scope(cast.tenant.pk):
        survey.refresh_from_db()
        assert survey.is_open
        kinds = list(TimelineEntry.objects.values_list("kind", flat=True))
    assert "survey.opened" in kinds and "survey.closed" in kinds


def test_a_preview_sends_nothing(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast)
    page = csm.get(cast.at(f"surveys/{survey.pk}/preview/")).content.decode()
    assert "This is a preview." in page and "How likely are you" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_asking_again_is_the_next_wave_with_the_same_questions(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "sentiment")
    csm.post(cast.at(f"surveys/{survey.pk}/close/"))
    csm.post(cast.at(f"surveys/{survey.pk}/repeat/"))
    with tenant_scope(cast.tenant.pk):
        again = Survey.objects.get(state="draft")
    assert again.wave == 2
    assert texts(cast, again) == texts(cast, survey)


# --- results --------------------------------------------------------------------------------


def test_below_five_answers_there_are_counts_only(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, asked=8)
    answer(cast, survey, [9, 9, 10, 3])
    found = results(cast, survey).findings[0]
    assert found.score is not None and not found.score.is_readable
    page = csm.get(cast.at(f"surveys/{survey.pk}/results/")).content.decode()
    assert "Counts only." in page and "NPS, −100" not in page
    answer(cast, survey, [7])
    page = csm.get(cast.at(f"surveys/{survey.pk}/results/")).content.decode()
    assert "NPS, −100" in page and "Read it with its margin." in page
    assert "<b>+40</b>" in page


def test_the_response_rate_is_of_those_who_were_asked(cast: Cast) -> None:
    survey = open_survey(cast, asked=8)
    answer(cast, survey, [9, 9])
    with tenant_scope(cast.tenant.pk):
        operations.record_interview(
            survey=survey,
            fields={"interviewee": "Ida", "day": TODAY},
            given=given(survey, 3),
            impact_group=None,
            by=cast.csm,
            now=NOW,
        )
    found = results(cast, survey)
    assert (found.answered, found.by_interview, found.response_rate) == (3, 1, 0.25)


def test_few_anonymous_answers_are_held_back(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "csat", asked=6, anonymous=True)
    answer(cast, survey, [4, 4, 5, 5], words="canteen")
    path = cast.at(f"surveys/{survey.pk}/results/")
    page = csm.get(path).content.decode()
    assert "Not shown yet." in page and "canteen" not in page
    assert "canteen" not in csm.get(path.replace("results/", "results.csv")).content.decode()
    answer(cast, survey, [1], words="canteen")
    assert "canteen" in csm.get(path).content.decode()


def test_who_answered_anonymously_is_not_shown_beside_what_was_answered(
    cast: Cast, csm: Client
) -> None:
    survey = open_survey(cast, "csat", asked=6, anonymous=True)
    answer(cast, survey, [4] * 5)
    page = csm.get(cast.at(f"surveys/{survey.pk}/results/")).content.decode()
    assert "Who answered is not shown" in page and "not yet" not in page
    people = csm.get(cast.at(f"surveys/{survey.pk}/people.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(people)))
    assert len(rows) == 6
    assert {(row["reminders"], row["answered_at"]) for row in rows} == {("0", "")}
    asked = csm.get(cast.at(f"api/v1/survey-people/?survey={survey.pk}")).json()["results"]
    assert {person["answered_at"] for person in asked} == {None}


def test_groups_with_few_answers_are_left_out(cast: Cast) -> None:
    survey = make_survey(cast, "csat")
    with tenant_scope(cast.tenant.pk):
        for name, people in (("Crews", 5), ("Office", 4)):
            group = operations.add_impact_group(
                engagement=cast.engagement, fields={"name": name, "size": 9}
            )
            operations.invite_people(
                survey=survey,
                people=[Asked(f"{name}{n}@example.org", impact_group=group) for n in range(people)],
            )
        operations.open_survey(survey=survey, now=NOW)
    answer(cast, survey, [5] * 9)
    found = results(cast, survey).findings[0]
    assert [(group.name, group.score.n) for group in found.groups] == [("Crews", 5)]


@pytest.mark.parametrize(
    ("second", "words"), [([5] * 30, "since the wave before"), ([2, 3] * 5, "overlap")]
)
def test_a_wave_is_compared_with_the_one_before(
    cast: Cast, csm: Client, second: list[int], words: str
) -> None:
    first = open_survey(cast, "sentiment", asked=30)
    answer(cast, first, [2, 3] * 15)
    later = open_survey(cast, "sentiment", asked=30, title="again")
    answer(cast, later, second)
    assert words in csm.get(cast.at(f"surveys/{later.pk}/results/")).content.decode()


def test_sus_has_one_score_over_its_ten_statements(cast: Cast) -> None:
    survey = open_survey(cast, "sus", asked=6)
    answer(cast, survey, [3] * 6)
    found = results(cast, survey)
    assert found.headline is not None
    assert (found.headline.topic, found.headline.score and found.headline.score.value) == (
        "sus",
        50,
    )
    assert all(finding.score is None for finding in found.findings[1:])
    with tenant_scope(cast.tenant.pk):
        (row,) = queries.get_feedback(engagement_id=cast.engagement.pk, now=NOW).surveys
    assert row.score is not None and row.score.value == 50


def test_free_questions_are_counted(cast: Cast) -> None:
    survey = make_survey(cast, "free", asked=2)
    with tenant_scope(cast.tenant.pk):
        for fields in (
            {"kind": "several", "text": "Where?", "choices": ["Field", "Office"]},
            {"kind": "yes_no", "text": "Would you stay?"},
        ):
            operations.add_survey_question(survey=survey, fields=fields)
        where, stay = queries.get_survey_questions(survey_id=survey.pk)
        operations.open_survey(survey=survey, now=NOW)
        for number, invitee in enumerate(survey.invitees.all()):
            operations.take_answer(
                invitee=invitee,
                given={
                    where.pk: operations.Given(choices=("Field", "Office")[: number + 1]),
                    stay.pk: operations.Given(number=number),
                },
                today=TODAY,
                now=NOW,
            )
    first, second = results(cast, survey).findings
    assert [(bar.label, bar.count, bar.share) for bar in first.bars] == [
        ("Field", 2, 1.0),
        ("Office", 1, 0.5),
    ]
    assert [(bar.label, bar.count) for bar in second.bars] == [("Yes", 1), ("No", 1)]


def test_the_csv_of_results_is_neutral_and_on_record(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, asked=5)
    answer(cast, survey, [9] * 5, words="=cmd()")
    response = csm.get(cast.at(f"surveys/{survey.pk}/results.csv"))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0]["score"] == "100"
    assert {row["answer"] for row in rows if "cmd" in row["answer"]} == {"'=cmd()"}
    for rest in ("surveys.csv", "concerns.csv"):
        assert csm.get(at(cast, rest)).status_code == 200


# --- the customer's side ---------------------------------------------------------------------


def test_the_customers_side_sees_what_is_shared(cast: Cast, lead: Client) -> None:
    shared = open_survey(cast, asked=5, title="Shared one")
    hidden = open_survey(cast, "team", asked=5, title="Team one")
    for survey in (shared, hidden):
        answer(cast, survey, [4] * 5, words="between us")
    raise_concern(cast, text="Shown concern", shared=True)
    raise_concern(cast, text="Inner concern")
    page = lead.get(at(cast)).content.decode()
    assert "Shared one" in page and "Shown concern" in page
    assert "Team one" not in page and "Inner concern" not in page
    found = lead.get(cast.at(f"surveys/{shared.pk}/results/"))
    assert found.status_code == 200
    assert "p0@example.org" not in found.content.decode()
    assert lead.get(cast.at(f"surveys/{hidden.pk}/results/")).status_code == 404
    assert lead.post(at(cast, "concerns/new/"), {"text": "x"}).status_code == 403


def test_the_team_stays_within_the_team_whatever_is_asked(cast: Cast) -> None:
    survey = make_survey(cast, "team", shared=True)
    assert not survey.shared
    with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError):
        operations.change_survey(survey=survey, fields={"shared": True})


def test_sharing_is_taken_back_with_all_answers(cast: Cast) -> None:
    survey = open_survey(cast, asked=2)
    answer(cast, survey, [9, 9])
    for shared, seen in ((False, 0), (True, 2)):
        with tenant_scope(cast.tenant.pk):
            operations.change_survey(survey=survey, fields={"shared": shared})
        with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
            assert Answer.objects.filter(number=9).count() == seen
            assert Survey.objects.count() == bool(seen)


# --- interviews ------------------------------------------------------------------------------


def test_an_interview_counts_as_answers_with_notes_beside_them(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "sentiment")
    path = cast.at(f"surveys/{survey.pk}/interviews/new/")
    assert csm.get(path).status_code == 200
    sent = {
        "interviewee": "Ida Berg",
        "day": str(TODAY),
        "notes": "She prints the orders.",
        "q1": "2",
    }
    refused = csm.post(path, sent)
    assert "Please answer this question." in error_beside_group(refused, "q2")
    after = csm.post(path, sent | {"q2": "4", "q3": "Slow"}, follow=True)
    assert "Ida Berg" in after.content.decode()
    with tenant_scope(cast.tenant.pk):
        interview = Interview.objects.get()
        assert interview.response.way == "interview"
        assert sorted(row.number or 0 for row in interview.response.answers.all()) == [0, 2, 4]
    page = csm.get(cast.at(f"interviews/{interview.pk}/")).content.decode()
    assert "She prints the orders." in page and "Slow" in page


def error_beside_group(response: Any, name: str) -> str:
    text = response.content.decode()
    return str(text.partition(f'id="id_{name}_error"')[2].partition("</p>")[0])


def test_an_anonymous_survey_has_no_interviews(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "sentiment", anonymous=True)
    sent = {"interviewee": "Ida", "day": str(TODAY), "q1": "2", "q2": "4"}
    page = csm.post(cast.at(f"surveys/{survey.pk}/interviews/new/"), sent)
    assert "This survey is anonymous" in page.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert not Interview.objects.exists()


# --- the team ---------------------------------------------------------------------------------


def test_who_of_the_team_has_not_answered_is_named(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "team", asked=6)
    answer(cast, survey, [4] * 5)
    with tenant_scope(cast.tenant.pk):
        team = queries.get_feedback(engagement_id=cast.engagement.pk, now=NOW).team
    assert team is not None
    assert (team.answered, team.missing) == (5, ("Person 5",))
    assert [(topic.topic, topic.score.value) for topic in team.topics] == [
        ("system_performance", 4),
        ("customer_administrator", 4),
        ("change_management", 4),
        ("adoption", 4),
        ("issues", 4),
    ]
    assert "Not answered yet: Person 5" in csm.get(at(cast)).content.decode()


# --- concerns ---------------------------------------------------------------------------------


def test_words_become_a_concern_that_leads_back(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, asked=1)
    answer(cast, survey, [3], words="It loses my entries")
    with tenant_scope(cast.tenant.pk):
        said = Answer.objects.exclude(text="").get()
    path = cast.at(f"answers/{said.pk}/concern/")
    assert "It loses my entries" in csm.get(path).content.decode()
    fields = {
        "text": "Entries are lost",
        "person": f"user:{cast.csm.pk}",
        "due_at": "2026-11-25T17:00",
    }
    page = csm.post(path, fields, follow=True).content.decode()
    assert "Entries are lost" in page and f"surveys/{survey.pk}/results/" in page
    with tenant_scope(cast.tenant.pk):
        concern = Concern.objects.get()
        assert (concern.answer_id, concern.owner) == (said.pk, cast.csm)
    assert "Its concern" in csm.get(cast.at(f"surveys/{survey.pk}/results/")).content.decode()
    page = csm.get(cast.at(f"concerns/{concern.pk}/")).content.decode()
    assert "It loses my entries" in page


def test_a_concern_is_solved_with_a_word_on_how(cast: Cast, csm: Client) -> None:
    concern = raise_concern(cast, owner=cast.csm)
    path = cast.at(f"concerns/{concern.pk}/")
    fields = {"text": concern.text, "person": "", "due_at": "", "state": "solved", "resolution": ""}
    assert "Say what was done" in error_beside(csm.post(path, fields), "resolution")
    csm.post(path, fields | {"resolution": "A second server"})
    with tenant_scope(cast.tenant.pk):
        concern.refresh_from_db()
        assert (concern.state, concern.solved_at is not None) == ("solved", True)
        assert TimelineEntry.objects.filter(kind="concern.solved").exists()
    csm.post(path, fields | {"state": "open", "resolution": "A second server"})
    with tenant_scope(cast.tenant.pk):
        concern.refresh_from_db()
        assert concern.solved_at is None


def test_the_second_of_two_editors_is_told(cast: Cast, csm: Client) -> None:
    concern = raise_concern(cast)
    path = cast.at(f"concerns/{concern.pk}/")
    opened = csm.get(path).context["form"]["opened_with"].value()
    with tenant_scope(cast.tenant.pk):
        operations.change_concern(
            concern=concern, fields={"text": "It is very slow"}, by=cast.csm, now=NOW
        )
    fields = {"text": "Slow", "person": "", "due_at": "", "state": "open", "resolution": ""}
    page = csm.post(path, fields | {"opened_with": opened})
    assert "It is very slow" in error_beside(page, "text")


def test_whoever_is_given_a_concern_hears_of_it(cast: Cast) -> None:
    concern = raise_concern(cast, owner=cast.manager)
    raise_concern(cast, owner=cast.csm)
    with tenant_scope(cast.tenant.pk):
        (row,) = Notification.objects.filter(kind="concern.assigned")
    assert (row.user, row.url) == (cast.manager, cast.at(f"concerns/{concern.pk}/"))


def test_an_overdue_concern_is_told_of_once_for_each_due_time(cast: Cast) -> None:
    concern = raise_concern(cast, owner=cast.manager, due_at=NOW - HOUR)
    raise_concern(cast, text="Nobody's", due_at=NOW - HOUR)
    raise_concern(cast, text="In time", owner=cast.manager, due_at=NOW + HOUR)
    raise_concern(
        cast, text="Done", owner=cast.manager, due_at=NOW - HOUR, state="solved", resolution="x"
    )
    with tenant_scope(cast.tenant.pk):
        told = [operations.tell_of_overdue_concerns(now=NOW) for _time in range(2)]
        # What nobody owns goes to the CSM.
        readers = set(
            Notification.objects.filter(kind="concern.overdue").values_list("user", flat=True)
        )
        operations.change_concern(
            concern=concern, fields={"due_at": NOW + HOUR}, by=cast.csm, now=NOW
        )
        told.append(operations.tell_of_overdue_concerns(now=NOW + 2 * HOUR))
    assert told == [2, 0, 2]
    assert readers == {cast.manager.pk, cast.csm.pk}


@pytest.mark.parametrize(
    ("show", "seen"),
    [
        ("open", {"Late", "Early"}),
        ("overdue", {"Late"}),
        ("solved", {"Past"}),
        ("all", {"Late", "Early", "Past"}),
        ("nonsense", {"Late", "Early"}),
    ],
)
def test_concerns_are_narrowed_by_the_address(
    cast: Cast, csm: Client, show: str, seen: set[str]
) -> None:
    raise_concern(cast, text="Late", due_at=NOW - 400 * 24 * HOUR)
    raise_concern(cast, text="Early", due_at=NOW + 40000 * HOUR)
    raise_concern(cast, text="Past", state="solved", resolution="x")
    page = csm.get(at(cast, f"feedback/?show={show}"))
    assert {row.text for row in page.context["feedback"].concerns} == seen


# --- lists ------------------------------------------------------------------------------------


def test_the_page_costs_the_same_for_much_feedback(cast: Cast, csm: Client) -> None:
    def grow(number: int = 9) -> None:
        for one in range(number):
            survey = open_survey(cast, "sentiment", asked=5, title=f"s{one}")
            answer(cast, survey, [4] * 5, words="x")
            raise_concern(cast, text=f"c{one}", owner=cast.manager)
            with tenant_scope(cast.tenant.pk):
                operations.record_interview(
                    survey=survey,
                    fields={"interviewee": f"i{one}", "day": TODAY},
                    given=given(survey, 2),
                    impact_group=None,
                    by=cast.csm,
                    now=NOW,
                )

    grow(2)
    open_survey(cast, "team", asked=3)
    assert_same_queries(csm, at(cast), grow)


def test_results_cost_the_same_for_many_answers(cast: Cast, csm: Client) -> None:
    survey = open_survey(cast, "sentiment", asked=60)
    answer(cast, survey, [4] * 6, words="x")
    path = cast.at(f"surveys/{survey.pk}/results/")
    assert_same_queries(csm, path, lambda: answer(cast, survey, [3] * 50, words="y"))
