"""The jobs of a workspace, for those who look after it."""
