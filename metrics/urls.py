"""Measures, inside `/w/<workspace>/`."""

from django.urls import path

from metrics.views import (
    alerts,
    definitions,
    health,
    learning,
    lists,
    measures,
    papers,
    plans,
    portfolio,
    progress,
    readings,
    registers,
    resources,
)

app_name = "metrics"
OF_ENGAGEMENT = "engagements/<uuid:engagement_id>/measures"
ONE = "measures/<uuid:measure_id>"
CATALOGUE = "settings/measures"
PAPER = "decisions/<uuid:paper_id>"
OPTION = "paper-options/<uuid:paper_option_id>"

urlpatterns = [
    path(f"{OF_ENGAGEMENT}/", lists.measures, name="measures"),
    path(f"{OF_ENGAGEMENT}.csv", lists.export_measures, name="export_measures"),
    path(f"{OF_ENGAGEMENT}/new/", lists.define_measure, name="define_measure"),
    path(f"{OF_ENGAGEMENT}/gaps/", lists.measure_gaps, name="measure_gaps"),
    path(f"{OF_ENGAGEMENT}/gaps.csv", lists.export_gaps, name="export_gaps"),
    path(f"{OF_ENGAGEMENT}/plan/", plans.measurement_plan, name="measurement_plan"),
    path(
        f"{OF_ENGAGEMENT}/plan/keep/",
        plans.keep_measurement_plan,
        name="keep_measurement_plan",
    ),
    path(
        f"{OF_ENGAGEMENT}/plan.csv",
        plans.export_measurement_plan,
        name="export_measurement_plan",
    ),
    path(f"{OF_ENGAGEMENT}/routes/", registers.routes, name="routes"),
    path(f"{OF_ENGAGEMENT}/routes.csv", registers.export_shares, name="export_shares"),
    path(f"{OF_ENGAGEMENT}/support/", registers.support, name="support"),
    path(f"{OF_ENGAGEMENT}/support.csv", registers.export_support, name="export_support"),
    path(
        f"{OF_ENGAGEMENT}/performance.csv",
        registers.export_performance,
        name="export_performance",
    ),
    path(f"{OF_ENGAGEMENT}/resources/", resources.resources, name="resources"),
    path(f"{OF_ENGAGEMENT}/resources.csv", resources.export_resources, name="export_resources"),
    path("engagements/<uuid:engagement_id>/plan/curve/", progress.progress, name="progress"),
    path(f"{OF_ENGAGEMENT}/readings/", readings.import_readings, name="import_readings"),
    path(f"{ONE}/", measures.measure, name="measure"),
    path(f"{ONE}/readings.csv", measures.measure_csv, name="measure_csv"),
    path(f"{ONE}/corrections.csv", measures.corrections_csv, name="corrections_csv"),
    path(f"{ONE}/reading-plan/", measures.edit_measure, name="edit_measure"),
    path(f"{ONE}/remove/", measures.remove_measure, name="remove_measure"),
    path(f"{ONE}/agree/", measures.agree_target, name="agree_target"),
    path(f"{ONE}/confirm/", measures.confirm_agreement, name="confirm_agreement"),
    path(f"{ONE}/readings/new/", readings.record_reading, name="record_reading"),
    path("engagements/<uuid:engagement_id>/health/", health.health, name="health"),
    path("engagements/<uuid:engagement_id>/health.csv", health.export_health, name="export_health"),
    path("engagements/<uuid:engagement_id>/learning/", learning.learning, name="learning"),
    path(
        "engagements/<uuid:engagement_id>/learning.csv",
        learning.export_learning,
        name="export_learning",
    ),
    path("customers/<uuid:customer_id>/health/", health.customer_health, name="customer_health"),
    path("settings/health/", health.health_weights, name="health_weights"),
    path("portfolio/growth/", portfolio.growth, name="growth"),
    path("portfolio/growth.csv", portfolio.export_growth, name="export_growth"),
    path("portfolio/foresight/", portfolio.foresight, name="foresight"),
    path("portfolio/foresight.csv", portfolio.export_foresight, name="export_foresight"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts.csv", alerts.export_alerts, name="export_alerts"),
    path("alerts/<uuid:alert_id>/take/", alerts.take_alert, name="take_alert"),
    path("alerts/<uuid:alert_id>/owner/", alerts.assign_alert, name="assign_alert"),
    path("alerts/<uuid:alert_id>/snooze/", alerts.snooze_alert, name="snooze_alert"),
    path("alerts/<uuid:alert_id>/resolve/", alerts.resolve_alert, name="resolve_alert"),
    path(f"{CATALOGUE}/", definitions.definitions, name="definitions"),
    path(f"{CATALOGUE}.csv", definitions.export_definitions, name="export_definitions"),
    path(f"{CATALOGUE}/new/", definitions.write_definition, name="write_definition"),
    path(
        f"{CATALOGUE}/<uuid:own_definition_id>/",
        definitions.edit_definition,
        name="edit_definition",
    ),
    path(
        f"{CATALOGUE}/<uuid:own_definition_id>/withdraw/",
        definitions.withdraw_definition,
        name="withdraw_definition",
    ),
    path("engagements/<uuid:engagement_id>/decisions/", papers.papers, name="papers"),
    path(
        "engagements/<uuid:engagement_id>/decisions.csv",
        papers.export_papers,
        name="export_papers",
    ),
    path("engagements/<uuid:engagement_id>/decisions/new/", papers.write_paper, name="write_paper"),
    path(f"{PAPER}/", papers.paper, name="paper"),
    path(f"{PAPER}/edit/", papers.edit_paper, name="edit_paper"),
    path(f"{PAPER}/options/new/", papers.write_option, name="write_option"),
    path(f"{PAPER}/send/", papers.send_paper, name="send_paper"),
    path(f"{PAPER}/decide/", papers.decide_paper, name="decide_paper"),
    path(f"{PAPER}/paper.pdf", papers.paper_pdf, name="paper_pdf"),
    path(f"{PAPER}/ask/", papers.ask_paper, name="ask_paper"),
    path(f"{OPTION}/", papers.edit_option, name="edit_option"),
    path(f"{OPTION}/measures/", papers.edit_effects, name="edit_effects"),
    path(f"{OPTION}/drop/", papers.drop_option, name="drop_option"),
    path(
        "paper-questions/<uuid:paper_question_id>/answer/",
        papers.answer_paper,
        name="answer_paper",
    ),
]
