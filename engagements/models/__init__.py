from engagements.models.base import CustomerModel
from engagements.models.customers import Customer, LicenceSeats, time_zone_names
from engagements.models.engagements import Engagement, Phase
from engagements.models.people import EndUser, Stakeholder

__all__ = [
    "Customer",
    "CustomerModel",
    "EndUser",
    "Engagement",
    "LicenceSeats",
    "Phase",
    "Stakeholder",
    "time_zone_names",
]
