from people.models.links import (
    KINDS,
    Invitation,
    Letter,
    MailedLink,
    Purpose,
    Registration,
)
from people.models.person import User, UserManager

__all__ = [
    "KINDS",
    "Invitation",
    "Letter",
    "MailedLink",
    "Purpose",
    "Registration",
    "User",
    "UserManager",
]
