"""Figures of measures: a value in, a plotly figure as plain dicts out.

Each takes `say`, which says its words in the language of the page: `rendering.translation.translated`.
`multiple` is SVG geometry instead, for pages that show many.
"""

from metrics.charts.completion import completion_curve
from metrics.charts.contributions import contribution_bars
from metrics.charts.line import measure_line
from metrics.charts.multiples import Multiple, multiple
from metrics.charts.resources import resources_pie
from metrics.charts.routes import route_lines
from metrics.charts.scores import score_bars

__all__ = [
    "Multiple",
    "completion_curve",
    "contribution_bars",
    "measure_line",
    "multiple",
    "resources_pie",
    "route_lines",
    "score_bars",
]
