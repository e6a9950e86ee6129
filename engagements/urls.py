"""Customers and engagements, inside `/w/<workspace>/`."""

from django.urls import path

from engagements.views import budgets, customers, engagements, files, promise, risks, rosters

app_name = "engagements"

urlpatterns = [
    path("customers/new/", customers.create_customer, name="create_customer"),
    path("customers/import/", files.import_customers, name="import_customers"),
    path("customers/export.csv", files.export_customers, name="export_customers"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.edit_customer, name="edit_customer"),
    path(
        "customers/<uuid:customer_id>/archive/", customers.archive_customer, name="archive_customer"
    ),
    path(
        "customers/<uuid:customer_id>/engagements/new/",
        engagements.create_engagement,
        name="create_engagement",
    ),
    path(
        "engagements/<uuid:engagement_id>/edit/",
        engagements.edit_engagement,
        name="edit_engagement",
    ),
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
    path("engagements/<uuid:engagement_id>/risks/", risks.risks, name="risks"),
    path("engagements/<uuid:engagement_id>/risks.csv", risks.export_risks, name="export_risks"),
    path("engagements/<uuid:engagement_id>/risks/new/", risks.raise_risk, name="raise_risk"),
    path("risks/<uuid:risk_id>/", risks.edit_risk, name="edit_risk"),
    path("engagements/<uuid:engagement_id>/people/", rosters.people, name="people"),
    path("engagements/<uuid:engagement_id>/roster/", rosters.roster, name="roster"),
    path(
        "engagements/<uuid:engagement_id>/roster.csv", rosters.export_roster, name="export_roster"
    ),
    path(
        "engagements/<uuid:engagement_id>/roster/import/",
        rosters.import_roster,
        name="import_roster",
    ),
    path(
        "engagements/<uuid:engagement_id>/roster/access/", rosters.give_access, name="give_access"
    ),
    path("engagements/<uuid:engagement_id>/roster/new/", rosters.add_entry, name="add_entry"),
    path("roster/<uuid:entry_id>/", rosters.edit_entry, name="edit_entry"),
    path("roster/<uuid:entry_id>/remove/", rosters.take_off_roster, name="take_off_roster"),
    path(
        "engagements/<uuid:engagement_id>/groups/new/",
        rosters.add_impact_group,
        name="add_impact_group",
    ),
    path("groups/<uuid:group_id>/", rosters.edit_impact_group, name="edit_impact_group"),
    path(
        "engagements/<uuid:engagement_id>/stakeholders/new/",
        rosters.add_stakeholder,
        name="add_stakeholder",
    ),
    path(
        "engagements/<uuid:engagement_id>/stakeholders/<uuid:stakeholder_id>/",
        rosters.edit_stakeholder,
        name="edit_stakeholder",
    ),
    path(
        "engagements/<uuid:engagement_id>/team/new/",
        rosters.add_team_member,
        name="add_team_member",
    ),
    path("team/<uuid:member_id>/", rosters.edit_team_member, name="edit_team_member"),
    path(
        "engagements/<uuid:engagement_id>/offerings/new/",
        rosters.record_offering,
        name="record_offering",
    ),
    path("engagements/<uuid:engagement_id>/budget/", budgets.budget, name="budget"),
    path(
        "engagements/<uuid:engagement_id>/budget.csv", budgets.export_budget, name="export_budget"
    ),
    path("engagements/<uuid:engagement_id>/budget/new/", budgets.add_line, name="add_budget_line"),
    path("budget/<uuid:line_id>/", budgets.edit_line, name="edit_budget_line"),
    path("budget/<uuid:line_id>/costs/", budgets.enter_cost, name="enter_cost"),
    path("costs/<uuid:cost_id>/take-back/", budgets.take_back_cost, name="take_back_cost"),
]
