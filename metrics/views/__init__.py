"""Pages of measures: what is agreed, where it stands, where it is going."""
