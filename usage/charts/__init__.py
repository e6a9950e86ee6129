"""Figures of use, as plotly dicts: value in, figure out."""

from usage.charts.active_days import ActiveDaysWords, active_days_bars, often_from
from usage.charts.cohorts import CohortWords, cohort_grid
from usage.charts.early import EarlyWords, early_curve
from usage.charts.features import FeatureWords, feature_grid
from usage.charts.first_value import FirstValueWords, first_value_curve
from usage.charts.licences import LicenceWords, licence_lines
from usage.charts.trend import TrendWords, trend
from usage.charts.volume import VolumeBars, volume_bars

__all__ = [
    "ActiveDaysWords",
    "CohortWords",
    "EarlyWords",
    "FeatureWords",
    "FirstValueWords",
    "LicenceWords",
    "TrendWords",
    "VolumeBars",
    "active_days_bars",
    "cohort_grid",
    "early_curve",
    "feature_grid",
    "first_value_curve",
    "licence_lines",
    "often_from",
    "trend",
    "volume_bars",
]
