"""Measures and decisions as the API writes and reads them."""
