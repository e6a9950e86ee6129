"""Devices somebody has signed in from, and what a browser calls itself.

A device carries a signed list of keyed hashes of addresses, so a try with a wrong password from it
is counted for the device and not for the account.
"""

import hashlib
import hmac
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

SALT = "people.devices"
MOST_ACCOUNTS = 5
YEAR_SECONDS = 31_536_000
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def known_device(request: HttpRequest, email: str) -> str:
    """The id of this device when the address was signed in from it before; else nothing."""
    carried = _read(request)
    return str(carried["id"]) if _hashed(email) in carried["for"] else ""


def remember_device(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    carried = _read(request)
    accounts = [_hashed(email), *(one for one in carried["for"] if one != _hashed(email))]
    value = {"id": carried["id"], "for": accounts[:MOST_ACCOUNTS]}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(value, salt=SALT),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    text = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        carried: dict[str, Any] = signing.loads(text, salt=SALT, max_age=YEAR_SECONDS)
    except signing.BadSignature:
        return {"id": token_hex(8), "for": []}
    return carried


def _hashed(email: str) -> str:
    words = f"device {email.strip().lower()}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), words, hashlib.sha256).hex()[:32]


def describe_device(user_agent: str) -> str:
    """“Firefox on Windows”, as far as the browser says."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
