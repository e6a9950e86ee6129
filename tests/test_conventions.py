"""The rules of the house that no other tool holds."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.db import connections, models
from django.urls import URLPattern, URLResolver, get_resolver

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel
from tests.paths import ROOT

APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
CODE = [ROOT / "manage.py"] + [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
TEXTS = [
    *CODE,
    *(path for folder in ("templates", "static/css", "static/js", "docs", "docker") for path in sorted((ROOT / folder).rglob("*")) if path.is_file()),
    *(path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix != ".lock"),
]  # fmt: skip
LONGEST_FILE = 400
LONGEST_FUNCTION = 30

# What a checkout must not know: where it was made, and where packages come from.
UNSAID = re.compile(
    r"(?<![\w.<>])/(?:home|root|work|Users)/|\.\./shared|pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org"
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def body_length(function: Function) -> int:
    """Lines of a function, its docstring left out."""
    documented = ast.get_docstring(function) is not None
    first = function.body[1 if documented and len(function.body) > 1 else 0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_every_return_is_typed() -> None:
    untyped = [f"{name(p)} {f.name}" for p in CODE for f in functions(p) if f.returns is None]
    assert untyped == []


def test_functions_are_short() -> None:
    long = [
        f"{name(p)} {f.name}"
        for p in CODE
        for f in functions(p)
        if body_length(f) > LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short() -> None:
    long = [name(path) for path in CODE if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long == []


def test_nothing_is_left_for_later() -> None:
    left = [name(path) for path in CODE if re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text())]
    assert left == []


def test_no_text_names_a_machine_or_a_package_index() -> None:
    found = {}
    for path in TEXTS:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if match := UNSAID.search(text):
            found[name(path)] = match[0]
    assert found == {}


@pytest.mark.parametrize(
    "text", ["see /home/somebody", '"/Users/x"', "a/../shared/y", "https://pypi.org"]
)
def test_the_search_finds_what_it_must(text: str) -> None:
    assert UNSAID.search(text)
    assert not UNSAID.search("/w/acme/work/ and /workspace and `/w/<workspace>/`")


def test_lock_files_hold_versions_and_hashes_only() -> None:
    for path in ROOT.glob("*.lock"):
        lines = path.read_text().splitlines()
        assert lines, path.name
        assert [line for line in lines if "://" in line or line.startswith("-")] == []


def test_reads_are_asked_by_keyword() -> None:
    """`get_<noun>(*, …)`: a call says what it asks for."""
    positional = [
        f"{name(path)} {function.name}"
        for path in CODE
        if "queries" in (path.stem, path.parent.name)
        for function in functions(path)
        if function.name.startswith("get_") and (function.args.args or function.args.posonlyargs)
    ]
    assert positional == []


def test_no_row_of_workspace_data_is_counted_by_grouping() -> None:
    """PostgreSQL groups by the whole primary key; Django would name its `id` and be refused."""
    grouped = re.compile(r"objects(\.\w+\([^()]*\))*\.annotate\(\s*\w+=(Count|Sum|Max|Min|Avg)\(")
    by_values = re.compile(r"\.values(_list)?\(")
    found = [
        name(path)
        for path in CODE
        for match in grouped.finditer(path.read_text())
        if not by_values.search(match[0])
    ]
    assert found == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_keys_between_rows_of_workspace_data_carry_the_workspace() -> None:
    loose = [
        str(field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantForeignKey)
    ]
    assert loose == []
    assert checks.run_checks(databases=list(connections)) == []


def test_no_table_is_hidden_behind_a_many_to_many() -> None:
    hidden = [
        str(field)
        for model in apps.get_models()
        for field in model._meta.local_many_to_many
        if model._meta.app_label in APPS and field.remote_field.through._meta.auto_created
    ]
    assert hidden == []


def views(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name, pattern.callback


def test_an_address_is_called_what_its_view_is_called() -> None:
    """One word the whole way; inside an app's own names a part of the word may be left out."""
    strange = [
        (address, view.__name__)
        for address, view in views(get_resolver().url_patterns)
        if view.__module__.partition(".")[0] in APPS and not hasattr(view, "cls")
        if not (set(address.split("_")) & set(view.__name__.split("_"))) and address != "home"
    ]
    assert strange == []


def test_every_app_says_its_name_in_addresses() -> None:
    for app in APPS:
        paths = [ROOT / app / "urls.py", ROOT / app / "urls" / "__init__.py"]
        for path in filter(Path.is_file, paths):
            assert app == "adoptiq" or f'app_name = "{app}"' in path.read_text()


def test_pages_are_functions_and_say_who_may() -> None:
    """Each view inside a workspace asks for a permission before it does anything else."""
    silent = []
    addressed = {view.__name__ for _name, view in views(get_resolver().url_patterns)}
    for path in CODE:
        if "views" not in (path.stem, path.parent.name):
            continue
        for function in functions(path):
            asks = [arg for arg in function.args.args if _is_workspace_request(arg)]
            text = ast.unparse(function)
            public = asks and function.name in addressed
            if public and _answers(function) and not re.search(r"\b(require|may)\(", text):
                silent.append(f"{name(path)} {function.name}")
    assert silent == []


def _is_workspace_request(argument: ast.arg) -> bool:
    return (
        argument.annotation is not None and ast.unparse(argument.annotation) == "WorkspaceRequest"
    )


def _answers(function: Function) -> bool:
    return function.returns is not None and ast.unparse(function.returns) == "HttpResponse"
