"""Microsoft Project XML (MSPDI), as Project 2007 and later save it."""

from adoption.adapters.mspdi.project import read_mspdi
from adoption.adapters.mspdi.writing import write_mspdi

__all__ = ["read_mspdi", "write_mspdi"]
