"""A plan as drawings: value in, drawing out."""

from adoption.charts.finishes import finishes
from adoption.charts.loading import LoadBars, YearStrip, YearWords, load_bars, year_strip
from adoption.charts.network import NetworkWords, network
from adoption.charts.timeline import gantt

__all__ = [
    "LoadBars",
    "NetworkWords",
    "YearStrip",
    "YearWords",
    "finishes",
    "gantt",
    "load_bars",
    "network",
    "year_strip",
]
