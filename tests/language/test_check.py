"""What means something: names, kinds, units. Every fault says where, what, and what was probably meant."""

import pytest

from engine.language.check import check, constants
from engine.language.errors import LanguageError, TypeFault, did_you_mean
from engine.language.scope import NamedLet, Scope
from engine.language.tree import And, Compare, Const, Fact, Let, Or, Param
from engine.language.types import BOOL, DATE, DECIMAL, INT, PLACE, RATE, STRING, Type

PARAMS = {
    "limit": Type("money", unit="EUR"),
    "dollars": Type("money", unit="USD"),
    "many": INT,
    "share": RATE,
    "factor": DECIMAL,
    "since": DATE,
    "word": STRING,
    "home": PLACE,
    "methods": Type("list", item=STRING),
    "strict": BOOL,
}
SCOPE = Scope(PARAMS, {"electronic": NamedLet("electronic payment", Const(BOOL, 1, True))}, frozenset({"EEA"}))


def fault(text: str, *, want: Type | None = BOOL) -> LanguageError:
    """The error that a text meets."""
    with pytest.raises(LanguageError) as caught:
        check(text, SCOPE, want=want)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ('payment.chanel == "remote"', 1, "Did you mean payment.channel?"),
        ("amount <= limits", 11, "Did you mean limit?"),
        ("electronics", 1, "Did you mean electronic?"),
        ("not paymentdate == since", 5, "Did you mean payment_date?"),
        ("is_known(payment.chanel)", 1, "Did you mean payment.channel?"),
        ("any(x.amuont > limit for x in lines)", 5, "Did you mean amount?"),
        ("any(true for x in lnes)", 19, "Did you mean lines?"),
        ("floor_too(factor, 5) > factor", 1, "Did you mean floor_to?"),
        ('within(payer.country, "EEA1")', 1, "Did you mean EEA?"),
        ('payment.channel == "remotee"', 20, "Did you mean remote?"),
        ('payment.channel in ["chip", "remot"]', 29, "Did you mean remote?"),
    ],
)
def test_did_you_mean(text: str, column: int, hint: str) -> None:
    error = fault(text)
    assert isinstance(error, TypeFault)
    assert (error.column, error.hint) == (column, hint)
    assert hint in str(error)


def test_nothing_near_is_not_suggested() -> None:
    assert fault("zzz == word").hint is None
    assert did_you_mean("zzz", ["amount"]) is None
    assert did_you_mean("fee.amount", ["linked.amount", "other"]) == "Did you mean linked.amount?"


