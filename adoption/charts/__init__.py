"""A plan as drawings: value in, drawing out."""

from adoption.charts.curve import CurveWords, curve, finishes
from adoption.charts.network import NetworkWords, network
from adoption.charts.timeline import gantt

__all__ = ["CurveWords", "NetworkWords", "curve", "finishes", "gantt", "network"]
