"""What a page of a plan shows, as a spreadsheet: the same rows and figures."""

from adoption.exports.curves import curve_csv, simulation_csv
from adoption.exports.networks import network_csv
from adoption.exports.plans import plan_csv

__all__ = ["curve_csv", "network_csv", "plan_csv", "simulation_csv"]
