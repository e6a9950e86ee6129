"""PURE who is in the demo: companies, people and how their use went over a year.

Everything is invented. Days are counted back from the day the demo is loaded, so that the story
is as fresh as the day it is told; the numbers behind it are the same every time.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """End users whose work changes in the same way, with the features meant for them."""

    name: str
    people: int
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """A customer of the demo.

    `course` gives (days ago, share of people active in a usual week) between which use moves in
    straight lines; before the first point nobody uses anything. Dates are days from today,
    negative for the past.
    """

    external_id: str
    name: str
    key: str
    engagement: str
    phase: str
    time_zone: str
    segment: str
    seats: int
    csm: str
    lead: str
    start: int | None
    go_live: int | None
    hypercare_end: int | None
    sign_off: int | None
    renewal: int
    groups: tuple[Group, ...] = ()
    course: tuple[tuple[int, float], ...] = ()
    # Groups that stop on a day: name -> days ago.
    stops: tuple[tuple[str, int], ...] = ()
    plan: str = ""
    baseline: int = 0
    target: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in; `customer` is set on the customer's side."""

    email: str
    name: str
    role: str
    customer: str = ""


OFFICE = ("Work orders", "Approvals", "Reports")
FIELD = ("Work orders", "Photos", "Checklists")
FINANCE = ("Month-end export", "Approvals", "Budgets")
PLANNING = ("Schedule", "Work orders", "Capacity")
SERVICE = ("Requests", "Knowledge base", "Chat")


def staff(size: int, *, finance: bool = True) -> tuple[Group, ...]:
    """The usual mix of groups in a company of a size."""
    groups = (
        Group("Operations", round(size * 0.45), FIELD),
        Group("Planning", round(size * 0.2), PLANNING),
        Group("Service desk", round(size * 0.2), SERVICE),
    )
    return (*groups, Group("Finance", round(size * 0.15), FINANCE)) if finance else groups


