"""A workspace of one's own: its settings, its mark, its data taken along, its end."""
