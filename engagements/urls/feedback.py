"""Surveys, interviews and concerns; and, outside any workspace, answering by a link."""

from django.urls import path

from engagements.views import answering, concerns, feedback, interviews, surveys

urlpatterns = [
    path("engagements/<uuid:engagement_id>/feedback/", feedback.feedback, name="feedback"),
    path(
        "engagements/<uuid:engagement_id>/surveys.csv",
        feedback.export_surveys,
        name="export_surveys",
    ),
    path(
        "engagements/<uuid:engagement_id>/concerns.csv",
        feedback.export_concerns,
        name="export_concerns",
    ),
    path("engagements/<uuid:engagement_id>/surveys/new/", surveys.make_survey, name="make_survey"),
    path(
        "engagements/<uuid:engagement_id>/concerns/new/",
        concerns.raise_concern,
        name="raise_concern",
    ),
    path("surveys/<uuid:survey_id>/", surveys.survey, name="survey"),
    path("surveys/<uuid:survey_id>/edit/", surveys.edit_survey, name="edit_survey"),
    path(
        "surveys/<uuid:survey_id>/questions/new/",
        surveys.add_survey_question,
        name="add_survey_question",
    ),
    path("surveys/<uuid:survey_id>/preview/", surveys.preview_survey, name="preview_survey"),
    path(
        "surveys/<uuid:survey_id>/recipients/",
        surveys.choose_recipients,
        name="choose_recipients",
    ),
    path("surveys/<uuid:survey_id>/open/", surveys.open_survey, name="open_survey"),
    path("surveys/<uuid:survey_id>/close/", surveys.close_survey, name="close_survey"),
    path("surveys/<uuid:survey_id>/discard/", surveys.discard_survey, name="discard_survey"),
    path("surveys/<uuid:survey_id>/repeat/", surveys.repeat_survey, name="repeat_survey"),
    path("surveys/<uuid:survey_id>/results/", feedback.results, name="results"),
    path("surveys/<uuid:survey_id>/results.csv", feedback.export_results, name="export_results"),
    path("surveys/<uuid:survey_id>/people.csv", feedback.export_invitees, name="export_invitees"),
    path(
        "surveys/<uuid:survey_id>/interviews/new/",
        interviews.record_interview,
        name="record_interview",
    ),
    path(
        "survey-questions/<uuid:survey_question_id>/",
        surveys.edit_survey_question,
        name="edit_survey_question",
    ),
    path(
        "survey-questions/<uuid:survey_question_id>/move/",
        surveys.move_survey_question,
        name="move_survey_question",
    ),
    path(
        "survey-questions/<uuid:survey_question_id>/remove/",
        surveys.remove_survey_question,
        name="remove_survey_question",
    ),
    path("invitees/<uuid:invitee_id>/remove/", surveys.remove_invitee, name="remove_invitee"),
    path("interviews/<uuid:interview_id>/", interviews.interview, name="interview"),
    path(
        "interviews/<uuid:interview_id>/concern/",
        concerns.raise_concern_from_interview,
        name="raise_concern_from_interview",
    ),
    path(
        "answers/<uuid:answer_id>/concern/",
        concerns.raise_concern_from_answer,
        name="raise_concern_from_answer",
    ),
    path("concerns/<uuid:concern_id>/", concerns.edit_concern, name="edit_concern"),
]

answer_urlpatterns = [
    path("answer/<str:token>/", answering.answer, name="answer"),
    path("answer/<str:token>/stop/", answering.stop_asking, name="stop_asking"),
]
