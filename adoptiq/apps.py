from django.apps import AppConfig


class AdoptIQConfig(AppConfig):
    name = "adoptiq"

    def ready(self) -> None:
        from adoption.queries.barriers import waiting_barriers
        from adoptiq import celery, nightly  # noqa: F401 (tasks go to this Celery app from here on)
        from adoptiq.notices import tell_of_acceptance
        from adoptiq.runs.operations import tell_admins
        from adoptiq.workspace import tasks
        from engagements.operations import merging
        from engagements.queries import get_customer_names, get_stand_ins, next_action
        from metrics.queries import overdue_readings
        from notifications import tasks as mail
        from notifications.operations import ALSO_TO
        from people.operations.invitations import ON_ACCEPTED
        from people.queries import take_customer_names_from
        from tenancy import jobs
        from usage import operations as usage

        nightly.register()
        tasks.register()
        mail.register()
        take_customer_names_from(get_customer_names)
        jobs.ON_PARKED.append(tell_admins)
        ON_ACCEPTED.append(tell_of_acceptance)
        merging.COUNTED.append(
            merging.Counting("usage", usage.ask_for_recount, usage.withdraw_recount)
        )
        ALSO_TO.append(get_stand_ins)
        next_action.SOURCES += [waiting_barriers, overdue_readings]
