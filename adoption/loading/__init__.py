"""What a plan asks of people, roles and places: loads, overloads, and levelling, as arithmetic.

    demand = Demand(needs, capacities)
    demand.loads(schedule).overloads()     # who is asked for more than there is, and when
    level(schedule, demand).moved          # what would have to wait for that to end

Units are hundredths (100 is one whole person or room), time is points of the plan's axis.
"""

from adoption.loading.levelling import Demand, Levelled, Moved, level
from adoption.loading.loads import Booked, Loads, Need, Overload

__all__ = ["Booked", "Demand", "Levelled", "Loads", "Moved", "Need", "Overload", "level"]
