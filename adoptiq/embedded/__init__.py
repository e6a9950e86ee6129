"""PostgreSQL and Valkey from Python wheels, used when no DATABASE_URL / REDIS_URL is given.

`running(home)` joins the services of a data folder or has them started. They are children of a
small keeper process that lives exactly as long as somebody uses them (see keeper.py); every
process in the chain ends with the one before it, so nothing is left behind by a kill -9.

Both listen on 127.0.0.1 only, on ports kept in the data folder, with generated passwords. There is
no Unix socket, so a data folder may be as deep as the file system allows.
"""

from adoptiq.embedded.folder import ServicesUnavailable
from adoptiq.embedded.users import (
    Endpoints,
    create_database,
    default_home,
    in_use,
    provided,
    revive,
    running,
    to_stderr,
)

__all__ = [
    "Endpoints",
    "ServicesUnavailable",
    "create_database",
    "default_home",
    "in_use",
    "provided",
    "revive",
    "running",
    "to_stderr",
]
