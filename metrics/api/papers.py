"""Decision papers over the API, to read: what is known, what can be done, what was decided and what
came of it. They are written and decided on their pages."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from metrics import queries
from metrics.models import DecisionPaper
from metrics.serializers.papers import PaperRowSerializer, PaperSerializer, paper_of, row_of
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Listed


class PaperViewSet(Listed):
    """Decisions that were asked for. The customer's side is shown those that were sent to it."""

    one, many = _("a decision"), _("decisions")
    permission_classes = [allows(area="measures", read="see_papers", write="write_papers")]
    serializer_class = PaperSerializer
    lookup_url_kwarg = "paper_id"
    filterset_fields = ["engagement", "customer", "outcome"]
    queryset = DecisionPaper.objects.none()

    def get_queryset(self) -> QuerySet[DecisionPaper]:
        return queries.get_papers()

    @extend_schema(responses=PaperRowSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        rows = [row_of(paper, _today(paper)) for paper in found]
        return self.get_paginated_response(PaperRowSerializer(rows, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        paper = self.get_object()
        today = _today(paper)
        view = queries.get_paper_view(paper=paper, today=today)
        return Response(PaperSerializer(paper_of(paper, view, today=today)).data)


def _today(paper: DecisionPaper) -> date:
    return timezone.localdate(timezone=paper.customer.zone)


router_entries = [("decisions", PaperViewSet, "decision")]
