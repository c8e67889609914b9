"""Bodies good and bad, made the same way every time: each field of each sample, bent in every way that callers bend them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import orjson

from api.bundled import samples

WRONG: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", " FR", [], {}, [1], {"a": 1})

EXTRA: tuple[tuple[str, Any], ...] = (
    ("payer.name", "Zoë Müller-Ångström 漢字 \U0001f600"),
    ("payer.email", "a@example.org"),
    ("payer.date_of_birth", "1990-02-30"),
    ("payer.date_of_birth", "1990-02-28"),
    ("payer.phone", {"number": "+49 151 23456789", "verified": True}),
    ("payer.opened_at", "2020-02-29"),
    ("payer.opened_at", "2021-02-29"),
    ("payment.mandate", {"created_at": "2019-09-13", "valid_until": "2027-01-01T00:00:00Z"}),
    ("customer", "payee"),
    ("payer.tax_ids", [{"country": "DE", "value": "12345678901"}]),
    ("payer.owners", [{"share": "25", "country": "FR", "listed": False}, {"share": 1.5}]),
    ("payer.registrations", [{"jurisdiction": "DE", "scheme": "oss"}, {"jurisdiction": "!"}, {"jurisdiction": 5}]),
    ("payer.totals", {"balance": "1.00", "something_else": "2"}),
    ("payer.facts", {"turnover": "12.50", "deep": {"er": [1, 2, {"x": "y"}]}}),
    ("payer.facts", {"rate": 0.5}),
    ("facts", {"big": 12345678901234567890123}),
    ("data", [{"action": "store", "data_class": "card", "own_field": "x"}]),
    ("data", [{"action": "burn"}]),
    ("locale", "fr"),
    ("locale", "de-CH"),
    ("locale", "x y"),
    ("occurred_at", "2026-11-22T10:15:00Z"),
    ("occurred_at", "2026-11-22t10:15:00.123456+01:00"),
    ("occurred_at", "2026-11-22T10:15:00"),
    ("occurred_at", "0001-01-01T00:00:00+14:00"),
    ("occurred_at", "9999-12-31T23:59:59-12:00"),
    ("occurred_at", "2026-02-30T10:15:00Z"),
    ("occurred_at", "1969-12-31T23:59:59Z"),
    ("amount", "24.905"),
    ("amount", "0"),
    ("amount", "00.10"),
    ("amount", "1e3"),
    ("amount", "-5.00"),
    ("amount", "999999999999999999"),
    ("amount", "1000000000000000000"),
    ("amount", 25),
    ("amount", 10**18),
    ("amount", 10**30),
    ("currency", "JPY"),
    ("currency", "BGN"),
    ("currency", "XAU"),
    ("currency", "eur"),
    ("currency", "CHF"),
    ("currency", "USD"),
    ("payment.instrument", "cash"),
    ("payment.issuer_country", "UK"),
    ("payment.issuer_country", "ES-CN"),
    ("payment.issuer_country", "XI"),
    ("payment.issuer_country", "ZZ"),
    ("payment.acquirer_country", "EL"),
    ("payment.since_authenticated", {"amount": "1.00"}),
    ("payment.since_authenticated", {"amount": "1.001", "currency": "EUR"}),
    ("payment.since_authenticated", {"amount": "1.00", "currency": "USD", "count": 1, "policy": "count"}),
    ("payment.fraud_rate", {"bps": "6", "suspended_bands": ["100", "250"]}),
    ("payment.risk", {"level": "low", "signals": ["malware"]}),
    ("payment.risk", {"signals": ["unheard_of", "malware"]}),
    ("payment.card", {"bin": "411111", "last4": "1111", "expiry": "2027-13"}),
    ("payment.card", {"bin": "411111", "last4": "1111", "expiry": "2027-12"}),
    ("payment.card.number", "4111 1111 1111 1111"),
    ("payment.card.cvv", "123"),
    ("payment.account", {"iban": "DE89370400440532013000"}),
    ("payment.limits", {"day_total": "1.00", "user_threshold": "1.0001"}),
    ("payment.installments", 3),
    ("payment.installments", "3"),
    ("payment.authentication", {"done": True, "method": "biometric", "factors": ["inherence", "possession"]}),
    ("payment.mandate", {"authenticated": True, "first": True, "max_amount": "50.00"}),
    ("payment.nonsense", {"a": {"b": [1]}}),
    ("reference", "a" * 200),
    ("reference", "a" * 201),
    ("reference", "nul \0 within"),
    ("reference", "4111111111111111"),
    ("reference", "1763806500123"),
    ("lines", [{"id": str(number)} for number in range(1001)]),
    ("lines", [{"id": "1", "amount": "1.999", "facts": {"x": 1}}]),
    ("lines", [{"id": "1", "amount": "1.00"}, {"id": "1", "amount": "2.00"}]),
    ("lines", [{"id": "2", "amount": "1.00"}, {"amount": "1.00"}]),
    ("lines", [{"id": "1", "amount": "0.01", "tax_inclusive": True}]),
    ("lines", [{"id": "1", "amount": "0.01", "tax_inclusive": False}]),
    ("lines", [{"id": "1", "amount": "9999999.00"}]),
    (
        "lines",
        [{"id": "1", "unit_amount": "9999999.00", "quantity": "2"}, {"id": "2", "amount": "1.00", "discount": "1.00"}],
    ),
    ("lines", [{"id": "1", "unit_amount": "0.01", "quantity": "0.4", "tax_inclusive": True}]),
    ("lines", [{"id": "1"}, {"id": "2", "amount": "9999999.00"}]),
    ("lines", [{"id": "1", "ship_to": {"country": "US", "region": "TX"}}]),
    (
        "lines",
        [
            {
                "id": "1",
                "ship_to": {"country": "US", "region": "US-ZZ"},
                "ship_from": {"country": "FR", "region": "DE-BY"},
            }
        ],
    ),
    ("lines", [{"id": "1", "supplied_at": {"country": "GR", "region": "GR-85"}}]),
    ("payer.region", "DE-ZZ"),
    ("payer", {"country": "FR", "region": "FR-IDF"}),
    ("payer", {"country": "XI", "region": "GB-NIR"}),
    ("payer", {"country": "ZZ", "region": "TX"}),
    ("payer", {"region": "us-ca"}),
    ("payer.country", "GR-85"),
    ("payer.region", ""),
    ("data", [{"region_country": "CN", "region_subdivision": "CN-11"}]),
    ("data", [{"region_country": "CN", "region_subdivision": "CN-BJ"}]),
    ("", None),
)

RAW: tuple[bytes, ...] = (
    b"",
    b" ",
    b"null",
    b"[]",
    b"1",
    b'"x"',
    b"{}",
    b"{",
    b'{"amount"}',
    b'{"amount": NaN}',
    b'{"amount": Infinity}',
    b'{"amount": 1e400}',
    b'{"amount": "1", "amount": "2"}',
    b'{"amount": "1", "amount" : "2"}',
    b'{"payment": {"instrument": "card", "instrument": "cash"}}',
    b'{"\\u0061mount": "1", "amount": "2"}',
    b"\xef\xbb\xbf{}",
    b'{"reference": "\xff"}',
    b'{"reference": "\\ud800"}',
    b'{"reference": "\\u0000"}',
    b'{"a\\u0000b": 1}',
    b'{"a": ' * 40 + b"1" + b"}" * 40,
    b'{"facts": ' + b'{"a": ' * 40 + b"1" + b"}" * 41,
    b"[" * 2000 + b"]" * 2000,
    b'{"facts": ' + b"[" * 1500 + b"]" * 1500 + b"}",
    b'{"a": "\\u0034111 1111 1111 1111"}',
    b'{"4111111111111111": 1}',
    b'{"x": 4111111111111111}',
    b'{"x": 4111111111111111.0}',
    b'{"amount": 1' + b"0" * 5000 + b"}",
    b'{"a/b~c": 1}',
    b'{"": 1}',
)


def bodies() -> Iterator[bytes]:
    """All of them."""
    originals = [orjson.loads(path.read_bytes()) for path in sorted(samples().glob("*.json"))]
    for original in originals:
        yield orjson.dumps(original)
    yield orjson.dumps(originals[0], option=orjson.OPT_INDENT_2)
    first = max(originals, key=lambda tree: len(list(_places(tree))))
    for number, place in enumerate(_places(first)):
        yield _bent(first, place, _REMOVED)
        yield _bent(first, place, WRONG[number % len(WRONG)])
        yield _bent(first, place, WRONG[(number * 5 + 3) % len(WRONG)])
    for path, value in EXTRA:
        for original in originals[1:4]:
            yield _bent(original, tuple(path.split(".")) if path else ("unheard_of",), value)
    yield from RAW


_REMOVED = object()


def _places(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in steps:
        yield (*above, step)
        yield from _places(value, (*above, step))


def _bent(original: Any, place: tuple[Any, ...], value: Any) -> bytes:
    tree = copy.deepcopy(original)
    holder = tree
    for step in place[:-1]:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    if value is _REMOVED:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return json.dumps(tree, ensure_ascii=len(place) % 2 == 0).encode()
