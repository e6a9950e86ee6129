"""A plan as drawings: value in, drawing out."""

from adoption.charts.curve import CurveWords, curve, finishes
from adoption.charts.loading import LoadBars, YearStrip, YearWords, load_bars, year_strip
from adoption.charts.network import NetworkWords, network
from adoption.charts.timeline import gantt

__all__ = [
    "CurveWords",
    "LoadBars",
    "NetworkWords",
    "YearStrip",
    "YearWords",
    "curve",
    "finishes",
    "gantt",
    "load_bars",
    "network",
    "year_strip",
]
