"""What comes in from outside: files by their bytes, scanners by their protocol."""
