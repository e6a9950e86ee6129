"""What people fill in about money."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import BudgetLine, CostEntry, Engagement, ImpactGroup
from rendering.editing import SharedForm


class BudgetLineForm(SharedForm[BudgetLine]):
    class Meta:
        model = BudgetLine
        fields = [
            "name",
            "category",
            "impact_group",
            "work_stream",
            "amount",
            "percent_done",
            "deviation_reason",
        ]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["impact_group"]
        groups.queryset = ImpactGroup.objects.filter(engagement_id=engagement.pk)
        currency = {"currency": engagement.currency}
        self.fields["amount"].label = _("Budget in %(currency)s") % currency
        if self.instance._state.adding:
            del self.fields["deviation_reason"]


class CostForm(SharedForm[CostEntry]):
    class Meta:
        model = CostEntry
        fields = ["kind", "day", "amount", "note"]
        widgets = {"day": DateInput()}

    def __init__(self, *args: Any, today: date, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("day")
        if day and day > self.today and cleaned.get("kind") == CostEntry.Kind.ACTUAL:
            words = _("This day is still to come; enter it as committed until it is paid.")
            self.add_error("day", words)
        return cleaned
