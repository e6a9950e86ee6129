"""Why a file is not read as a plan."""


class UnreadablePlan(ValueError):
    """A file that cannot be read as a plan; one plain line that names the row, step or line."""