def test_an_enumeration_of_few_words_is_told() -> None:
    assert (
        fault('payment.channel == "zzz"').hint
        == "Known: chip, contactless, mail_telephone, remote, unattended_terminal."
    )


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        # money
        ("amount <= 30", "type-mismatch", 1),
        ('amount <= decimal("30")', "type-mismatch", 1),
        ("limit < dollars", "unit-mismatch", 9),
        ('amount + limit < usd("1")', "unit-mismatch", 18),
        ("min(limit, dollars) > amount", "unit-mismatch", 12),
        ("(limit if strict else dollars) > amount", "unit-mismatch", 23),
        ("amount * amount < limit", "type-mismatch", 1),
        ("amount * share < limit", "type-mismatch", 1),
        ("amount + share < limit", "type-mismatch", 1),
        ("ratio(amount, limit) > factor", "unit-mismatch", 1),
        ("ratio(limit, dollars) > factor", "unit-mismatch", 1),
        ("amount_of(amount) > factor", "type-mismatch", 1),
        ("amount_of(many) > factor", "type-mismatch", 1),
        ('eur("1.005") < amount', "literal", 1),
        ('jpy("1.5") < amount', "literal", 1),
        ("eur(1) < amount", "literal", 1),
        ('eur("1,000.00") < amount', "literal", 1),
        # numbers
        ("many < 1.5", "literal-float", 8),
        ("many < 1000000000000000", "literal", 8),
        ("many / many > 1", "division", 8),
        ("many / 0 > 1", "division", 8),
        ("share < factor", "type-mismatch", 1),
        ("share < 13", "type-mismatch", 1),
        ("word + word == word", "type-mismatch", 1),
        ("since * 2 > since", "type-mismatch", 1),
        ("since / 2 > since", "type-mismatch", 1),
        ("-amount < limit", "type-mismatch", 1),
        ("-strict", "type-mismatch", 1),
        ("factor % 2 == 0", "expr-construct", 1),
        # days
        ("payment_date < payment.mandate.created_at", "type-mismatch", 1),
        ('payment_date < "2026-11-22"', "type-mismatch", 1),
        ('payment_date < date("2026-02-30")', "literal", 16),
        ('payment_date < date("22.11.2026")', "literal", 16),
        ("payment_date + 3 > since", "type-mismatch", 1),
        ("payment_date + since > since", "type-mismatch", 1),
        ('days("3") == days(3)', "literal", 1),
        ("days(true) == days(3)", "literal", 1),
        ("days(100001) == days(3)", "literal", 1),
        ("months_add(since, 1) > since", "call", 1),
        ('months_add(since, many, "up") > since', "type-mismatch", 19),
        ('months_add(since, 1, "near") > since', "month-rounding", 22),
        ('months_add(since, 1201, "up") > since', "type-mismatch", 19),
        ('months_add(occurred_at, 1, "up") > since', "type-mismatch", 1),
        ("day_before(occurred_at) > since", "type-mismatch", 12),
        ("day_of(since) > since", "type-mismatch", 8),
        # words
        ("payment.channel < word", "type-mismatch", 1),
        ("payment.channel == 1", "type-mismatch", 1),
        ("payment.channel == strict", "type-mismatch", 1),
        ('payer.country == "ZZ"', "enum-value", 18),
        ('payer.country == "UK"', "enum-value", 18),
        ('payer.country in ["DE", "EEA"]', "enum-value", 25),
        ('payment.channel in ["chip", 1]', "type-mismatch", 29),
        ("payment.channel in [word]", "type-mismatch", 21),
        ("payment.channel in []", "list-empty", 20),
        ('payment.channel in "remote"', "type-mismatch", 20),
        ("amount in [1]", "type-mismatch", 12),
        ('"sunspots" in payment.risk.signals', "enum-value", 1),
        ("1 in payment.risk.signals", "type-mismatch", 1),
        ("payment.risk.signals == methods", "type-mismatch", 1),
        ("distinct(word) > 1", "type-mismatch", 10),
        # truth
        ("amount", "type-mismatch", 1),
        ("not amount", "type-mismatch", 5),
        ("strict and amount", "type-mismatch", 12),
        ("(many if strict else word) == 1", "type-mismatch", 22),
        ("strict if amount else strict", "type-mismatch", 11),
        ("strict if strict else amount", "type-mismatch", 23),
        ("True", "literal", 1),
        ("None == word", "literal", 1),
        ("... == word", "literal", 1),
        ('"remote"', "type-mismatch", 1),
        # names
        ("payment", "name-object", 1),
        ("payment.channel.kind == word", "name-unknown", 1),
        ("lines == word", "type-mismatch", 1),
        ("facts == word", "type-mismatch", 1),
        ("__import__ == word", "name-unknown", 1),
        ("amount.__class__ == word", "name-unknown", 1),
        ('(strict).channel == "remote"', "name-unknown", 1),
        ('eur("1").amount == word', "name", 1),
        # calls
        ('open("x") == word', "function-unknown", 1),
        ("payment.channel()", "call", 1),
        ("min(amount)", "call", 1),
        ("min(strict, strict)", "type-mismatch", 1),
        ("min(amount, many) > amount", "type-mismatch", 13),
        ("abs(word) == word", "type-mismatch", 5),
        ("abs(many, many) > 1", "call", 1),
        ("round_half_up(many, 5) > 1", "type-mismatch", 15),
        ("round_half_up(factor, many) > 1", "type-mismatch", 23),
        ("floor_to(factor, 0) > 1", "type-mismatch", 18),
        ("floor_to(factor, -5) > 1", "type-mismatch", 18),
        ("is_known(amount, amount)", "call", 1),
        ("is_known(electronic)", "name-unknown", 1),
        ('is_known("amount")', "call", 1),
        ("within(payer.country, word)", "call", 1),
        ('within(word, "EEA")', "type-mismatch", 8),
        ('within(payer.country, "EEA", "EEA")', "call", 1),
        # lists and quantifiers
        ("[1, 2] == word", "list", 1),
        ("(x for x in lines) == word", "quantifier", 1),
        ("any(lines)", "function-unknown", 1),
        ("any(x for x in lines)", "name-unknown", 5),
        ("any(true for x in payment.risk.signals)", "name-unknown", 19),
        ("any(true for x in lines if x.amount)", "type-mismatch", 28),
        ("any(x.amount for x in lines)", "type-mismatch", 5),
        ("sum(x.category for x in lines) > 1", "type-mismatch", 5),
        ("any(true for x in lines for y in linked)", "quantifier", 1),
        ("any(true for x in lines if true if true)", "quantifier", 1),
        ("any(any(true for y in linked) for x in lines)", "quantifier", 5),
        ("any(true for amount in lines)", "quantifier", 1),
        ('any(payment.kind == "goods" for payment in lines)', "quantifier", 1),
        ("any(true for true in lines)", "quantifier", 1),
        ("any(x.amount > limit for x in lines) and x.amount > limit", "name-unknown", 42),
    ],
)
def test_what_means_nothing(text: str, code: str, column: int) -> None:
    error = fault(text)
    assert (error.code, error.column) == (code, column), error
    assert error.message.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("amount + limit", "money in EUR"),
        ("amount * 2", "money"),
        ("2 * limit", "money in EUR"),
        ("limit / 4", "money in EUR"),
        ("many + 1", "a whole number"),
        ("many + factor", "a decimal"),
        ("many / 4", "a decimal"),
        ("share * 2", "a rate"),
        ("share + share", "a rate"),
        ('percent("0.13")', "a rate"),
        ("payment_date + days(3)", "a date"),
        ("payment_date - since", "a duration"),
        ("occurred_at - hours(3)", "a instant"),
        ("occurred_at - occurred_at", "a duration"),
        ("day_of(occurred_at)", "a date"),
        ("local_hour", "a whole number"),
        ("distinct(methods)", "a whole number"),
        ("count(true for x in lines)", "a whole number"),
        ("sum(x.amount for x in lines)", "money"),
        ("ratio(limit, limit)", "a decimal"),
        ("amount_of(limit)", "a decimal"),
        ("coalesce(many, factor)", "a decimal"),
        ("coalesce(payer.country, word)", "text"),
        ("(payment.channel if strict else payer.type)", "a enum"),
        ("methods", "list of text"),
        ('date("2026-11-22")', "a date"),
        ('all("30.00")', "money in ALL"),
        ("-3", "a whole number"),
    ],
)
def test_types(text: str, shown: str) -> None:
    assert str(check(text, SCOPE).type) == shown


