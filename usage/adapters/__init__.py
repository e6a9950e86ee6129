"""What arrives, turned into canonical events: one file a wire format, pure functions."""
