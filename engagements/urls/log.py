"""The timeline: talks, notes and questions to experts."""

from django.urls import path

from engagements.views import interactions, mentions, notes, questions, timeline

IN_ENGAGEMENT = "engagements/<uuid:engagement_id>/"

urlpatterns = [
    path(f"{IN_ENGAGEMENT}timeline/", timeline.timeline, name="timeline"),
    path(f"{IN_ENGAGEMENT}timeline.csv", timeline.export_timeline, name="export_timeline"),
    path(f"{IN_ENGAGEMENT}timeline/new/", timeline.log_quickly, name="log_quickly"),
    path(f"{IN_ENGAGEMENT}mentions/", mentions.mentions, name="mentions"),
    path("notes/<uuid:note_id>/", notes.edit_note, name="edit_note"),
    path("notes/<uuid:note_id>/pin/", notes.pin_note, name="pin_note"),
    path("notes/<uuid:note_id>/delete/", notes.delete_note, name="delete_note"),
    path("notes/<uuid:note_id>/restore/", notes.restore_note, name="restore_note"),
    path(
        f"{IN_ENGAGEMENT}interactions/new/",
        interactions.record_interaction,
        name="record_interaction",
    ),
    path("interactions/", interactions.talks, name="talks"),
    path("interactions.csv", interactions.export_talks, name="export_talks"),
    path(
        "interactions/<uuid:interaction_id>/",
        interactions.edit_interaction,
        name="edit_interaction",
    ),
    path(
        "interactions/<uuid:interaction_id>/delete/",
        interactions.delete_interaction,
        name="delete_interaction",
    ),
    path(
        "interactions/<uuid:interaction_id>/restore/",
        interactions.restore_interaction,
        name="restore_interaction",
    ),
    path(f"{IN_ENGAGEMENT}questions/new/", questions.ask_question, name="ask_question"),
    path(f"{IN_ENGAGEMENT}questions.csv", questions.export_questions, name="export_questions"),
    path("questions/<uuid:question_id>/", questions.question, name="question"),
    path("questions/<uuid:question_id>/edit/", questions.edit_question, name="edit_question"),
    path("questions/<uuid:question_id>/close/", questions.close_question, name="close_question"),
    path("questions/<uuid:question_id>/reopen/", questions.reopen_question, name="reopen_question"),
]
