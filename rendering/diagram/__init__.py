"""Time lines and networks as SVG values that a template draws. No models, no Django.

drawing = gantt(rows, links, today=today, name="plan")
{% include "components/_gantt.html" with gantt=drawing %}
"""

from rendering.diagram.gantt import Gantt, gantt
from rendering.diagram.network import Network, NetworkEdge, NetworkNode, network
from rendering.diagram.rows import GanttLink, GanttMark, GanttRow, GanttWords

__all__ = [
    "Gantt",
    "GanttLink",
    "GanttMark",
    "GanttRow",
    "GanttWords",
    "Network",
    "NetworkEdge",
    "NetworkNode",
    "gantt",
    "network",
]
