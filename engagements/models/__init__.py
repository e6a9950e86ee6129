from engagements.models.base import CustomerModel
from engagements.models.customers import Customer, LicenceSeats
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
]
