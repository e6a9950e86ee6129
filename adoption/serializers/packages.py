"""Work packages, links and changes as the API writes and reads them."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from adoption.models import Dependency, Plan, PlanChange, WorkPackage
from engagements.models import ImpactGroup, Stakeholder
from engagements.serializers.fields import RowField
from people.models import User
from tenancy.models import Membership
from tenancy.scope import current_tenant_id

MONEY = ("budget", "cost")


class LocalTime(serializers.CharField):
    """A local time at the customer, without a zone; a bare day is read as its beginning or end."""

    default_error_messages = {
        "zone": _("Give the local time at the customer, without a zone."),
        "invalid_time": _("This is not a day like 2027-03-31 or a time like 2027-03-31T17:00."),
    }

    def to_representation(self, value: Any) -> Any:
        return value.isoformat()

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            if len(text) <= len("2027-01-01"):
                return date.fromisoformat(text)
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail("invalid_time")
        if moment.tzinfo is not None:
            self.fail("zone")
        return moment


class Minutes(serializers.CharField):
    """A duration as a text: `5d`, `3h`, `2w`; it is answered in minutes, `2400m`."""

    def to_representation(self, value: Any) -> Any:
        return f"{value}m"


class MemberField(serializers.SlugRelatedField[User]):
    """Somebody of the workspace, on either side, by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", **kwargs)

    def get_queryset(self) -> Any:
        members = Membership.objects.filter(tenant_id=current_tenant_id())
        return User.objects.filter(pk__in=members.values("user_id"))


def _length(**more: Any) -> Minutes:
    return Minutes(required=False, allow_null=True, max_length=40, **more)


def _moment(**more: Any) -> LocalTime:
    return LocalTime(required=False, allow_null=True, **more)


class PackageSerializer(serializers.ModelSerializer[WorkPackage]):
    plan = RowField(Plan, help_text=_("The plan’s id, as the engagement’s plan says it."))
    engagement = serializers.UUIDField(source="plan.engagement_id", read_only=True)
    parent = RowField(  # type: ignore[assignment]
        WorkPackage,
        required=False,
        allow_null=True,
        help_text=_("What it stands under; said alone, it goes last there."),
    )
    after = RowField(
        WorkPackage,
        required=False,
        allow_null=True,
        write_only=True,
        help_text=_("The row it is to stand behind, under the same parent."),
    )
    owner_member = MemberField(
        queryset=User.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("Somebody of the workspace, by e-mail; a package has one owner."),
    )
    owner_stakeholder = RowField(Stakeholder, required=False, allow_null=True)
    impact_group = RowField(ImpactGroup, required=False, allow_null=True)
    duration = Minutes(
        required=False,
        max_length=40,
        help_text=_("5d, 3h, 2w, 1ed; answered in minutes. A day has the plan’s working hours."),
    )
    optimistic = _length(help_text=_("The shortest it may take."))
    pessimistic = _length(help_text=_("The longest it may take."))
    effort = _length(help_text=_("Planned work; weighs the percent of what is above."))
    constraint_at = _moment(help_text=_("The day of the constraint, local time."))
    deadline_at = _moment(help_text=_("Local time; does not move the work."))
    actual_start = LocalTime(read_only=True, allow_null=True)
    actual_finish = LocalTime(read_only=True, allow_null=True)
    remaining = Minutes(read_only=True, allow_null=True)
    start = LocalTime(read_only=True)
    finish = LocalTime(read_only=True)
    late_finish = LocalTime(read_only=True, allow_null=True)

    class Meta:
        model = WorkPackage
        fields = [
            "id", "plan", "engagement", "customer", "uid", "outline", "level", "parent", "after",
            "is_summary", "name", "owner", "owner_member", "owner_stakeholder", "role",
            "impact_group", "kind", "deliverable", "acceptance_test", "budget", "cost", "priority",
            "notes", "duration", "elapsed", "optimistic", "pessimistic", "effort", "manual",
            "constraint", "constraint_at", "deadline_at", "percent", "actual_start",
            "actual_finish", "remaining", "start", "finish", "late_finish", "total_float",
            "free_float", "critical", "done_percent",
        ]  # fmt: skip
        read_only_fields = [
            "customer", "uid", "outline", "level", "is_summary", "elapsed", "percent",
            "total_float", "free_float", "critical", "done_percent",
        ]  # fmt: skip
        extra_kwargs = {
            "total_float": {"help_text": _("Working minutes.")},
            "free_float": {"help_text": _("Working minutes.")},
            "elapsed": {"help_text": _("Whether the duration is counted by the clock.")},
        }

    def to_representation(self, instance: WorkPackage) -> dict[str, Any]:
        shown = super().to_representation(instance)
        view = self.context.get("view")
        if view is not None and not view.allows("see_budget"):
            return {name: value for name, value in shown.items() if name not in MONEY}
        return shown


class ProgressSerializer(serializers.Serializer[Any]):
    percent = serializers.FloatField(min_value=0, max_value=100, required=False)
    actual_start = serializers.DateField(required=False)
    actual_finish = serializers.DateField(required=False)
    remaining = serializers.CharField(
        max_length=40, required=False, help_text=_("What is left: 3d, 4h, 1w.")
    )


class DependencySerializer(serializers.ModelSerializer[Dependency]):
    before = RowField(WorkPackage, help_text=_("The package that is waited for."))
    after = RowField(WorkPackage, help_text=_("The package that waits."))
    lag = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text=_("2d, -3h, 1ed; answered in minutes, by the clock as 1440em."),
    )

    class Meta:
        model = Dependency
        fields = ["id", "plan", "customer", "before", "after", "type", "lag"]
        read_only_fields = ["plan", "customer"]

    def to_representation(self, instance: Dependency) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown | {"lag": f"{instance.lag}{'em' if instance.elapsed else 'm'}"}


class PlanChangeSerializer(serializers.ModelSerializer[PlanChange]):
    engagement = serializers.UUIDField(source="plan.engagement_id", read_only=True)
    by = MemberField(read_only=True)
    undone_by = MemberField(read_only=True)
    rows = serializers.SerializerMethodField(
        help_text=_("{uid: {field: [before, after]}}; the plan’s own fields at an empty uid.")
    )

    class Meta:
        model = PlanChange
        fields = [
            "id", "plan", "engagement", "version", "at", "by", "kind", "text", "rows",
            "undone_at", "undone_by",
        ]  # fmt: skip
        read_only_fields = fields

    def get_rows(self, row: PlanChange) -> dict[str, Any]:
        view = self.context.get("view")
        hidden = MONEY if view is not None and not view.allows("see_budget") else ()
        return {
            uid: {name: values for name, values in fields.items() if name not in hidden}
            for uid, fields in row.rows.items()
        }
