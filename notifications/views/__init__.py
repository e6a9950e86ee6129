"""Screens about what people are told, and how they want to hear of it."""
