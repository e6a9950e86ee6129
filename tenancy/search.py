"""Finding rows by a few typed letters, inside a workspace.

Row security lets PostgreSQL use no index for ILIKE or likeness, since neither may look at a row
before the policy has; so each search reads the workspace's rows once, which its keys lead to.
"""

from typing import Any, TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Exists, F, FloatField, Q, Value, When
from django.db.models.functions import Cast, Concat

# As in `rendering.palette`: 3 begins so, 2 a word begins so, 1 stands inside, less is alike.
ALIKE = 0.5

Row = TypeVar("Row", bound=models.Model)


def fitting(rows: models.QuerySet[Row], text: str, *columns: str) -> models.QuerySet[Row]:
    """Rows that fit the typed words in any of these text columns, with `fit`, the best first.

    Every word stands in one of the columns. Where no row is like that, those whose columns are
    much like what was typed; looking for likeness takes ten times as long.
    """
    found = rows.order_by().annotate(
        searched=Concat(*_spaced(columns), output_field=models.TextField()),
        alike=Cast(TrigramWordSimilarity(text, F("searched")), FloatField()),
    )
    inside = Q(*(Q(searched__icontains=word) for word in text.split()))
    fitting_rows: models.QuerySet[Row] = (
        found.filter(inside | (~Exists(found.filter(inside)) & Q(alike__gte=ALIKE)))
        .annotate(fit=_fit(text, columns, inside))
        .order_by("-fit", columns[0], "pk")
    )
    return fitting_rows


def _spaced(columns: tuple[str, ...]) -> list[Any]:
    # A blank in front of each, so that a word's beginning can be told from its inside.
    parts: list[Any] = []
    for column in columns:
        parts += [Value(" "), F(column)]
    return [*parts, Value(" ")]


def _fit(text: str, columns: tuple[str, ...], inside: Q) -> Case:
    begins = Q(*(Q((f"{column}__istartswith", text)) for column in columns), _connector=Q.OR)
    return Case(
        When(begins, then=Value(3.0)),
        When(searched__icontains=f" {text}", then=Value(2.0)),
        When(inside, then=Value(1.0)),
        default=F("alike"),
        output_field=FloatField(),
    )
