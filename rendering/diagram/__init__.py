"""Time lines and networks as SVG values that a template draws. No models, no Django.

drawing = gantt(rows, links, today=today, name="plan")
{% include "components/_gantt.html" with gantt=drawing %}
"""

from rendering.diagram.gantt import Gantt, gantt
from rendering.diagram.network import Network, NetworkEdge, NetworkNode, network
from rendering.diagram.rows import GanttLink, GanttMark, GanttRow, GanttWords
from rendering.diagram.standalone import RowName, gantt_svg, network_svg

__all__ = [
    "Gantt",
    "GanttLink",
    "GanttMark",
    "GanttRow",
    "GanttWords",
    "Network",
    "NetworkEdge",
    "NetworkNode",
    "RowName",
    "gantt",
    "gantt_svg",
    "network",
    "network_svg",
]
