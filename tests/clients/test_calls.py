"""The calls of the Python client, against a real service."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import orjson
import pytest

import lexgate_client as lexgate
from api.bundled import samples
from engine.ledger import Scope
from lexgate_client import AsyncLexgate, Lexgate
from tests.browser.house import House


def sample(name: str) -> Any:
    return orjson.loads((samples() / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", sorted(path.stem for path in samples().glob("*.json")))
def test_every_answer_is_understood(client: Lexgate, name: str) -> None:
    """All of it: what is not named in the client's types would stand in `model_extra`."""
    decision = client.preflight(sample(name))
    assert decision.may_proceed is (decision.outcome == "allow")
    assert unknown(decision) == []
    assert client.decisions.get(decision.id) == decision


def unknown(part: Any, where: str = "") -> list[str]:
    """Places of an answer that the client has no name for."""
    if isinstance(part, list):
        return [one for index, item in enumerate(part) for one in unknown(item, f"{where}[{index}]")]
    if not isinstance(part, lexgate.Part):
        return []
    found = [f"{where}.{name}" for name in part.model_extra or {}]
    return found + [one for name in type(part).model_fields for one in unknown(getattr(part, name), f"{where}.{name}")]


def test_the_same_key_gives_the_stored_answer(client: Lexgate) -> None:
    first = client.preflight(sample("eu-low-value"), idempotency_key="calls-1")
    again = client.preflight(sample("eu-low-value"), idempotency_key="calls-1")
    assert again == first
    assert (first.meta.replayed, again.meta.replayed) == (False, True)
    with pytest.raises(lexgate.KeyReused):
        client.preflight(sample("gb-remote"), idempotency_key="calls-1")


def test_events_and_replay(client: Lexgate) -> None:
    decision = client.preflight(sample("eu-low-value"))
    at = datetime(2026, 11, 22, 9, 16, tzinfo=UTC)
    assert client.authorised(decision.id, at=at).kind == "authorised"
    told = client.tell(decision.id, "captured", at=at, details={"acquirer": "x"})
    assert (told.decision, told.at) == (decision.id, at)
    replay = client.decisions.replay(decision.id)
    assert replay.identical
    assert replay.differences == []
    assert client.decisions.replay(decision.id, legal_time=date(2020, 1, 1)).legal_day == date(2020, 1, 1)
    assert client.decisions.explanation(decision.id)


def test_a_search_takes_page_after_page(client: Lexgate) -> None:
    wanted = [client.preflight({**sample("eu-low-value"), "reference": f"page-{n}"}).id for n in range(5)]
    found = client.decisions.search(q="page-", limit=2)
    assert [one.id for one in found] == wanted[::-1]
    short = list(client.decisions.summaries(q="page-", limit=2, amount_to=Decimal("24.90")))
    assert [one.id for one in short] == wanted[::-1]
    assert {one.amount for one in short} == {Decimal("24.90")}
    assert list(client.decisions.search(q="page-", amount_from=Decimal("24.91"))) == []


def test_a_batch_has_its_bad_lines(client: Lexgate) -> None:
    lines = client.preflight_batch(
        [sample("eu-low-value"), cast(Any, {"amount": "1"}), sample("gb-remote")], domains=["sca"]
    )
    assert [one.number for one in lines] == [1, 2, 3]
    assert (lines[0].may_proceed, lines[1].may_proceed) == (True, False)
    assert lines[1].problem is not None
    assert lines[1].problem.status == 422
    assert lines[2].decision is not None
    assert lines[2].decision.domains == ["sca"]


def test_the_life_of_a_tax(client: Lexgate) -> None:
    quote = client.tax.calculate(sample("tax/eu-book"))
    assert client.tax.calculation(quote.id) == quote
    sale = client.tax.commit(quote.id)
    back = client.tax.refund(sale.id, amount=Decimal("10.00"))
    assert back.given_back.gross == Decimal("10.00")
    left = client.tax.transaction(sale.id)
    assert left.remaining.gross == sale.charged.gross - Decimal("10.00")
    assert client.tax.refund(sale.id).remaining.gross == 0
    with pytest.raises(lexgate.Invalid):
        client.tax.refund(sale.id, amount=Decimal("0.01"))
    with pytest.raises(lexgate.AlreadyCommitted):
        client.tax.commit(quote.id)
    assert unknown(quote) + unknown(sale) + unknown(back) + unknown(left) == []


