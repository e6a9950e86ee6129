"""The embedded Valkey, the broker: append-only, never evicting, with a password."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import redis

from adoptiq.embedded.binaries import Binaries
from adoptiq.embedded.folder import (
    LOCALHOST,
    Home,
    ServiceSettings,
    is_same,
    make_folder,
    write_file,
)
from adoptiq.supervisor import Account, Program

CONFIGURATION = """\
bind {address}
port {port}
protected-mode yes
requirepass {password}
daemonize no
dir "{folder}"
appendonly yes
appendfsync {sync}
save ""
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Broker:
    """One Valkey server in ADOPTIQ_HOME/valkey."""

    home: Home
    binaries: Binaries
    account: Account | None
    settings: ServiceSettings
    fast: bool = False

    def create(self) -> None:
        """Makes its folder and configuration, which holds the password, for its account alone."""
        folder = self.home.broker
        make_folder(folder, self.home)
        configuration = _configuration(self.home)
        content = CONFIGURATION.format(
            address=LOCALHOST,
            port=self.settings.valkey_port,
            password=self.settings.valkey_password,
            folder=_quoted(str(folder)),
            sync="no" if self.fast else "everysec",
        )
        write_file(configuration, content, self.home)
        if self.account:
            for path in (folder, configuration):
                os.chown(path, self.account.uid, self.account.gid)

    def program(self) -> Program:
        return Program(
            name="Valkey",
            command=(str(self.binaries.valkey_server), str(_configuration(self.home))),
            folder=self.home.broker,
            environment={"LC_ALL": "C.UTF-8"},
            account=self.account,
            log=self.home.logs / "valkey.log",
            death_signal=signal.SIGTERM,
            patience_seconds=60.0,
        )


def broker_url(settings: ServiceSettings) -> str:
    return f"redis://:{settings.valkey_password}@{LOCALHOST}:{settings.valkey_port}/0"


def broker_accepts(settings: ServiceSettings, home: Home) -> bool:
    """Whether Valkey answers by now, and is ours; it does not while it reads its file back."""
    try:
        with redis.Redis.from_url(broker_url(settings), socket_timeout=5) as client:
            return is_same(client.info("server").get("config_file"), _configuration(home))
    except redis.RedisError:
        return False


def _configuration(home: Home) -> Path:
    return home.broker / "valkey.conf"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
