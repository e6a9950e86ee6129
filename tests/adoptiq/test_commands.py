"""Management commands, called as the command line calls them."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from adoptiq import nightly
from tenancy.models import JobRun
from tests.factories import Cast, make_tenant
from tests.paths import ROOT


def night(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("nightly", *arguments, stdout=out)
    return out.getvalue().splitlines()


def latest(cast: Cast) -> date:
    return nightly.closed_day(cast.tenant, datetime.now(UTC))


def test_waiting_without_a_worker_does_the_work_here(cast: Cast) -> None:
    day = latest(cast)
    assert night("--workspace", "acme", "--wait") == [f"acme {day} closed"]
    runs = JobRun.objects.filter(tenant=cast.tenant, business_date=day)
    assert {run.job for run in runs} == {name for name, _step in nightly.STEPS}
    assert {run.state for run in runs} == {JobRun.State.DONE}
    assert not JobRun.objects.filter(tenant=cast.other_tenant).exists()


def test_a_night_may_be_repeated(cast: Cast) -> None:
    first = night("--workspace", "acme", "--wait")
    assert night("--workspace", "acme", "--wait") == first
    assert JobRun.objects.filter(tenant=cast.tenant).count() == len(nightly.STEPS)


def test_every_workspace_has_its_own_last_day(cast: Cast) -> None:
    now = datetime.now(UTC)
    assert night() == [
        f"{tenant.slug} {nightly.closed_day(tenant, now)} begun"
        for tenant in (cast.tenant, cast.other_tenant)
    ]
    assert {run.state for run in JobRun.objects.all()} == {JobRun.State.DUE}


def test_a_past_day_may_be_named(cast: Cast) -> None:
    day = latest(cast) - timedelta(days=3)
    assert night("--workspace", "acme", "--date", str(day), "--wait") == [f"acme {day} closed"]


def test_a_day_that_is_not_over_is_refused(cast: Cast) -> None:
    tomorrow = latest(cast) + timedelta(days=2)
    with pytest.raises(CommandError, match=f"{tomorrow} is not over in acme yet"):
        night("--workspace", "acme", "--date", str(tomorrow))
    assert not JobRun.objects.exists()


def test_a_day_refused_for_one_workspace_begins_no_night_for_another(db: None) -> None:
    """The first is a day ahead of the second at every moment."""
    ahead = make_tenant("ahead", time_zone="Pacific/Kiritimati")
    make_tenant("behind", time_zone="Pacific/Pago_Pago")
    day = nightly.closed_day(ahead, datetime.now(UTC))
    with pytest.raises(CommandError, match=f"{day} is not over in behind yet"):
        night("--date", str(day))
    assert not JobRun.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--workspace", "nowhere"), "no workspace nowhere"),
        (("--date", "yesterday"), "invalid"),
        (("--date", "2026-13-01"), "invalid"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cast: Cast, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        night(*arguments)


def test_help_needs_no_services() -> None:
    for command in ("nightly", "create_workspace", "import_plan", "load_demo"):
        done = subprocess.run(
            [sys.executable, "manage.py", command, "--help"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"manage.py {command}" in done.stdout
