"""Every page in every state that can be opened, for tests that look at all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.places import WORKSPACE, Places

# One without a plan and a measure, one that has everything, one that fell silent.
BARE, FULL, SILENT = "FERRO-1", "HALDEN-1", "MARLOW-1"
# One that is still in its first talks.
SELLING = "BRIGHT-1"
MONTH_AGO = datetime.now(UTC).date() - timedelta(days=30)
BAD_CUSTOMERS = b"external_id,name,time_zone\nscene,Scene,Mars/Base\n,Nameless,Europe/Oslo\n"
BAD_USAGE = (
    b"message_id,timestamp,customer_id,user_id,event,feature\n"
    b"a,2026-01-05T09:30:00,scene,eva,Feature Used,Reports\n"
    b"b,yesterday,scene,eva,Feature Used,Reports\n"
)


def as_it_is(page: Page) -> None:
    """Nothing is done to the page."""


def submit(page: Page) -> None:
    """Sends the page's form as it stands, past the browser's own checks."""
    form = page.locator("main form").last
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("main [role=alert]").first).to_be_visible()


def see_address(page: Page) -> None:
    page.get_by_role("button", name="Make an address").click()
    expect(page.locator("#feed-address")).to_be_visible()


def submit_quick(page: Page) -> None:
    """The box on top of a timeline, with nothing in it."""
    form = page.locator("main form.quick")
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("main [role=alert]").first).to_be_visible()


def offer_people(page: Page) -> None:
    page.get_by_label("What was said or happened").press_sequentially("@")
    expect(page.get_by_role("option").first).to_be_visible()


def upload(name: str, content: bytes) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        payload: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
        page.locator("main input[type=file]").set_input_files(payload)
        page.locator("main form .btn-primary").click()

    return act


def see_columns(page: Page) -> None:
    upload("customers.csv", BAD_CUSTOMERS)(page)
    expect(page.get_by_role("region", name="Columns", exact=True)).to_be_visible()


def see_faults(page: Page) -> None:
    see_columns(page)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("region", name="Faults")).to_be_visible()


def see_wrong_scores(page: Page) -> None:
    page.get_by_role("link", name="Work orders, final task").click()
    page.get_by_role("link", name="Results from a table").click()
    page.get_by_label("Or paste the rows").fill("external_id,stage,score,day\nnobody,later,x,\n")
    page.get_by_role("button", name="Look through it").click()
    expect(page.get_by_role("heading", name="so nothing came in")).to_be_visible()


def open_person(page: Page) -> None:
    page.locator("#people tbody th a").first.click()
    page.locator("a.happened").first.click()
    expect(page.get_by_role("heading", name="Events as they were counted")).to_be_visible()


def ask_why(page: Page) -> None:
    page.locator("svg.network a.node").last.click()
    expect(page.get_by_role("heading", name="Why is")).to_be_visible()


def see_log_columns(page: Page) -> None:
    upload("usage.csv", BAD_USAGE)(page)
    expect(page.get_by_role("region", name="What the first rows become")).to_be_visible()


def see_left_out(page: Page) -> None:
    see_log_columns(page)
    page.get_by_label("Times without a zone are those of").select_option("")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("region", name="Rows left out")).to_be_visible()


def see_refused(page: Page) -> None:
    upload("usage.pdf", b"%PDF-1.7")(page)
    expect(page.get_by_text("This is a PDF")).to_be_visible()


def see_refused_plan(page: Page) -> None:
    upload("plan.xml", b"<Project><Tasks>")(page)
    expect(page.locator("main [role=alert]")).to_be_visible()


def see_checked_plan(page: Page) -> None:
    upload("plan.csv", b"Nr,Task Name,Duration\n1,Begin,2d\n2,End,3d\n")(page)
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()


def see_what_if(page: Page) -> None:
    page.get_by_role("region", name="What-ifs").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Try other figures")).to_be_visible()


def open_resource(page: Page) -> None:
    page.locator(".loads tbody th a").first.click()
    expect(page.get_by_role("heading", name="When it is there")).to_be_visible()


def ask_for_days(page: Page) -> None:
    open_resource(page)
    page.get_by_label("From").fill("2027-01-04")
    page.get_by_label("Until").fill("2027-01-15")
    page.get_by_role("button", name="See what moves").click()
    expect(page.get_by_role("heading", name="What this would move")).to_be_visible()


def open_beside(page: Page) -> None:
    page.locator(".outline .critical a.t").first.click()
    beside = page.locator("#side")
    expect(beside.get_by_role("heading", name="Why it is here")).to_be_visible()


def open_package(page: Page) -> None:
    open_beside(page)
    page.locator("#side .side-whole a").click()
    expect(page.locator(".package-page")).to_be_visible()


def edit_what_if(page: Page) -> None:
    see_what_if(page)
    page.get_by_role("link", name="Edit it as a whole").click()
    expect(page.get_by_text("You are trying")).to_be_visible()


def see_it_copied(page: Page) -> None:
    page.get_by_label("Like the plan of").select_option(index=1)
    page.get_by_role("button", name="See the dates").click()
    expect(page.locator("#dates-title")).to_be_visible()


def refuse_package(page: Page) -> None:
    open_package(page)
    form = page.locator("form.package-form")
    form.get_by_label("Duration").fill("soon")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_visible()


def choose_rows(page: Page) -> None:
    for box in page.locator("[data-grid] input[name=row]").all()[1:3]:
        box.check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 rows chosen")


def ask_what_moves(page: Page) -> None:
    cell = page.locator(".outline .critical [data-cell=duration]").last
    cell.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("60d")
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_be_visible()


def list_plan_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog", name="Keys of the outline")).to_be_visible()


def see_refused_file(page: Page) -> None:
    upload("photo.png", b"<svg onload='x()'/>")(page)
    expect(page.get_by_text("One file was not kept.")).to_be_visible()


def open_file(page: Page) -> None:
    page.locator(".file-name a").first.click()
    expect(page.get_by_role("heading", name="Versions")).to_be_visible()


def open_attach(page: Page) -> None:
    page.locator("a.attach-more").first.click()
    expect(page.get_by_role("heading", name="Attach files")).to_be_visible()


def open_menu(page: Page) -> None:
    page.locator("details.menu > summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def open_table(page: Page) -> None:
    page.locator("details.as-table > summary").first.click()
    expect(page.locator("details.as-table table").first).to_be_visible()


def await_figure(page: Page) -> None:
    expect(page.locator(".drawn[data-state=drawn]").first).to_be_visible()


def see_chart_and_table(page: Page) -> None:
    await_figure(page)
    open_table(page)


def make_key(page: Page) -> None:
    page.get_by_label("Name").last.fill(f"Scene {page.evaluate('Date.now()')}")
    page.locator("main form .btn-primary").last.click()
    expect(page.locator(".secret")).to_be_visible()


def open_key(page: Page) -> None:
    make_key(page)
    page.get_by_role("link", name="Change Scene").first.click()
    expect(page.get_by_role("heading", name="Make a successor")).to_be_visible()


def choose_holidays(page: Page) -> None:
    page.get_by_label("Public holidays of").select_option("DE")
    expect(page.get_by_label("Part of the country")).to_be_visible()
    page.get_by_label("Part of the country").select_option("BY")
    expect(page.get_by_text("Epiphany")).to_be_visible()


def refuse_deletion(page: Page) -> None:
    page.get_by_label("Name of the workspace").fill("another name")
    page.get_by_role("button", name="Close and delete").click()
    expect(page.get_by_text("This is not its name")).to_be_visible()


def add_source(page: Page) -> None:
    page.get_by_label("Name").last.fill(f"Scene {page.evaluate('Date.now()')}")
    page.locator("main form .btn-primary").last.click()
    expect(page.locator(".secret")).to_be_visible()


def open_source(tab: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("link", name="Web application").click()
        page.get_by_role("navigation", name="Source").get_by_role("link", name=tab).click()
        expect(page.locator(".tabs [aria-current]")).to_have_text(tab)

    return act


def find_person(page: Page) -> None:
    page.get_by_label("User id or e-mail").fill("person-1")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("button", name="Erase it")).to_be_visible()


def open_columns(page: Page) -> None:
    page.locator("details.columns-menu > summary").click()
    expect(page.get_by_role("group", name="Columns of the list")).to_be_visible()


def open_comparison(page: Page) -> None:
    page.get_by_role("link", name="Compare with").first.click()
    expect(page.get_by_role("region", name="Side by side")).to_be_visible()


def open_portfolio(page: Page) -> None:
    page.get_by_role("link", name="Choose ").first.click()
    expect(page.get_by_role("button", name="Hand over")).to_be_visible()


def refuse_agreement(page: Page) -> None:
    page.get_by_label("How much").fill("")
    submit(page)


def refuse_sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main [role=alert]").first).to_be_visible()


def suggest(page: Page) -> None:
    page.get_by_label("Name of your company").fill("Aurora Works")
    expect(page.get_by_text("is free")).to_be_visible()


def open_first(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("link", name=name).first.click()
        page.wait_for_url("**/members/*/**")

    return act


def ask_for_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/done/")


def find(words: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.locator("#palette-field").fill(words)
        answer = page.locator(f'#results[data-for="{words}"]')
        expect(answer.locator("[aria-selected=true]")).to_be_visible()
        expect(page.locator("#results[aria-busy]")).to_have_count(0)

    return act


def record_interview(page: Page) -> None:
    page.locator("main a[href$='/interviews/new/']").last.click()
    page.wait_for_url("**/interviews/new/")


def follow(*names: str) -> Callable[[Page], None]:
    """From link to link, the first of each name."""

    def act(page: Page) -> None:
        for name in names:
            before = page.url
            page.locator("main").get_by_role("link", name=name, exact=True).first.click()
            page.wait_for_url(lambda url, before=before: url != before)

    return act


def draft_survey(page: Page) -> None:
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/surveys/*-*/")


def preview_survey(page: Page) -> None:
    draft_survey(page)
    follow("Preview")(page)


def list_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def check_log(page: Page) -> None:
    page.get_by_role("button", name="Check the log").click()
    expect(page.get_by_text("none missing or altered")).to_be_visible()


def put_off(page: Page) -> None:
    page.locator("summary[data-key=s]").first.click()
    expect(page.get_by_role("button", name="Tomorrow morning").first).to_be_visible()


def open_mail(page: Page) -> None:
    page.locator("main tbody th a").first.click()
    expect(page.get_by_role("region", name="As mailed")).to_be_visible()


def open_paper(page: Page) -> None:
    page.locator("main tbody th a").first.click()
    expect(page.get_by_role("heading", name="What is known")).to_be_visible()


def give_alert(page: Page) -> None:
    page.locator("main .alert-acts a").first.click()
    expect(page.get_by_role("heading", name="Whose is it?")).to_be_visible()


def resolve_alert(page: Page) -> None:
    page.locator("main [data-key=e]").first.click()
    expect(page.get_by_role("heading", name="What was done?")).to_be_visible()


def open_draft(page: Page) -> None:
    page.get_by_role("row").filter(has_text="Draft").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What can be done")).to_be_visible()


def open_effects(page: Page) -> None:
    open_draft(page)
    page.get_by_role("link", name="Measures with Two coaches").click()
    expect(page.get_by_text("Closer a week by").first).to_be_visible()


def settle(page: Page) -> None:
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)


@dataclass(frozen=True)
class Scene:
    """A page, who looks at it, and what he does there first."""

    name: str
    role: str
    where: Callable[[Places], str]
    act: Callable[[Page], None] = as_it_is
    status: int = 200


def at(address: str) -> Callable[[Places], str]:
    return lambda places: address


def customer(key: str, rest: str = "") -> Callable[[Places], str]:
    return lambda places: places.customer(key, rest)


def engagement(key: str, rest: str = "") -> Callable[[Places], str]:
    return lambda places: places.engagement(key, rest)


def measure(key: str, rest: str = "") -> Callable[[Places], str]:
    return lambda places: places.measure(key, rest)


DOORS = (
    Scene("sign in", "", at("/accounts/login/")),
    Scene("sign in refused", "", at("/accounts/login/"), refuse_sign_in),
    Scene("password reset", "", at("/accounts/password/reset/")),
    Scene("password reset asked", "", at("/accounts/password/reset/"), ask_for_password),
    Scene("password change", "csm", at("/accounts/password/change/"), submit),
    Scene("e-mail addresses", "csm", at("/accounts/email/")),
    Scene("second factor", "csm", at("/accounts/2fa/")),
    Scene("passkeys", "csm", at("/accounts/2fa/webauthn/")),
    Scene("own account", "csm", at("/accounts/profile/")),
    Scene("sessions", "csm", at("/accounts/sessions/")),
    Scene("sign up", "", at("/accounts/signup/"), suggest),
    Scene("sign up refused", "", at("/accounts/signup/"), submit),
    Scene("link to sign in", "", at("/accounts/link/")),
    Scene("look into the mail", "", at("/accounts/link/sent/")),
    Scene("dead link", "", at("/accounts/link/none/"), status=410),
    Scene("dead invitation", "", at("/accounts/invitation/none/"), status=410),
    Scene("one member", "admin", at(f"{WORKSPACE}/settings/members/"), open_first("Change ")),
    Scene("member removed?", "admin", at(f"{WORKSPACE}/settings/members/"), open_first("Remove ")),
    Scene("sign out", "csm", at("/accounts/logout/")),
    Scene("workspaces", "admin", at("/?choose")),
    Scene("not found", "csm", at(f"{WORKSPACE}/nowhere/"), status=404),
    Scene("not allowed", "executive", at(f"{WORKSPACE}/settings/keys/"), status=403),
)
BOOK = (
    Scene("book", "csm", at(f"{WORKSPACE}/")),
    Scene("book filtered", "csm", at(f"{WORKSPACE}/?show=act&sort=name")),
    Scene("book by health", "csm", at(f"{WORKSPACE}/?health=good&sort=health")),
    Scene("book without a match", "csm", at(f"{WORKSPACE}/?q=zzzz")),
    Scene("account menu", "csm", at(f"{WORKSPACE}/"), open_menu),
    Scene("customer", "csm", customer(FULL), settle),
    Scene("customer that is new", "csm", customer("BRIGHT-1"), settle),
    Scene("new customer", "csm", at(f"{WORKSPACE}/customers/new/")),
    Scene("new customer refused", "csm", at(f"{WORKSPACE}/customers/new/"), submit),
    Scene("customer import", "csm", at(f"{WORKSPACE}/customers/import/")),
    Scene("customer import columns", "csm", at(f"{WORKSPACE}/customers/import/"), see_columns),
    Scene("customer import faults", "csm", at(f"{WORKSPACE}/customers/import/"), see_faults),
    Scene("edit customer", "csm", customer(FULL, "edit/")),
    Scene("new engagement refused", "csm", customer(FULL, "engagements/new/"), submit),
    Scene("edit engagement", "csm", engagement(FULL, "edit/")),
    Scene("engagement", "csm", engagement(FULL)),
    Scene("engagement that is new", "csm", engagement(BARE)),
    Scene("engagement for the customer", "lead", engagement(FULL)),
    Scene("customer’s own page", "lead", at(f"{WORKSPACE}/")),
    Scene("customer’s own page, seen by staff", "csm", customer(BARE, "side/")),
    Scene("customers", "csm", at(f"{WORKSPACE}/customers/?all=1")),
    Scene("customers, columns open", "csm", at(f"{WORKSPACE}/customers/?all=1"), open_columns),
    Scene(
        "customers, a view", "csm", at(f"{WORKSPACE}/customers/?csm=me&col=own:contract&col=arr")
    ),
    Scene("customers, none", "csm", at(f"{WORKSPACE}/customers/?q=nobody-like-that")),
    Scene("save a view", "csm", at(f"{WORKSPACE}/customers/views/new/?csm=me")),
    Scene("save a view refused", "csm", at(f"{WORKSPACE}/customers/views/new/?csm=me"), submit),
    Scene("customers that look alike", "csm", at(f"{WORKSPACE}/customers/duplicates/")),
    Scene("merge: which one", "csm", customer(FULL, "merge/?q=a")),
    Scene("merge: side by side", "csm", customer(FULL, "merge/?q=a"), open_comparison),
    Scene("hand-overs", "csm", at(f"{WORKSPACE}/customers/hand-overs/")),
    Scene("hand over: whose", "csm", at(f"{WORKSPACE}/customers/hand-overs/new/")),
    Scene("hand over", "csm", at(f"{WORKSPACE}/customers/hand-overs/new/"), open_portfolio),
    Scene("arrange cover refused", "csm", at(f"{WORKSPACE}/customers/covers/new/"), submit),
    Scene("fields of one’s own", "admin", at(f"{WORKSPACE}/settings/fields/")),
    Scene("new field refused", "admin", at(f"{WORKSPACE}/settings/fields/new/customer/"), submit),
    Scene("hypercare", "csm", engagement(FULL, "hypercare/")),
    Scene("hypercare that is not dated", "csm", engagement(SELLING, "hypercare/")),
)
PLAN = (
    Scene("plan", "csm", engagement(FULL, "plan/")),
    Scene("plan, critical rows", "csm", engagement(FULL, "plan/?show=critical")),
    Scene("plan, read only", "executive", engagement(FULL, "plan/?show=open&q=training")),
    Scene("plan, what is missing", "csm", engagement(FULL, "plan/?show=gaps"), choose_rows),
    Scene("plan, a question", "csm", engagement(FULL, "plan/"), ask_what_moves),
    Scene("keys of the outline", "csm", engagement(FULL, "plan/"), list_plan_keys),
    Scene("plan, held against the baseline", "csm", engagement(FULL, "plan/?against=1")),
    Scene("work package beside the outline", "csm", engagement(FULL, "plan/"), open_beside),
    Scene("work package", "csm", engagement(FULL, "plan/"), open_package),
    Scene("work package refused", "csm", engagement(FULL, "plan/"), refuse_package),
    Scene("work package, read only", "executive", engagement(FULL, "plan/"), open_package),
    Scene("no plan", "csm", engagement(BARE, "plan/")),
    Scene("no plan, read only", "executive", engagement(BARE, "plan/")),
    Scene("new plan refused", "csm", engagement(BARE, "plan/new/"), submit),
    Scene("new plan like another", "csm", engagement(BARE, "plan/new/like/"), see_it_copied),
    Scene("rows to paste refused", "csm", engagement(FULL, "plan/rows/paste/"), submit),
    Scene("network of a plan", "csm", engagement(FULL, "plan/network/")),
    Scene("network, critical path", "lead", engagement(FULL, "plan/network/?level=path&zoom=150")),
    Scene("network, a reason", "csm", engagement(FULL, "plan/network/"), ask_why),
    Scene("network without a plan", "csm", engagement(BARE, "plan/network/")),
    Scene("curve of a plan", "csm", engagement(FULL, "plan/curve/"), await_figure),
    Scene("resources of a plan", "csm", engagement(FULL, "plan/resources/")),
    Scene("resources without one", "csm", engagement(BARE, "plan/resources/")),
    Scene("resource", "csm", engagement(FULL, "plan/resources/"), open_resource),
    Scene("resource away", "csm", engagement(FULL, "plan/resources/"), ask_for_days),
    Scene("new resource refused", "csm", engagement(FULL, "plan/resources/new/"), submit),
    Scene("levelling", "csm", engagement(FULL, "plan/levelling/")),
    Scene("calendar of a plan", "csm", engagement(FULL, "plan/calendar/?do=customer")),
    Scene("calendar, read only", "executive", engagement(FULL, "plan/calendar/")),
    Scene("curve without a plan", "csm", engagement(BARE, "plan/curve/")),
    Scene("versions of a plan", "csm", engagement(FULL, "plan/versions/")),
    Scene("versions, read only", "executive", engagement(FULL, "plan/versions/")),
    Scene("versions without a plan", "csm", engagement(BARE, "plan/versions/")),
    Scene("what-if", "csm", engagement(FULL, "plan/versions/"), see_what_if),
    Scene("what-if as a whole", "csm", engagement(FULL, "plan/versions/"), edit_what_if),
    Scene("versions compared", "csm", engagement(FULL, "plan/compare/")),
    Scene("history of a plan", "csm", engagement(FULL, "plan/history/")),
    Scene("plan import", "csm", engagement(BARE, "plan/import/")),
    Scene("plan import refused", "csm", engagement(BARE, "plan/import/"), see_refused_plan),
    Scene("plan import checked", "csm", engagement(FULL, "plan/import/"), see_checked_plan),
    Scene("plan in a calendar", "lead", engagement(FULL, "plan/feed/"), see_address),
)
MEASURES = (
    Scene("promise", "csm", engagement(FULL, "promise/")),
    Scene("promise in first talks", "csm", engagement(SELLING, "promise/")),
    Scene("promise, read only", "lead", engagement(FULL, "promise/")),
    Scene("new criterion refused", "csm", engagement(FULL, "criteria/new/"), submit),
    Scene("people", "csm", engagement(FULL, "people/")),
    Scene("nobody", "csm", engagement(SELLING, "people/")),
    Scene("roster", "csm", engagement(FULL, "roster/?lack=access")),
    Scene("empty roster", "csm", engagement(SELLING, "roster/")),
    Scene("roster import", "csm", engagement(SELLING, "roster/import/")),
    Scene("risks", "csm", engagement(FULL, "risks/")),
    Scene("no risks", "csm", engagement(SELLING, "risks/")),
    Scene("new risk refused", "csm", engagement(FULL, "risks/new/"), submit),
    Scene("files", "csm", engagement(FULL, "files/")),
    Scene("files for the customer", "lead", engagement(FULL, "files/")),
    Scene("files, read only", "executive", engagement(FULL, "files/?sort=name")),
    Scene("no files", "csm", engagement(SELLING, "files/")),
    Scene("files refused", "csm", engagement(SELLING, "files/"), see_refused_file),
    Scene("files without a match", "admin", engagement(FULL, "files/?kind=slides")),
    Scene("files of a customer", "csm", customer(FULL, "files/")),
    Scene("file", "csm", engagement(FULL, "files/"), open_file),
    Scene("attach a file", "csm", engagement(FULL, "risks/"), open_attach),
    Scene("budget", "csm", engagement(FULL, "budget/")),
    Scene("no budget", "csm", engagement(SELLING, "budget/")),
    Scene("new budget line refused", "csm", engagement(FULL, "budget/new/"), submit),
    Scene("measures", "csm", engagement(FULL, "measures/")),
    Scene("no measures", "csm", engagement(BARE, "measures/")),
    Scene("measure", "csm", measure(FULL), see_chart_and_table),
    Scene("measure of a silent one", "csm", measure(SILENT), await_figure),
    Scene("decisions", "csm", engagement(FULL, "decisions/")),
    Scene("decision paper", "lead", engagement(FULL, "decisions/"), open_paper),
    Scene("draft of a decision", "csm", engagement(FULL, "decisions/"), open_draft),
    Scene("option and measures", "csm", engagement(FULL, "decisions/"), open_effects),
    Scene("new measure", "csm", engagement(BARE, "measures/new/")),
    Scene("when measures are read", "csm", engagement(FULL, "measures/plan/")),
    Scene("what measures leave open", "csm", engagement(FULL, "measures/gaps/")),
    Scene("readings from a file", "csm", engagement(FULL, "measures/readings/"), submit),
    Scene("what routes say", "csm", engagement(FULL, "measures/routes/"), await_figure),
    Scene("no routes", "csm", engagement(BARE, "measures/routes/")),
    Scene("what contacts say", "csm", engagement(FULL, "measures/support/"), await_figure),
    Scene("no contacts", "csm", engagement(BARE, "measures/support/")),
    Scene("register of routes", "csm", engagement(FULL, "routes/")),
    Scene("no register of routes", "csm", engagement(BARE, "routes/")),
    Scene("new route refused", "csm", engagement(FULL, "routes/new/"), submit),
    Scene("volumes of routes", "csm", engagement(FULL, "routes/volumes/")),
    Scene("volumes from a file", "csm", engagement(FULL, "routes/file/"), submit),
    Scene("contacts with the help desk", "lead", engagement(FULL, "support/")),
    Scene("no contacts written down", "csm", engagement(BARE, "support/")),
    Scene("new contact refused", "csm", engagement(FULL, "support/new/"), submit),
    Scene("how a measure is read", "csm", measure(FULL, "reading-plan/")),
    Scene("health", "csm", engagement(FULL, "health/"), await_figure),
    Scene("no health", "csm", engagement(BARE, "health/")),
    Scene("learning", "csm", engagement(FULL, "learning/"), await_figure),
    Scene("no learning", "csm", engagement(BARE, "learning/")),
    Scene("learning, groups alone", "member", engagement(FULL, "learning/"), await_figure),
    Scene("tests", "csm", engagement(FULL, "tests/")),
    Scene(
        "results of a test", "csm", engagement(FULL, "tests/"), follow("Work orders, final task")
    ),
    Scene("results refused", "csm", engagement(FULL, "tests/"), see_wrong_scores),
    Scene("new test refused", "lead", engagement(FULL, "tests/new/"), submit),
    Scene("barriers", "csm", engagement(FULL, "barriers/?state=all")),
    Scene("no barriers", "csm", engagement(BARE, "barriers/")),
    Scene("new barrier refused", "lead", engagement(FULL, "barriers/new/"), submit),
    Scene("health of a customer", "csm", customer(FULL, "health/")),
    Scene("resources by group", "lead", engagement(FULL, "measures/resources/"), await_figure),
    Scene(
        "resources planned", "csm", engagement(FULL, "measures/resources/?of=planned"), await_figure
    ),
    Scene("no resources by group", "csm", engagement(BARE, "measures/resources/")),
    Scene("alerts", "csm", at(f"{WORKSPACE}/alerts/")),
    Scene("alerts that are nobody's", "csm", at(f"{WORKSPACE}/alerts/?whose=nobody")),
    Scene("alert given away", "csm", at(f"{WORKSPACE}/alerts/"), give_alert),
    Scene("alert resolved", "csm", at(f"{WORKSPACE}/alerts/"), resolve_alert),
    Scene("measure to be removed", "csm", measure(FULL, "remove/")),
    Scene("what can be measured", "admin", at(f"{WORKSPACE}/settings/measures/")),
    Scene("new definition refused", "admin", at(f"{WORKSPACE}/settings/measures/new/"), submit),
    Scene("growth of adoption", "executive", at(f"{WORKSPACE}/portfolio/growth/")),
    Scene("own growth of adoption", "csm", at(f"{WORKSPACE}/portfolio/growth/")),
    Scene("what foresaw decisions", "csm", at(f"{WORKSPACE}/portfolio/foresight/")),
    Scene("how health is weighed", "admin", at(f"{WORKSPACE}/settings/health/")),
    Scene("agreement", "csm", measure(FULL, "agree/")),
    Scene("agreement refused", "csm", measure(FULL, "agree/"), refuse_agreement),
)
LOG = (
    Scene("timeline", "csm", engagement(FULL, "timeline/")),
    Scene("timeline, found", "csm", engagement(FULL, "timeline/?show=interactions&q=finance")),
    Scene("timeline without a match", "csm", engagement(FULL, "timeline/?q=zzzz")),
    Scene("timeline, people offered", "csm", engagement(FULL, "timeline/"), offer_people),
    Scene("quick entry refused", "csm", engagement(FULL, "timeline/"), submit_quick),
    Scene("timeline for the customer", "lead", engagement(FULL, "timeline/")),
    Scene("timeline in first talks", "csm", engagement(SELLING, "timeline/")),
    Scene("new interaction refused", "csm", engagement(FULL, "interactions/new/"), submit),
    Scene("new question refused", "csm", engagement(FULL, "questions/new/"), submit),
    Scene("talks", "csm", at(f"{WORKSPACE}/interactions/")),
    Scene("tasks", "csm", at(f"{WORKSPACE}/tasks/")),
    Scene("tasks of everybody", "lead", at(f"{WORKSPACE}/tasks/?show=all")),
    Scene("no tasks", "executive", at(f"{WORKSPACE}/tasks/")),
    Scene("new task refused", "csm", at(f"{WORKSPACE}/tasks/new/"), submit),
)
FEEDBACK = (
    Scene("feedback", "csm", engagement(FULL, "feedback/?show=all")),
    Scene("no feedback", "csm", engagement(SELLING, "feedback/")),
    Scene("feedback, read only", "lead", engagement(FULL, "feedback/")),
    Scene("instruments", "csm", engagement(FULL, "surveys/new/")),
    Scene("new survey refused", "csm", engagement(FULL, "surveys/new/?instrument=free"), submit),
    Scene("survey in draft", "csm", engagement(BARE, "surveys/new/?instrument=nps"), draft_survey),
    Scene(
        "survey as asked", "csm", engagement(BARE, "surveys/new/?instrument=nps"), preview_survey
    ),
    Scene("results", "csm", engagement(FULL, "feedback/"), follow("Satisfied so far?")),
    Scene(
        "interview",
        "csm",
        engagement(FULL, "feedback/"),
        record_interview,
    ),
    Scene("new concern refused", "csm", engagement(FULL, "concerns/new/"), submit),
    Scene("dead link to a survey", "", at("/answer/none/"), status=410),
)
USAGE = (
    Scene("usage", "csm", engagement(FULL, f"usage/?first={MONTH_AGO}"), see_chart_and_table),
    Scene("no usage", "csm", engagement(BARE, "usage/")),
    Scene("features used", "csm", engagement(FULL, "usage/features/"), see_chart_and_table),
    Scene("cohorts", "csm", engagement(FULL, "usage/cohorts/"), see_chart_and_table),
    Scene("people who use it", "csm", engagement(FULL, "usage/people/?counted=idle")),
    Scene("events of a person", "csm", engagement(FULL, "usage/people/"), open_person),
    Scene("rules of numbers", "admin", at(f"{WORKSPACE}/usage/rules/")),
    Scene("usage of all", "csm", at(f"{WORKSPACE}/usage/")),
    Scene("usage logs", "csm", at(f"{WORKSPACE}/usage/imports/")),
    Scene("usage log refused", "csm", at(f"{WORKSPACE}/usage/imports/"), see_refused),
    Scene("usage log columns", "csm", at(f"{WORKSPACE}/usage/imports/"), see_log_columns),
    Scene("usage log left out", "csm", at(f"{WORKSPACE}/usage/imports/"), see_left_out),
    Scene("sources", "admin", at(f"{WORKSPACE}/usage/sources/")),
    Scene("source", "admin", at(f"{WORKSPACE}/usage/sources/"), open_source("Volume and keys")),
    Scene("requests", "admin", at(f"{WORKSPACE}/usage/sources/"), open_source("Last requests")),
    Scene("personal data", "admin", at(f"{WORKSPACE}/usage/personal-data/"), find_person),
    Scene("recognition", "admin", at(f"{WORKSPACE}/usage/recognition/")),
    Scene("attach refused", "admin", at(f"{WORKSPACE}/usage/recognition/groups/new/"), submit),
    Scene("source key", "admin", at(f"{WORKSPACE}/usage/sources/"), add_source),
)
SETTINGS = (
    Scene("members", "admin", at(f"{WORKSPACE}/settings/members/")),
    Scene("members, refused", "admin", at(f"{WORKSPACE}/settings/members/"), submit),
    Scene("keys", "admin", at(f"{WORKSPACE}/settings/keys/")),
    Scene("one key", "admin", at(f"{WORKSPACE}/settings/keys/"), open_key),
    Scene("workspace settings", "admin", at(f"{WORKSPACE}/settings/")),
    Scene("working calendar", "admin", at(f"{WORKSPACE}/settings/calendar/"), choose_holidays),
    Scene("data of the workspace", "admin", at(f"{WORKSPACE}/settings/data/")),
    Scene("deletion refused", "admin", at(f"{WORKSPACE}/settings/data/"), refuse_deletion),
    Scene("new key", "admin", at(f"{WORKSPACE}/settings/keys/"), make_key),
    Scene("audit log", "admin", at(f"{WORKSPACE}/settings/audit/"), check_log),
    Scene("audit log filtered", "admin", at(f"{WORKSPACE}/settings/audit/?who=alex&first=x")),
    Scene("audit log without a match", "admin", at(f"{WORKSPACE}/settings/audit/?who=zzzz")),
    Scene("API documentation", "csm", at("/api/docs/")),
)
SHELL = (
    Scene("palette", "csm", at(f"{WORKSPACE}/"), find("")),
    Scene("palette, found", "csm", at(f"{WORKSPACE}/"), find("hal")),
    Scene("palette on a customer’s side", "lead", engagement(FULL), find("work")),
    Scene("keys of the keyboard", "csm", at(f"{WORKSPACE}/"), list_keys),
    Scene("search as a page", "csm", at(f"{WORKSPACE}/search/?q=hal")),
    Scene("search without a match", "lead", at(f"{WORKSPACE}/search/?q=zzzz")),
    Scene("inbox", "csm", at(f"{WORKSPACE}/inbox/")),
    Scene("inbox by customer", "csm", at(f"{WORKSPACE}/inbox/?by=customer"), put_off),
    Scene("inbox, put off", "csm", at(f"{WORKSPACE}/inbox/?tab=snoozed")),
    Scene("inbox, done", "csm", at(f"{WORKSPACE}/inbox/?tab=done")),
    Scene("inbox without a match", "csm", at(f"{WORKSPACE}/inbox/?kind=demo.ready")),
    Scene("mail of the workspace", "admin", at(f"{WORKSPACE}/settings/mail/")),
    Scene("one mail", "admin", at(f"{WORKSPACE}/settings/mail/?state=sent"), open_mail),
    Scene("no mail in that state", "admin", at(f"{WORKSPACE}/settings/mail/?state=failed")),
    Scene("how to hear of things", "csm", at("/accounts/notifications/")),
    Scene("dead link for stopping", "", at("/accounts/notifications/stop/none/"), status=410),
    Scene("inbox that is empty", "executive", at(f"{WORKSPACE}/inbox/")),
)
SCENES = DOORS + BOOK + PLAN + MEASURES + FEEDBACK + LOG + USAGE + SETTINGS + SHELL
