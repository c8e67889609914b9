"""Secrets of second factors lie wrapped in the ledger; without the master key nobody comes in by one, nor without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.master_key import MasterKey, MasterKeyRefused
from api.service import Service
from api.settings import PREFIX, Settings
from engine.ledger import Change, Ledger
from engine.wrapping import Ring, is_wrapped
from tests.api.client import Client
from tests.api.people import PASSWORD, Clock, bearer, code_of, made, set_up_factor, sign_in
from tests.empty import empty_ledger

pytestmark = pytest.mark.usefixtures("cheap_passwords")
PLAIN = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def key_file(service: Service) -> Iterator[Path]:
    """The ring of the service, put back afterwards."""
    service.master.make_first(service.ledger)
    assert service.master.path is not None
    before = service.master.path.read_text()
    yield service.master.path
    service.master.write(Ring.from_text(before))


def _in_the_clear(service: Service, person_id: str, secret: str) -> None:
    """As a ledger of before has it."""
    change = Change("second_factor", person_id, service.clock(), lambda found: replace(found, factor=secret))
    service.ledger.people.change(person_id, change)


def test_no_secret_is_in_the_file_of_the_ledger(client: Client, service: Service, clock: Clock) -> None:
    person, token = made(client, "wrapped", "auditor")
    secret, _ = set_up_factor(client, token, clock)
    pending = client.post("/v1/session/second-factor", {"password": PASSWORD}, bearer(token)).json()["secret"]
    service.ledger.writer.run(lambda batch: None)
    found = service.ledger.people.one(person)
    assert found is not None
    assert is_wrapped(found.factor)
    assert is_wrapped(found.pending_factor)
    file = Path(service.settings.database.removeprefix("sqlite:///"))
    kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*") if one.is_file())
    assert secret.encode() not in kept
    assert pending.encode() not in kept
    assert sign_in(client, "wrapped", code=code_of(secret, clock)).status == 201


def test_only_its_owner_may_read_the_key(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.name == "lexgate.master.key"


def test_the_secret_of_one_is_of_no_use_to_another(client: Client, service: Service, clock: Clock) -> None:
    """Whoever can write the database puts their own secret in another's row."""
    victim, _ = made(client, "victim", "auditor")
    thief, token = made(client, "thief", "auditor")
    secret, _ = set_up_factor(client, token, clock)
    stolen = service.ledger.people.one(thief)
    assert stolen is not None
    _in_the_clear(service, victim, stolen.factor)
    assert sign_in(client, "victim", code=code_of(secret, clock)).status == 503


class TestWithoutTheKey:
    def test_nobody_comes_in_by_a_code(self, client: Client, clock: Clock, key_file: Path) -> None:
        _, token = made(client, "locked", "auditor")
        secret, recovery = set_up_factor(client, token, clock)
        key_file.unlink()
        refused = sign_in(client, "locked", code=code_of(secret, clock))
        assert refused.status == 503
        assert refused.json()["type"] == "urn:lexgate:problem:not_ready"
        assert "master key" in refused.json()["detail"]
        assert sign_in(client, "locked").status == 401
        assert sign_in(client, "locked", code=recovery[0]).status == 201, "what needs no key still opens"

    def test_no_other_key_takes_its_place(self, client: Client, service: Service, clock: Clock, key_file: Path) -> None:
        _, token = made(client, "replaced", "auditor")
        set_up_factor(client, token, clock)
        key_file.unlink()
        begun = client.post("/v1/session/second-factor", {"password": PASSWORD}, bearer(token))
        assert begun.status == 503
        assert not key_file.exists()
        with pytest.raises(MasterKeyRefused, match=r"cannot be read .* restore it"):
            service.master.look_after(service.ledger, clock())

    @pytest.mark.parametrize("text", ["", "no key", "ab" * 31])
    def test_a_file_that_is_no_key_is_refused(self, service: Service, key_file: Path, text: str) -> None:
        key_file.write_text(text)
        with pytest.raises(MasterKeyRefused, match="cannot be used: wanted"):
            service.master.ring()

    def test_a_start_with_another_key_is_refused(
        self, client: Client, service: Service, clock: Clock, key_file: Path
    ) -> None:
        _, token = made(client, "other", "auditor")
        set_up_factor(client, token, clock)
        key_file.write_text("ab" * 32)
        with pytest.raises(MasterKeyRefused, match=r"is another one: the ledger holds secrets under [0-9a-f]{16}"):
            service.master.look_after(service.ledger, clock())

    def test_elsewhere_than_in_a_file_it_must_be_named(self, service: Service) -> None:
        master = MasterKey(Settings(database="postgresql+psycopg://ledger.example/lexgate"))
        assert master.path is None
        with pytest.raises(MasterKeyRefused, match="LEXGATE_MASTER_KEY"):
            master.ring()


