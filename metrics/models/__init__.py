"""Measures: what is counted, what was agreed about it, what was read and what it means."""

from metrics.models.alerts import Alert
from metrics.models.catalogue import OwnDefinition
from metrics.models.health import HealthModel, HealthScore
from metrics.models.measures import Agreement, Measure, Milestone
from metrics.models.papers import DecisionPaper, PaperOption, PaperQuestion
from metrics.models.readings import Reading, ReadingChange

__all__ = [
    "Agreement",
    "Alert",
    "DecisionPaper",
    "HealthModel",
    "HealthScore",
    "Measure",
    "Milestone",
    "OwnDefinition",
    "PaperOption",
    "PaperQuestion",
    "Reading",
    "ReadingChange",
]
