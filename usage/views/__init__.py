"""Pages of usage, and the doors events come in by."""
