from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from adoption.queries import get_plan
from tenancy.scope import tenant_scope
from tests.adoption.plans import project_file
from tests.factories import Cast

TABLE = "id,name,duration,predecessors\n1,Design,5d,\n2,Approve,2d,1FS+1d\n"


def run(file: Path, *arguments: str, engagement: str = "HALDEN-1") -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(
        "import_plan",
        str(file),
        *(arguments or ("--workspace", "acme")),
        "--engagement",
        engagement,
        stdout=out,
        stderr=err,
    )
    return out.getvalue(), err.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE)
    return path


def test_a_project_file_comes_in_with_one_line_said(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "programme.xml"
    path.write_bytes(project_file("programme_64_packages").read())
    said, remarks = run(path)
    with tenant_scope(cast.tenant.pk):
        plan = get_plan(engagement_id=cast.engagement.pk)
    assert plan is not None
    assert said == (
        f"{plan.packages} work packages, {plan.critical} critical,"
        f" {plan.start:%Y-%m-%d} to {plan.finish:%Y-%m-%d}\n"
    )
    assert remarks.splitlines()[0] == f"{len(plan.warnings)} remarks"


def test_the_forecast_may_follow_today(cast: Cast, table: Path) -> None:
    run(table, "--workspace", "acme", "--follow-today")
    with tenant_scope(cast.tenant.pk):
        plan = get_plan(engagement_id=cast.engagement.pk)
    assert plan is not None
    assert plan.follows_today


def test_what_is_not_there_is_named(cast: Cast, table: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no workspace nowhere"):
        run(table, "--workspace", "nowhere")
    with pytest.raises(CommandError, match="no engagement CANARY-1"):
        run(table, engagement="CANARY-1")
    with pytest.raises(CommandError, match=r"none\.csv: No such file"):
        run(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="directory"):
        run(tmp_path)


def test_a_circle_is_named_and_nothing_is_kept(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE.replace("5d,", "5d,2"))
    with pytest.raises(CommandError, match=r"plan\.csv: .*Design → Approve → Design"):
        run(path)
    with tenant_scope(cast.tenant.pk):
        assert get_plan(engagement_id=cast.engagement.pk) is None
