"""What `manage.py check` refuses: a table without an owner, a key that leaves its workspace."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from tenancy.models import TenantModel

# Tables that stand outside row security, each with its reason.
GLOBAL_TABLES = {
    "tenancy.tenant": "read to find out which workspace a request is for",
    "tenancy.membership": "read to decide whether a person may enter a workspace",
    "tenancy.apikey": "read to find the workspace a key belongs to",
    "tenancy.countedtry": "counts tries before anybody is signed in; keyed hashes only",
    "tenancy.jobrun": "the queue of record, read by the dispatcher across workspaces",
    "notifications.duemail": "which mail is due, read by the sender across workspaces; ids only",
    "notifications.mailchoice": "how a person wants mail, in whichever workspace they are",
    "people.user": "one person may belong to several workspaces",
    "people.mailedlink": "links for signing in, read before anybody is",
    "people.invitation": "read by somebody who does not belong to the workspace yet",
    "people.registration": "asks for a workspace that is not there yet",
    "engagements.answerlink": "read to find the survey a link by mail is for, before any sign-in",
    "usage.namechange": "written by triggers in any scope; says that, never what",
    "usage.sourcekey": "read to find the workspace a source key belongs to",
}
THIRD_PARTY = {
    "account": "sign-in addresses and confirmations, of people",
    "auth": "Django's permission tables, unused but required by the user model",
    "contenttypes": "Django's list of models",
    "mfa": "second factors, of people",
    "sessions": "sign-in sessions, of people",
    "usersessions": "where each sign-in session is used, of people",
}


@checks.register(checks.Tags.models)
def every_table_has_an_owner(**_kwargs: Any) -> list[checks.CheckMessage]:
    problems: list[checks.CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in THIRD_PARTY or model._meta.label_lower in GLOBAL_TABLES:
            continue
        problems += _unowned(model) if not issubclass(model, TenantModel) else _loose_keys(model)
    return problems


def _unowned(model: type[models.Model]) -> Iterable[checks.CheckMessage]:
    yield checks.Error(
        f"{model._meta.label} belongs to no workspace.",
        hint="Derive it from TenantModel, or list it in GLOBAL_TABLES with the reason.",
        id="tenancy.E001",
    )


def _loose_keys(model: type[models.Model]) -> Iterable[checks.CheckMessage]:
    for field in model._meta.concrete_fields:
        constrained = isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True)
        if constrained and issubclass(field.related_model or object, TenantModel):
            yield checks.Error(
                f"{model._meta.label}.{field.name} could point into another workspace.",
                hint="Use TenantForeignKey.",
                id="tenancy.E002",
            )