def test_a_wanted_type_is_insisted_on() -> None:
    assert "is wanted here" in fault("amount", want=INT).message
    assert check("many", SCOPE, want=INT)


def test_chained_comparison_is_a_conjunction() -> None:
    tree = check("1 < many <= 5", SCOPE)
    assert isinstance(tree, And)
    assert [type(item) for item in tree.items] == [Compare, Compare]


@pytest.mark.parametrize(
    "text", ["strict and (strict and strict)", "(strict and strict) and strict", "strict and 1 < many < 5"]
)
def test_nested_conjunctions_are_one(text: str) -> None:
    tree = check(text, SCOPE)
    assert isinstance(tree, And)
    assert len(tree.items) == 3


def test_either_of_two_enumerations_may_be_meant() -> None:
    either = "(payment.channel if strict else payer.type)"
    assert check(f'{either} == "remote"', SCOPE)
    assert check(f'{either} == "individual"', SCOPE)
    assert fault(f'{either} == "house"').code == "enum-value"


def test_lists_of_different_things_do_not_stand_for_each_other() -> None:
    assert check("distinct(methods if strict else payment.risk.signals) > 0", SCOPE)
    assert fault("distinct(methods if strict else payment.fraud_rate.suspended_bands) > 0").code == "type-mismatch"


def test_names_are_what_they_are() -> None:
    assert isinstance(check("amount", SCOPE), Fact)
    assert isinstance(check("limit", SCOPE), Param)
    let = check("electronic", SCOPE)
    assert isinstance(let, Let)
    assert (let.name, let.label) == ("electronic", "electronic payment")


@pytest.mark.parametrize(
    ("scope", "name", "kind"),
    [
        (Scope({"amount": INT}), "amount", "parameter"),
        (Scope({"payment.channel": STRING}), "payment.channel", "parameter"),
        (Scope({"payment_date": DATE}), "payment_date", "parameter"),
        (Scope({}, {"suspicion": NamedLet("", Const(BOOL, 1, True))}), "suspicion", "let"),
    ],
)
def test_a_fact_s_name_is_the_fact_s(scope: Scope, name: str, kind: str) -> None:
    """A parameter named like a fact would change what a reviewer reads."""
    with pytest.raises(TypeFault, match=f"{name} is a fact, and no {kind} may have its name") as caught:
        check(f"{name} == {name}", scope)
    assert (caught.value.code, caught.value.column) == ("name-taken", 1)


def test_alternatives_keep_their_order() -> None:
    tree = check("strict or electronic or true", SCOPE)
    assert isinstance(tree, Or)
    assert [type(item) for item in tree.items] == [Param, Let, Const]


def test_numbers_that_should_have_been_parameters() -> None:
    tree = check(
        'amount <= eur("30") and many < 5 and share < percent("0.13") and payment_date > date("2026-01-01")', SCOPE
    )
    assert [str(number) for number in constants(tree)] == ["30", "5", "13.00"]


def test_every_currency_is_a_function() -> None:
    assert check('chf("1.00") < chf("2.00")', SCOPE)
    assert check('TRY("1.00") < TRY("2.00")', SCOPE)
    assert fault('zzz("1.00") < amount').code == "function-unknown"
    assert fault('xau("1") < amount').code == "function-unknown"
