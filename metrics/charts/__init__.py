"""Figures of measures: a value in, a plotly figure as plain dicts out."""

from metrics.charts.line import measure_line

__all__ = ["measure_line"]
