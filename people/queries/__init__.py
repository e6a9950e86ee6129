"""Reads about people, their places in a workspace, its keys, and what lets somebody in."""

from people.queries.customers import get_customer_names, take_customer_names_from
from people.queries.keys import KeyRow, get_api_keys
from people.queries.letters import get_letter, is_short_name_taken
from people.queries.members import (
    SIDES,
    SORTS,
    InvitationRow,
    Member,
    get_invitations,
    get_members,
    get_role_choices,
    get_staff,
    person_of,
)
from people.queries.security import (
    GUARDING,
    has_second_factor,
    is_address_of_another,
    lacks_second_factor,
)

__all__ = [
    "GUARDING",
    "SIDES",
    "SORTS",
    "InvitationRow",
    "KeyRow",
    "Member",
    "get_api_keys",
    "get_customer_names",
    "get_invitations",
    "get_letter",
    "get_members",
    "get_role_choices",
    "get_staff",
    "has_second_factor",
    "is_address_of_another",
    "is_short_name_taken",
    "lacks_second_factor",
    "person_of",
    "take_customer_names_from",
]
