"""Which user the services run as. PostgreSQL refuses root, so root steps down."""

import os
import pwd
import subprocess
from pathlib import Path

from adoptiq.embedded.folder import Home, ServicesUnavailable
from adoptiq.supervisor import Account

UNPRIVILEGED = "nobody"
OTHER_PLACES = ("/var/lib", "/srv", "/opt", "/var/tmp", "/tmp")  # noqa: S108


def service_account(home: Home) -> Account | None:
    """The user to step down to, or None when we are not root.

    It is the owner of ADOPTIQ_HOME, or nobody when that is root.
    """
    if os.geteuid() != 0:
        return None
    owner = home.path.stat().st_uid
    try:
        found = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise ServicesUnavailable(
            "PostgreSQL does not run as root, and this machine has no user to step down to "
            f"(user id {owner or UNPRIVILEGED}); start AdoptIQ as an ordinary user."
        ) from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def open_to(account: Account | None, home: Home) -> None:
    """Lets the service account pass through ADOPTIQ_HOME, changing nothing outside it.

    Raises ServicesUnavailable, naming a folder that works, when a folder above is closed to it.
    """
    if account is None:
        return
    if home.path.stat().st_uid != account.uid:
        home.path.chmod(home.path.stat().st_mode & 0o7777 | 0o011)
    if not can(account, 'cd "$1"', home.path):
        raise ServicesUnavailable(
            f"Started by root, PostgreSQL runs as the user {account.name}, who cannot reach "
            f"{home.path}; set ADOPTIQ_HOME={_reachable_folder(account)} or run as another user."
        )


def can(account: Account, test: str, path: Path) -> bool:
    """Whether the account passes a shell test on a path, which the test calls $1."""
    answer = subprocess.run(
        ["/bin/sh", "-c", test, "sh", str(path)],
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return answer.returncode == 0


def _reachable_folder(account: Account) -> Path:
    for place in OTHER_PLACES:
        if can(account, 'cd "$1"', Path(place)):
            return Path(place) / "adoptiq"
    return Path("/adoptiq")
