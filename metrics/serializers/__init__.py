"""Measures and all that is read from them, as the API writes and reads it."""
