"""What lists are narrowed by. A parameter nobody knows is refused, so that no typo is ignored."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tenancy.rest.pages import NewestFirst

OF_PAGES = frozenset(
    {
        NewestFirst.cursor_query_param,
        NewestFirst.page_size_query_param,
        NewestFirst.order_query_param,
    }
)


YES_OR_NO = (("true", _lazy("Yes")), ("false", _lazy("No")))


def _is_yes(value: str) -> bool:
    return value == "true"


class YesNoFilter(filters.TypedChoiceFilter):
    """true or false; anything else is refused instead of ignored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=YES_OR_NO, coerce=_is_yes, **kwargs)


class Filters(filters.FilterSet):
    """What a list is narrowed by, strictly."""

    FILTER_DEFAULTS = filters.FilterSet.FILTER_DEFAULTS | {
        models.BooleanField: {"filter_class": YesNoFilter}
    }


class StrictBackend(filters.DjangoFilterBackend):
    """Narrows lists by `filterset_fields` or `filterset_class`."""

    filterset_base = Filters


class ChangedSince(Filters):
    """For rows that know when they were changed last."""

    changed_since = filters.IsoDateTimeFilter(
        field_name="changed_at",
        lookup_expr="gte",
        label=_lazy("Changed at this moment or later."),
    )


def filters_of(view: Any) -> frozenset[str]:
    """The parameters a viewset's list is narrowed by."""
    chosen = StrictBackend().get_filterset_class(view, view.queryset)
    return frozenset(chosen.base_filters if chosen else ())


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """Raises ValidationError that names every parameter which means nothing here."""
    unknown = sorted(set(request.query_params) - known)
    if not unknown:
        return
    words = _("There is no such parameter here.")
    if known:
        words = _("There is no such parameter. There are: %(known)s.") % {
            "known": ", ".join(sorted(known))
        }
    raise ValidationError({name: [words] for name in unknown})
