"""Administration and one's own account in a real browser: a person is invited, sets up, and is kept out; a key; the record."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from api import passwords
from api.accounts import first_administrator
from tests.api.people import PASSWORD, Clock, code_of
from tests.browser.house import House
from tests.browser.looking import Visitor

pytestmark = pytest.mark.untraced
PAGES = (
    "", "/people", "/people/invite", "/keys", "/keys/new", "/webhooks", "/feeds", "/feeds/new", "/audit", "/policies",
    "/policies/sca",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.Cost(16, 1, 1))
        yield


@pytest.fixture(scope="module")
def root(house: House) -> str:
    """The token of the first administrator."""
    code = first_administrator(house.service.ledger, house.service.settings, house.service.clock())
    body = {"name": "admin", "code": code, "password": PASSWORD}
    found: str = httpx.post(f"{house.address}/v1/setup", json=body, timeout=60).json()["token"]
    return found


@pytest.fixture
def admin(visit: Callable[..., Visitor], house: House, root: str) -> Callable[..., Visitor]:
    """Opens a browser in which the administrator is signed in."""

    def come(**how: object) -> Visitor:
        visitor = visit(**how)
        cookie = {"name": "lexgate_session", "value": root, "url": f"{house.address}/console"}
        visitor.page.context.add_cookies([cookie])
        return visitor

    return come


def keep(visitor: Visitor, name: str) -> None:
    """A picture to be looked at, where a folder for it is named."""
    folder = os.environ.get("LEXGATE_PICTURES")
    if folder:
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_every_page_is_accessible_and_fits(admin, width, dark):
    visitor = admin(width=width, dark=dark)
    for path in PAGES:
        visitor.go(f"/admin{path}")
        visitor.accessible()
        visitor.fits()
        keep(visitor, f"admin{path.replace('/', '-')}-{width}{'-dark' if dark else ''}")
    visitor.go("/account")
    visitor.accessible()
    visitor.fits()
    keep(visitor, f"account-{width}{'-dark' if dark else ''}")


def test_a_person_is_invited_sets_up_two_factors_and_is_kept_out(admin, visit, house):
    visitor = admin()
    page = visitor.go("/admin/people")
    page.get_by_role("link", name="Invite a person").first.click()
    page.get_by_label("What the person is called").fill("Mona Lind")
    page.get_by_label("Name to sign in with").fill("mona")
    page.get_by_label("Compliance officer").check()
    page.get_by_label("Administrator").check()
    visitor.expected.append("422")
    page.get_by_role("button", name="Make the account").click()
    assert "must not also make law" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("What the person is called").input_value() == "Mona Lind"
    page.get_by_label("Administrator").uncheck()
    page.get_by_role("button", name="Make the account").click()
    code = page.locator("#code").inner_text()
    visitor.accessible()
    keep(visitor, "code")

    mona = visit()
    desk = mona.go("/sign-in")
    desk.get_by_role("link", name="I have a one-time code").click()
    mona.accessible()
    keep(mona, "set-up")
    desk.get_by_label("Name").fill("mona")
    desk.get_by_label("One-time code").fill(code)
    desk.get_by_label("New password", exact=True).fill(PASSWORD)
    desk.get_by_label("New password once more").fill(PASSWORD)
    desk.get_by_role("button", name="Choose it and sign in").click()
    desk.get_by_role("heading", level=1, name="Today").wait_for()
    assert desk.get_by_role("link", name="Administration").count() == 0
    desk.get_by_role("link", name="Mona Lind").first.click()
    desk.get_by_label("Your password", exact=True).fill(PASSWORD)
    desk.get_by_role("button", name="Set up a second factor").click()
    mona.accessible()
    desk.get_by_text("Without a camera").click()
    keep(mona, "factor")
    clock = Clock()
    clock.at = house.service.clock()
    desk.get_by_label("The code of six digits").fill(code_of(desk.locator(".secret code").inner_text(), clock))
    desk.get_by_role("button", name="Confirm").click()
    assert desk.locator(".codes li").count() == 10
    mona.accessible()
    keep(mona, "recovery")
    desk.get_by_role("link", name="I have noted them").click()
    assert "10 recovery codes" in desk.locator("#second-factor").inner_text()
    keep(mona, "account-person")

    page.get_by_role("link", name="I have noted it").click()
    visitor.accessible()
    keep(visitor, "person")
    out = page.locator("#out")
    out.get_by_label("Why they are kept out").fill("Has left the house")
    out.get_by_role("button", name="Keep out").click()
    assert "kept out" in page.locator(".notice.good").inner_text()
    mona.expected.append("401")
    mona.go("/account")
    expect(desk.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_key_is_made_shown_once_replaced_and_revoked(admin, house):
    visitor = admin()
    page = visitor.go("/admin/keys")
    page.get_by_role("link", name="Make a key").first.click()
    page.get_by_label("What it is for").fill("till 7")
    page.get_by_label("ask for decisions").check()
    page.get_by_label("Decisions about these countries only").fill("DE, FR")
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator(".secret code").inner_text()
    assert re.fullmatch(r"lx_[0-9a-f]{12}_[\w-]{43}", secret)
    visitor.accessible()
    keep(visitor, "secret")
    known = {"headers": {"authorization": f"Bearer {secret}"}, "timeout": 60}
    assert httpx.get(f"{house.address}/v1/session", **known).status_code == 200
    page.get_by_role("link", name="I have noted it").click()
    assert "Germany, France" in page.locator("#key").inner_text()
    visitor.accessible()
    keep(visitor, "key")
    page.get_by_label("Why").fill("The till is gone")
    page.get_by_role("button", name="Revoke the key").click()
    assert "Revoked" in page.locator("#key").inner_text()
    assert httpx.get(f"{house.address}/v1/session", **known).status_code == 401


def test_the_record_is_verified_while_one_watches(admin):
    visitor = admin()
    page = visitor.go("/admin/audit")
    page.get_by_role("button", name="Verify now").click()
    page.get_by_text("nothing is missing between them").first.wait_for()
    visitor.accessible()
    keep(visitor, "audit")


def test_an_officer_finds_no_way_in(visit, house):
    visitor = visit("officer")
    page = visitor.go("")
    assert page.get_by_role("link", name="Administration").count() == 0
    visitor.expected.append("403")
    visitor.go("/admin/people")
    assert "may not" in page.get_by_role("heading", level=1).inner_text()
    with house.as_("officer") as api:
        assert api.get("/v1/people").status_code == 403
        assert api.post("/v1/keys", json={"name": "x", "scopes": ["admin"]}).status_code == 403