def test_what_is_not_determined_is_not_charged(client: Lexgate) -> None:
    quote = client.tax.calculate({"currency": "EUR", "amount": Decimal("10.00")})
    assert (quote.may_be_charged, quote.tax.total) == (False, None)
    assert quote.missing
    with pytest.raises(lexgate.Undecided):
        client.tax.commit(quote.id)


def test_rates_thresholds_and_numbers(client: Lexgate) -> None:
    rates = client.tax.rates("FR", date=date(2026, 11, 22))
    assert Decimal("5.5") in {one.rate_percent for one in rates.data}
    with pytest.raises(lexgate.NotFound):
        client.tax.transaction("tax_nothing")
    assert client.tax.thresholds("m-1").merchant == "m-1"
    good, bad = client.tax.look_at_numbers([{"country": "DE", "value": "DE136695976"}, {"value": "DE1"}])
    assert (good.state, bad.state) == ("format_valid", "invalid")
    assert (good.is_confirmed, bad.is_confirmed) == (False, False)
    assert unknown(rates) + unknown(good) == []


def test_merchants_keys_screenings_changes(client: Lexgate) -> None:
    kept = client.merchants.put("m-9", {"name": "Nine", "country": "DE", "registrations": []})
    assert client.merchants.get("m-9", version=kept.version) == kept
    assert "m-9" in {one.id for one in client.merchants.all(limit=1)}

    made = client.keys.make("till", ["decide"], countries=["DE"])
    assert made.secret is not None
    assert made.secret not in repr(made)
    assert client.keys.get(made.id).state == "good"
    assert made.id in {one.id for one in client.keys.all(limit=1)}
    newer = client.keys.rotate(made.id, overlap_hours=1)
    assert client.keys.revoke(newer.id, "not needed").state == "revoked"

    screened = client.screenings.screen("Somebody Nobody", birth_date="1961", subject="c-7")
    assert screened.is_clear is False  # no list is loaded
    assert client.screenings.get(screened.id) == screened
    assert list(client.changes.all(state="new")) == []
    assert unknown(kept) + unknown(made) + unknown(screened) == []


def test_refusals_have_their_types(client: Lexgate, house: House) -> None:
    with pytest.raises(lexgate.NotFound) as caught:
        client.decisions.get("dec_nothing")
    assert caught.value.request_id
    with pytest.raises(lexgate.PanRefused):
        client.preflight({**sample("eu-low-value"), "reference": "4111 1111 1111 1111"})
    with pytest.raises(lexgate.ParametersRefused):
        list(client.decisions.search(limit=0))
    with Lexgate(house.address, "lx_nobody") as nobody, pytest.raises(lexgate.Unauthenticated):
        nobody.preflight(sample("eu-low-value"))
    with Lexgate(house.address, house.key("reader", [Scope.READ])) as reader, pytest.raises(lexgate.Forbidden):
        reader.preflight(sample("eu-low-value"))


def test_nobody_answers_there(house: House) -> None:
    with Lexgate("http://127.0.0.1:9", "lx_x", retries=lexgate.NEVER) as client, pytest.raises(lexgate.NotReached):
        client.preflight(sample("eu-low-value"))


def test_many_at_once_without_waiting(house: House) -> None:
    async def ask() -> list[lexgate.Decision]:
        async with AsyncLexgate(house.address, house.key("all", Scope), timeout=60) as client:
            calls = (client.preflight({**sample("eu-low-value"), "reference": f"many-{n}"}) for n in range(8))
            found = await asyncio.gather(*calls)
            assert len([one async for one in client.decisions.search(q="many-", limit=3)]) == 8
            return list(found)

    assert len({one.id for one in asyncio.run(ask())}) == 8
