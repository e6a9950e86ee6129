"""What was promised."""

from django.urls import path

from engagements.views import promise

urlpatterns = [
    path("engagements/<uuid:engagement_id>/promise/", promise.promise, name="promise"),
    path(
        "engagements/<uuid:engagement_id>/criteria.csv",
        promise.export_criteria,
        name="export_criteria",
    ),
    path("engagements/<uuid:engagement_id>/problem/", promise.edit_problem, name="edit_problem"),
    path("engagements/<uuid:engagement_id>/services/new/", promise.add_service, name="add_service"),
    path("services/<uuid:service_id>/", promise.edit_service, name="edit_service"),
    path("services/<uuid:service_id>/remove/", promise.remove_service, name="remove_service"),
    path(
        "engagements/<uuid:engagement_id>/quick-wins/new/",
        promise.record_quick_win,
        name="record_quick_win",
    ),
    path(
        "engagements/<uuid:engagement_id>/criteria/new/",
        promise.write_criterion,
        name="write_criterion",
    ),
    path("criteria/<uuid:criterion_id>/", promise.reword_criterion, name="reword_criterion"),
    path("criteria/<uuid:criterion_id>/agree/", promise.agree_criterion, name="agree_criterion"),
    path(
        "criteria/<uuid:criterion_id>/withdraw/",
        promise.withdraw_criterion,
        name="withdraw_criterion",
    ),
    path(
        "engagements/<uuid:engagement_id>/outcomes/new/",
        promise.record_outcome,
        name="record_outcome",
    ),
]
