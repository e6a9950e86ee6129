"""The matrix of features and groups in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.figures import plain
from rendering.templatetags.formats import number
from usage import charts
from usage.numbers.features import FeatureAdoption, FeatureMatrix, breadth
from usage.views.saying.told import Linked, Rows, Told, say_people, say_share


def tell_features(
    value: FeatureMatrix,
    *,
    features: Mapping[int, str],
    groups: Mapping[int, str],
    ids: Mapping[int, UUID] | None = None,
) -> Told:
    """Features against impact groups, by names for their numbers; `ids` of groups make each count
    a link to the people it holds."""
    words = charts.FeatureWords(
        unit=_("adopted / meant for"),
        narrow_unit=_("% adopted"),
        feature=features.__getitem__,
        group=groups.__getitem__,
        cell=lambda one, group: _say_hover(one, features[one.feature], groups[group]),
    )
    return Told(
        finding=_find_features(value, features),
        words=_("How many of the people each feature is meant for have adopted it, by group."),
        figure=charts.feature_grid(value, words=words),
        columns=(_("Feature"), _("Group"), _("Tried"), _("Adopted"), _("Meant for"), _("Others")),
        rows=tuple(
            row
            for one in value.overall
            for row in _rows_of(value, one, features, groups, ids or {})
        ),
    )


def _find_features(value: FeatureMatrix, names: Mapping[int, str]) -> str:
    meant = [one for one in value.overall if one.is_intended]
    if not meant:
        return _("No group says yet which features it is meant to use.")
    own = breadth(meant, [one.feature for one in meant])
    least = min(meant, key=lambda one: (one.adopted.value or 0, one.feature))
    said = {
        "n": number(len(own.adopted)),
        "all": number(len(own.intended)),
        "feature": names[least.feature],
        "share": say_people(least.adopted.count, least.adopted.size),
    }
    return (
        ngettext(
            "%(n)s of %(all)s intended feature is adopted by at least half of its people.",
            "%(n)s of %(all)s intended features are adopted by at least half of their people.",
            len(own.intended),
        )
        % said
        + " "
        + _("The least adopted is %(feature)s: %(share)s.") % said
    )


def _say_hover(one: FeatureAdoption, feature: str, group: str) -> str:
    return f"{plain(feature)}, {plain(group)}<br>{_say_cell(one)}"


def _say_cell(one: FeatureAdoption) -> str:
    if not one.is_intended:
        return _("not meant for them; used by %(n)s") % {"n": number(len(one.outsiders))}
    adopted = say_share(one.adopted.count, one.adopted.size)
    return _("adopted by %(share)s, tried by %(tried)s") % {
        "share": adopted,
        "tried": number(one.tried.count),
    }


def _rows_of(
    value: FeatureMatrix,
    one: FeatureAdoption,
    features: Mapping[int, str],
    groups: Mapping[int, str],
    ids: Mapping[int, UUID],
) -> Rows:
    cells = [
        (groups[group], value.cells[one.feature, group], _narrowed(ids, group))
        for group in value.groups
    ]
    shown = [(_("Everybody"), one, dict[str, str]()), *cells]
    return tuple(
        (features[one.feature], name, *_counts(cell, features[one.feature], narrowed))
        for name, cell, narrowed in shown
        if cell.is_intended or cell.outsiders
    )


def _narrowed(ids: Mapping[int, UUID], group: int) -> dict[str, str]:
    return {"group": str(ids[group])} if group in ids else {}


def _counts(cell: FeatureAdoption, feature: str, narrowed: dict[str, str]) -> tuple[str, ...]:
    counts = {
        "tried": cell.tried.count,
        "adopted": cell.adopted.count,
        "meant": cell.adopted.size,
        "outsiders": len(cell.outsiders),
    }
    return tuple(
        Linked.to(number(count), f"{name}:{feature}", **narrowed) for name, count in counts.items()
    )
