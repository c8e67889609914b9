"""A merchant's application in a form: what is typed becomes what the interface takes, and a stored one comes back unharmed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.console.applying import MOST_ROWS, Sheet, application_of, blamed, document_of, stated, typed
from api.console.forms import Form
from api.onboarding_examples import read


def form(**fields: str) -> Form:
    return Form(tuple((name.replace("__", "."), text) for name, text in fields.items()))


def test_only_what_was_typed_is_stated():
    sheet = typed(form(merchant="m-1", name="A shop", country="fr", legal_form="", owner__0__type="individual"))
    assert application_of(sheet)[0] == {"merchant": "m-1", "name": "A shop", "country": "FR"}


def test_lists_and_flags_are_read():
    body, _ = application_of(
        typed(
            form(
                expected__countries="fr, be de", owner__0__name="A", owner__0__control="veto, right_to_appoint",
                owner__0__listed="no", document__0__type="licence", document__0__readable="yes",
            )
        )
    )  # fmt: skip
    assert body["expected"]["countries"] == ["FR", "BE", "DE"]
    assert (body["owners"][0]["control"], body["owners"][0]["listed"]) == (["veto", "right_to_appoint"], False)
    assert body["documents"] == [{"type": "licence", "readable": True}]


def test_whoever_holds_through_an_organisation_stands_below_it():
    fields = {
        "owner.0.name": "Holding", "owner.0.type": "organisation", "owner.0.share": "60", "owner.1.name": "Anne",
        "owner.1.through": "Holding", "owner.1.share": "100", "owner.2.name": "Ben", "owner.2.share": "40",
    }  # fmt: skip
    body, where = application_of(typed(Form(tuple(fields.items()))))
    holding, ben = body["owners"]
    assert (holding["name"], [one["name"] for one in holding["owners"]], ben["name"]) == ("Holding", ["Anne"], "Ben")
    assert where["/owners/1/share"] == "owner.2.share"
    assert "through" not in holding["owners"][0]


def test_a_circle_and_a_name_that_nobody_has_stay_at_the_top():
    fields = {
        "owner.0.name": "A", "owner.0.through": "B", "owner.1.name": "B", "owner.1.through": "A", "owner.2.name": "C",
        "owner.2.through": "Nobody", "owner.3.name": "D", "owner.3.through": "D",
    }  # fmt: skip
    body, _ = application_of(typed(Form(tuple(fields.items()))))

    def names(owners: list[dict[str, object]]) -> list[object]:
        return [each for one in owners for each in (one["name"], *names(one.get("owners", [])))]  # type: ignore[arg-type]

    assert sorted(map(str, names(body["owners"]))) == ["A", "B", "C", "D"]


def test_faults_stand_at_the_rows_where_they_were_typed():
    sheet = typed(form(director__0__name="", director__1__name="Anne", director__1__date_of_birth="soon"))
    _, where = application_of(sheet)
    faults = [{"pointer": "/directors/0/date_of_birth", "message": "No day"}, {"pointer": "/nowhere", "message": "?"}]
    assert blamed(faults, where) == {"director.1.date_of_birth": "No day"}


def test_a_stored_application_comes_back_but_for_its_documents_which_are_kept():
    stored = read()
    body, _ = application_of(stated(stored).filled())
    assert body == {name: value for name, value in stored.items() if name != "documents"}


def test_what_the_form_does_not_show_is_not_lost():
    numbers = [{"country": "FR", "value": "1"}]
    stored = {
        "owners": [{"name": "H", "type": "organisation", "id": "h", "owners": [{"name": "A", "national_ids": numbers}]}]
    }
    sheet = stated(stored)
    fields = [(f"owner.{at}.{name}", text) for at, row in enumerate(sheet.rows["owner"]) for name, text in row.items()]
    body, _ = application_of(typed(Form(tuple(fields))))
    assert body["owners"] == [
        {"name": "H", "type": "organisation", "id": "h", "owners": [{"name": "A", "national_ids": numbers}]}
    ]


def test_a_hidden_field_that_somebody_has_changed_is_left_out():
    for kept in ("{", "[1]", "null"):
        assert application_of(typed(form(director__0__name="A", director__0__kept=kept)))[0]["directors"] == [
            {"name": "A"}
        ]


def test_one_more_row_is_there_when_it_is_asked_for_and_no_more_than_there_may_be():
    sheet = typed(form(director__0__name="Anne", more="director"))
    assert [row.get("name", "") for row in sheet.rows["director"]] == ["Anne", ""]
    assert typed(Form((("director." + "9" * 5000 + ".name", "x"),))).rows["director"] == []
    many = typed(Form(((f"director.{10**8}.name", "x"), ("more", "director"))))
    assert len(many.rows["director"]) == MOST_ROWS


def test_a_document_has_the_digest_of_its_file():
    document = document_of(form(type="licence", issued_on="2026-01-01", readable="", sha256=""), "ab" * 32)
    assert document == {"type": "licence", "issued_on": "2026-01-01", "sha256": "ab" * 32}


@given(st.lists(st.tuples(st.text(max_size=24), st.text(max_size=12)), max_size=30))
def test_whatever_is_sent_is_read_without_a_fault(pairs):
    application_of(typed(Form(tuple(pairs))).filled())
    assert isinstance(typed(Form(tuple(pairs))), Sheet)
