from datetime import date

from engagements import operations
from people.models import User
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_engagement
from tests.pages import queries_of


def test_their_people_land_on_their_own_page(cast: Cast) -> None:
    answer = cast.browser(cast.member).get(cast.at(""), follow=True)
    assert answer.redirect_chain == [(cast.at(f"customers/{cast.customer.pk}/side/"), 302)]
    said = answer.content.decode()
    assert "Halden roll-out" in said
    assert "csm@example.org" in said
    assert "This is what people at" not in said


def test_the_page_of_another_customer_is_not_there(cast: Cast) -> None:
    path = cast.at(f"customers/{cast.second_customer.pk}/side/")
    assert cast.browser(cast.lead).get(path).status_code == 404
    staff = cast.browser(cast.csm).get(path)
    assert "This is what people at Solberg see first." in staff.content.decode()


def test_what_waits_for_them_is_what_they_can_do_something_about(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.write_criterion(
            engagement=cast.engagement, fields={"statement": "Orders in the tool"}, by=cast.csm
        )
        fields = {
            "title": "Late data",
            "probability": 4,
            "impact": 4,
            "mitigation_due_date": date(2026, 11, 1),
        }
        operations.raise_risk(engagement=cast.engagement, fields=fields, by=cast.csm)
        for title, owner in (("Name the trainers", cast.lead), ("Book the room", cast.csm)):
            _give(cast, title, owner)
    said = _page(cast)
    assert "Agree “Orders in the tool”" in said
    assert "Name the trainers" in said
    assert "Book the room" not in said
    assert "Mitigate" not in said


def test_without_an_engagement_it_says_what_will_stand_here(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        cast.engagement.delete()
    assert "Nothing has begun yet" in _page(cast)


def test_it_costs_few_queries(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        make_engagement(cast.customer, "HALDEN-2")
    path = cast.at(f"customers/{cast.customer.pk}/side/")
    assert queries_of(cast.browser(cast.lead), path) <= 25


def _page(cast: Cast) -> str:
    path = cast.at(f"customers/{cast.customer.pk}/side/")
    return " ".join(cast.browser(cast.lead).get(path).content.decode().split())


def _give(cast: Cast, title: str, owner: User) -> None:
    fields = {"title": title, "engagement": cast.engagement, "owner": owner, "shared": True}
    operations.add_task(fields=fields, by=cast.csm)