NORTHWIND = (
    Company(
        "halden-energy", "Halden Energy", "HALDEN-1", "Work orders for 640 people", "adopt",
        "Europe/Oslo", "Enterprise", 180, "mara", "Jonas Eide",
        -160, -68, 4, 26, 465, staff(150),
        ((68, 0.30), (50, 0.78), (36, 0.84), (0, 0.82)), (("Finance", 44), ("Planning", 33)),
        "recovery", 12, 130,
    ),
    Company(
        "solberg-shipping", "Solberg Shipping", "SOLBERG-1", "Crew planning on three routes",
        "adopt", "Europe/Oslo", "Mid-market", 120, "mara", "Ingrid Solberg",
        -210, -120, -70, 40, 220, staff(96),
        ((120, 0.45), (95, 0.62), (70, 0.34), (45, 0.31), (20, 0.55), (0, 0.68)),
        (), "rollout", 8, 80,
    ),
    Company(
        "kestrel-insurance", "Kestrel Insurance", "KESTREL-2", "Claims in one place",
        "signed_off", "Europe/London", "Enterprise", 210, "mara", "Priya Nair",
        -340, -230, -180, -35, 96, staff(170),
        ((230, 0.35), (180, 0.68), (120, 0.80), (0, 0.83)), (), "rollout", 20, 140,
    ),
    Company(
        "ostro-foods", "Ostro Foods", "OSTRO-1", "Quality checks in nine plants", "value",
        "Europe/Berlin", "Enterprise", 190, "tomas", "Anke Vogt",
        -400, -330, -280, -120, 154, staff(185),
        ((330, 0.55), (250, 0.78), (0, 0.86)), (), "", 30, 160,
    ),
    Company(
        "marlow-health", "Marlow Health", "MARLOW-1", "Shift requests on the ward", "adopt",
        "Europe/London", "Mid-market", 90, "tomas", "Dr Helen Marsh",
        -190, -110, -60, 20, 61, staff(64, finance=False),
        ((110, 0.40), (80, 0.52), (50, 0.28), (33, 0.10), (32, 0.0), (0, 0.0)),
        (), "rollout", 5, 60,
    ),
    Company(
        "brightwater", "Brightwater Utilities", "BRIGHT-1", "Outage desk, first talks", "sell",
        "Europe/Dublin", "Enterprise", 0, "mara", "Ciarán Ó Súilleabháin",
        None, None, None, None, 400,
    ),
    Company(
        "pinto-logistics", "Pinto Logistics", "PINTO-1", "Depot hand-over", "implement",
        "Europe/Lisbon", "Mid-market", 75, "tomas", "Catarina Pinto",
        -55, 24, 74, 120, 330, staff(70), (), (), "rollout", 0, 55,
    ),
    Company(
        "aurora-rail", "Aurora Rail", "AURORA-1", "Maintenance rounds on tablets", "adopt",
        "Europe/Helsinki", "Enterprise", 260, "mara", "Eero Laine",
        -120, -52, 12, 75, 280, staff(180),
        ((52, 0.10), (40, 0.22), (25, 0.40), (10, 0.55), (0, 0.63)), (), "rollout", 0, 150,
    ),
    Company(
        "vantage-bank", "Vantage Bank", "VANTAGE-1", "Approvals without paper", "adopt",
        "Europe/Zurich", "Enterprise", 140, "tomas", "Beat Ammann",
        -175, -82, -30, 14, 190, staff(118),
        ((82, 0.25), (60, 0.45), (30, 0.52), (0, 0.54)), (), "late", 10, 95,
    ),
    Company(
        "nordlys-kommune", "Nordlys kommune", "NORDLYS-1", "Citizen requests", "value",
        "Europe/Oslo", "Public", 110, "mara", "Solveig Bråten",
        -420, -350, -300, -150, 120, staff(98, finance=False),
        ((350, 0.40), (270, 0.70), (0, 0.74)), (), "", 15, 75,
    ),
    Company(
        "casa-verde", "Casa Verde Facilities", "CASA-1", "Cleaning rounds", "adopt",
        "Europe/Madrid", "Mid-market", 85, "tomas", "Lucía Ferrer",
        -150, -95, -40, 35, 140, staff(72),
        ((95, 0.48), (66, 0.74), (56, 0.72), (26, 0.58), (0, 0.55)), (), "rollout", 12, 62,
    ),
    Company(
        "tanaka-precision", "Tanaka Precision", "TANAKA-1", "Machine logs, two shifts", "adopt",
        "Asia/Tokyo", "Enterprise", 130, "mara", "Yuki Tanaka",
        -140, -88, -25, 45, 250, staff(112),
        ((88, 0.50), (50, 0.76), (0, 0.88)), (), "rollout", 22, 100,
    ),
    Company(
        "delmar-port", "Delmar Port Authority", "DELMAR-1", "Berth requests", "signed_off",
        "America/New_York", "Public", 95, "tomas", "Rosa Delgado",
        -300, -210, -160, -60, 75, staff(80),
        ((210, 0.42), (150, 0.66), (0, 0.71)), (), "rollout", 9, 60,
    ),
    Company(
        "ferro-steel", "Ferro Steel", "FERRO-1", "Safety rounds", "implement",
        "Europe/Rome", "Enterprise", 160, "mara", "Matteo Ferri",
        -20, 66, 116, 160, 345, staff(140),
    ),
    Company(
        "lumen-schools", "Lumen Schools Trust", "LUMEN-1", "Caretaker requests", "adopt",
        "Europe/London", "Public", 60, "tomas", "Grace Okafor",
        -70, -14, 30, 80, 320, staff(52, finance=False), (), (), "rollout", 0, 40,
    ),
)  # fmt: skip

FJORD = (
    Company(
        "bergen-buss", "Bergen Buss", "BERGEN-1", "Driver app", "adopt", "Europe/Oslo",
        "Mid-market", 70, "siri", "Harald Moe", -110, -60, -5, 50, 200, staff(60),
        ((60, 0.40), (0, 0.72)), (), "rollout", 6, 48,
    ),
    Company(
        "skog-paper", "Skog Paper", "SKOG-1", "Mill rounds", "signed_off", "Europe/Stockholm",
        "Enterprise", 90, "siri", "Lena Skog", -280, -190, -140, -50, 130, staff(76),
        ((190, 0.45), (120, 0.74), (0, 0.76)), (), "", 10, 60,
    ),
    Company(
        "vik-hotels", "Vik Hotels", "VIK-1", "Housekeeping", "sell", "Atlantic/Reykjavik",
        "Mid-market", 0, "siri", "Björk Jónsdóttir", None, None, None, None, 360,
    ),
)  # fmt: skip

PEOPLE = (
    Person("alex.moreau@northwind.example", "Alex Moreau", "admin"),
    Person("nadia.rahman@northwind.example", "Nadia Rahman", "manager"),
    Person("mara.lindqvist@northwind.example", "Mara Lindqvist", "csm"),
    Person("tomas.beran@northwind.example", "Tomáš Beran", "csm"),
    Person("claire.dubois@northwind.example", "Claire Dubois", "executive"),
    Person("jonas.eide@halden.example", "Jonas Eide", "lead", "halden-energy"),
    Person("emma.lund@halden.example", "Emma Lund", "member", "halden-energy"),
)

FJORD_PEOPLE = (
    Person("siri.haugen@fjord.example", "Siri Haugen", "admin"),
    Person("alex.moreau@northwind.example", "Alex Moreau", "executive"),
)
