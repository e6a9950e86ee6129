"""The six impact groups of the worked example: shares of the resources, scores before and after."""

from metrics.learning import GroupScores, assess

NAMES = "ABCDEF"
EFFORT = (14, 23, 8, 35, 16, 4)
BEFORE = (65, 45, 16, 54, 57, 35)
AFTER = (89, 90, 56, 98, 76, 74)

GROUPS = tuple(
    GroupScores(key=name.lower(), name=name, before=before, after=after, effort=effort / 100)
    for name, before, after, effort in zip(NAMES, BEFORE, AFTER, EFFORT, strict=True)
)
LEARNING = assess(GROUPS)
