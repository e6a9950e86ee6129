"""The screens of a workspace of one's own."""
