"""Budget lines and costs."""

from django.urls import path

from engagements.views import budgets

urlpatterns = [
    path("engagements/<uuid:engagement_id>/budget/", budgets.budget, name="budget"),
    path(
        "engagements/<uuid:engagement_id>/budget.csv", budgets.export_budget, name="export_budget"
    ),
    path("engagements/<uuid:engagement_id>/budget/new/", budgets.add_line, name="add_budget_line"),
    path("budget/<uuid:line_id>/", budgets.edit_line, name="edit_budget_line"),
    path("budget/<uuid:line_id>/costs/", budgets.enter_cost, name="enter_cost"),
    path("costs/<uuid:cost_id>/take-back/", budgets.take_back_cost, name="take_back_cost"),
]