def test_secrets_of_before_are_wrapped_at_the_start(
    open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> None:
    service = open_service()
    client = make_client(service)
    person, _ = made(client, "before", "auditor")
    _in_the_clear(service, person, PLAIN)
    assert sign_in(client, "before", code="000000").status == 503, "what lies in the clear opens nothing"
    service.master.look_after(service.ledger, service.clock())
    found = service.ledger.people.one(person)
    assert found is not None
    assert service.master.secret_of(person, found.factor) == PLAIN
    service.master.look_after(service.ledger, service.clock())
    assert service.ledger.people.one(person) == found, "a second start changes nothing"
    assert service.ledger.verify().ok


class TestTheCommand:
    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
        for name in Settings.model_fields:
            monkeypatch.delenv(PREFIX + name.upper(), raising=False)
        monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
        monkeypatch.setattr(out, "width", 200)

        def run(*words: str, ends: int = 0) -> Result:
            done = CliRunner().invoke(app, ["keys", "master", *words])
            assert done.exit_code == ends, done.output
            return done

        return run

    @pytest.fixture
    def service(self, tmp_path: Path, open_service: Callable[..., Service]) -> Service:
        return open_service()

    def test_a_new_key_wraps_everything_and_the_old_one_goes(
        self,
        service: Service,
        make_client: Callable[..., Client],
        run: Callable[..., Result],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        client, clock = make_client(service), Clock()
        service.clock = clock
        monkeypatch.setenv("LEXGATE_DATABASE", service.settings.database)
        _, token = made(client, "turned", "auditor")
        secret, _ = set_up_factor(client, token, clock)
        (first,) = service.master.ring().ids
        assert f"{first}: 2 secrets, wraps" in run("show").output, "that of a person, and the key that makes pseudonyms"
        assert "of 1 people and 1 keys" in run("rotate").output
        second, old = service.master.ring().ids
        assert old == first
        assert service.master.used(service.ledger) == {second: 2}
        assert sign_in(client, "turned", code=code_of(secret, clock)).status == 201, "a service that runs knows it"
        assert "1 old keys are gone" in run("retire").output
        assert service.master.ring().ids == (second,)
        clock.passes(seconds=60)
        assert sign_in(client, "turned", code=code_of(secret, clock)).status == 201
        assert service.ledger.verify().ok

    def test_an_old_key_stays_while_it_is_needed(
        self,
        service: Service,
        make_client: Callable[..., Client],
        run: Callable[..., Result],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        client, clock = make_client(service), Clock()
        service.clock = clock
        monkeypatch.setenv("LEXGATE_DATABASE", service.settings.database)
        _, token = made(client, "still", "auditor")
        set_up_factor(client, token, clock)
        service.master.write(service.master.ring().with_new())
        assert "rewrap" in run("retire", ends=2).output
        assert "of 1 people" in run("rewrap").output
        assert "1 old keys are gone" in run("retire").output

    def test_without_a_key_it_says_so(self, run: Callable[..., Result]) -> None:
        assert "cannot be read" in run("show", ends=2).output

    def test_the_first_is_made_by_it(self, run: Callable[..., Result], tmp_path: Path) -> None:
        run("rotate")
        assert (tmp_path / "lexgate.master.key").stat().st_mode & 0o777 == 0o600
        assert len(run("show", "--json").output) > 100
        with Ledger.open(f"sqlite:///{tmp_path}/lexgate.db") as ledger:
            assert not ledger.people.with_factor()
