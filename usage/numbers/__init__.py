"""Adoption in numbers, after one set of definitions: rows of use in, explained values out.

Every function takes plain arrays (days in the customer's own time zone) and says in its value whom
it counted and among whom, so that a page can open the rows behind a number.
"""

# Raised whenever a formula changes and kept beside whatever is stored, so that old numbers are never
# read as new ones.
DEFINITION_VERSION = 1
