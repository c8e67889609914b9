"""Codes of cases, screenings, onboarding and obligations in words. What has no word here is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.console.vocabulary import N_
from api.console.wording import translations

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "case_state": {
        "open": N_("Unclaimed"), "claimed": N_("In work"), "proposed": N_("Waits for approval"), "decided": N_("Settled"),
    },
    "severity": {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High")},
    "decision": {
        "false_positive": N_("False alarm"), "explained": N_("Explained"), "monitor": N_("Watch more closely"),
        "report": N_("Report the suspicion"), "confirm_match": N_("Confirm the match"),
        "delisted": N_("Ended: the entry left its list"),
    },
    "decision_hint": {
        "false_positive": N_("It is not so, or it is not this person."),
        "explained": N_("It is so, and there is a lawful reason."),
        "monitor": N_("Nothing to report now; the relationship is watched more closely."),
        "report": N_("A suspicion is reported to the authority. Always takes two people."),
        "confirm_match": N_("The subject is the one whom the list means."),
    },
    "case_event": {
        "opened": N_("Case opened"), "alert_added": N_("Something more was found"), "alert_ended": N_("A match ended"),
        "delisted": N_("Closed: every match ended"), "claimed": N_("Claimed"), "taken_over": N_("Taken over"),
        "released": N_("Returned to the queue"), "noted": N_("Note"), "decided": N_("Settled"),
        "proposed": N_("Decision proposed"), "approved": N_("Decision approved"), "declined": N_("Proposal declined"),
        "withdrawn": N_("Proposal withdrawn"), "reopened": N_("Reopened"),
    },
    "alert_kind": {
        "scenario": N_("Pattern of payments"), "screening": N_("Match with a list"), "incident": N_("Incident"),
        "change": N_("Change of the law"),
    },
    "subject_kind": {
        "payer": N_("Payer"), "payee": N_("Payee"), "account": N_("Account"), "card": N_("Card"),
        "merchant": N_("Merchant"), "list": N_("List"), "service": N_("Service"), "change": N_("Change of the law"),
    },
    "verdict": {"clear": N_("Clear"), "review": N_("To be looked at"), "hit": N_("Match")},
    "band": {"possible": N_("Possible"), "confirmed": N_("Strong"), "clear": N_("Clear")},
    "entity": {
        "person": N_("Person"), "organisation": N_("Organisation"), "vessel": N_("Vessel"), "aircraft": N_("Aircraft"),
        "unknown": N_("Not stated"),
    },
    "gender": {"male": N_("Male"), "female": N_("Female")},
    "name_kind": {
        "primary": N_("primary name"), "alias": N_("alias"), "former": N_("former name"), "now": N_("now known as"),
        "original": N_("original script"),
    },
    "feature": {
        "name": N_("The name that was compared"), "name_part": N_("Part of the name is the same"),
        "spelling": N_("Part of the name, spelt otherwise"),
        "joined": N_("Written together or apart"), "initial": N_("An initial"), "cut": N_("A word that is cut off"),
        "missing_part": N_("Only the list has this part"), "extra_part": N_("Only the subject has this part"),
        "other_part": N_("Both have other parts: another name"), "common_parts": N_("What agrees is common and tells little"),
        "longer_name": N_("The listed name stands whole within a longer one"), "weak_alias": N_("The list calls this name weak"),
        "identifier": N_("The same number"), "birth_date": N_("The same day of birth"),
        "birth_year": N_("The births may agree"), "birth_conflict": N_("Born at another time"),
        "country": N_("A country in common"), "gender": N_("Another gender"), "kind": N_("Another kind of party"),
        "number": N_("Another number in the name"),
    },
    "clearance_state": {
        "proposed": N_("Waits for approval"), "holding": N_("Holds now"), "lapsed": N_("Lapsed"), "revoked": N_("Revoked"),
    },
    "payment_status": {
        "executed": N_("Executed"), "failed": N_("Failed"), "refunded": N_("Refunded"),
        "abandoned": N_("Nothing told"),
    },
    "direction": {"in": N_("In"), "out": N_("Out")},
    "stage": {
        "submitted": N_("Submitted"), "automatic_review": N_("Automatic review"), "manual_review": N_("Human review"),
        "active": N_("Active"), "refused": N_("Refused"), "suspended": N_("Suspended"),
    },
    "onboarding_state": {
        "draft": N_("Draft application"), "submitted": N_("Submitted"), "documents_missing": N_("Something is missing"),
        "auto_review": N_("Automatic review"), "auto_passed": N_("Passed automatically"),
        "auto_flagged": N_("Flagged automatically"), "auto_rejected": N_("Refused automatically"),
        "in_review": N_("In review"), "info_requested": N_("Asked for information"), "escalated": N_("Held"),
        "approved": N_("Approved"), "rejected": N_("Rejected"), "activating": N_("To be activated"),
        "active": N_("Active"), "active_limited": N_("Active within limits"), "suspended": N_("Suspended"),
        "terminated": N_("Terminated"),
    },
    "onboarding_event": {
        "created": N_("Application opened"), "submitted": N_("Handed in"), "changed": N_("Application changed"),
        "documents_added": N_("Documents added"), "materially_changed": N_("Changed in substance"),
        "documents_missing": N_("Something is missing"), "documents_complete": N_("Nothing is missing"),
        "passed": N_("Automatic review: passed"), "flagged": N_("Automatic review: flagged"),
        "failed": N_("Automatic review: failed"), "held": N_("Held: two people decide"),
        "sampled": N_("Drawn for a look by a person"), "approved": N_("Approved"), "assigned": N_("For a person to decide"),
        "first_approved": N_("First approval"), "activation_begun": N_("Activation begun"), "rejected": N_("Rejected"),
        "information_requested": N_("Information requested"), "escalated": N_("Held"), "activated": N_("Activated"),
        "suspended": N_("Suspended"), "reinstated": N_("Reinstated"), "terminated": N_("Terminated"),
        "document_expired": N_("A document expired"), "review_due": N_("Review due"), "grace_over": N_("Grace is over"),
        "list_hit": N_("A list may name somebody"),
    },
    "onboarding_decision": {
        "approve": N_("Approve"), "reject": N_("Reject"), "request_information": N_("Ask for information"),
        "escalate": N_("Hold: two people decide"), "activate": N_("Activate"), "suspend": N_("Suspend"),
        "reinstate": N_("Reinstate"), "terminate": N_("Terminate"),
    },
    "onboarding_decision_hint": {
        "approve": N_("Ready to be activated; a high risk takes a second person."),
        "reject": N_("Final. A new application would begin anew."),
        "request_information": N_("Back to whoever handed it in, with your words."),
        "escalate": N_("Nothing goes on until two people have decided."),
        "activate": N_("Payments may be taken from now on, under the conditions below."),
        "suspend": N_("No payments from now on, until it is reinstated."),
        "reinstate": N_("Back through every stage of the review."),
        "terminate": N_("Ends for good."),
    },
    "check": {
        "documents": N_("Documents"), "company_register": N_("Register of companies"),
        "registration_number": N_("Registration number"), "tax_number": N_("Tax number"), "account": N_("Account"),
        "account_holder": N_("Holder of the account"), "owners": N_("Beneficial owners"),
        "owner_register": N_("Register of beneficial owners"), "duplicates": N_("Other cases with the same marks"),
        "blacklist": N_("Refused before"), "category": N_("Line of business"), "screening": N_("Lists"),
        "politically_exposed": N_("Political exposure"), "countries": N_("Countries"), "expected": N_("Expected business"),
    },
    "result": {
        "pass": N_("Passed"), "flag": N_("Flagged"), "fail": N_("Failed"), "not_performed": N_("Not performed"),
    },
    "missing_because": {
        "not_stated": N_("not stated"), "not_there": N_("not there"), "not_readable": N_("not readable"),
        "expired": N_("expired"), "too_old": N_("too old"), "not_dated": N_("without a date"),
    },
    "legal_form": {
        "company": N_("Company"), "listed_company": N_("Listed company"), "partnership": N_("Partnership"),
        "sole_trader": N_("Sole trader"), "nonprofit": N_("Nonprofit"), "trust": N_("Trust"),
        "public_body": N_("Public body"),
    },
    "exposure": {
        "none": N_("Not exposed"), "domestic": N_("Domestic office"), "foreign": N_("Foreign office"),
        "family": N_("Family or close associate"), "former": N_("Former office"),
    },
    "owner_by": {
        "ownership": N_("by ownership"), "votes": N_("by votes"), "control_of_holder": N_("by control of a holder"),
        "control": N_("by control"), "senior_manager": N_("as senior manager"),
    },
    "trading": {"none": N_("No payments"), "limited": N_("Within limits"), "full": N_("Open for payments")},
    "applicant": {
        "draft": N_("Draft application"), "more_needed": N_("More is needed"), "under_review": N_("Under review"),
        "active": N_("Active"), "paused": N_("Paused"), "closed": N_("Closed"),
    },
    "ending": {"fulfilled": N_("Done"), "lapsed": N_("Lapsed"), "waived": N_("Waived")},
    "ending_hint": {
        "fulfilled": N_("The report was filed, the notice sent."),
        "lapsed": N_("What it hung on never happened: the payment was not executed."),
        "waived": N_("Somebody who may decided that it does not hold here."),
    },
    "check_why": {
        "complete": N_("complete"), "not_looked_up": N_("nobody has looked it up"), "active": N_("active"),
        "dissolved": N_("dissolved"), "not_found": N_("not found"), "differs": N_("says otherwise"),
        "agrees": N_("agrees"), "well_formed": N_("well formed"), "checksum": N_("its check digit is wrong"),
        "form": N_("its form is wrong"), "not_stated": N_("not stated"), "no_module": N_("no rule is known for it"),
        "another_country": N_("of another country"), "no_iban": N_("no IBAN"), "same_name": N_("the same name"),
        "another_name": N_("another name"), "bank_says_another_name": N_("the bank gives another name"),
        "bank_not_asked": N_("the bank was not asked"), "computed": N_("worked out"),
        "owners_not_stated": N_("owners are not stated"), "share_not_stated": N_("a share is not stated"),
        "share_over_100": N_("shares come to more than 100 %"), "votes_over_100": N_("votes come to more than 100 %"),
        "chain_open": N_("an organisation without owners"), "owner_may_be_hidden": N_("an owner may be hidden"),
        "person_with_owners": N_("a person with owners"),
        "controlled_by_organisation": N_("controlled by an organisation"), "nobody_found": N_("no owner was found"),
        "no_director": N_("no director is stated"), "none_known": N_("none known"),
        "same_registration": N_("the same registration number"), "same_tax": N_("the same tax number"),
        "same_account": N_("the same account"), "not_restricted": N_("not restricted"), "restricted": N_("restricted"),
        "banned": N_("banned"), "no_lists": N_("no list is kept"), "clear": N_("clear"),
        "list_possible": N_("a list may name them"), "list_confirmed": N_("a list names them"),
        "not_screened": N_("not held against the lists"), "site_not_stated": N_("the site is not stated"),
        "not_high_risk": N_("no high-risk country"), "high_risk": N_("a high-risk country"),
        "not_embargo": N_("no embargo"), "embargo": N_("under an embargo"),
        "no_list_high_risk": N_("no list of high-risk countries"), "no_list_embargo": N_("no list of embargoes"),
        "stated": N_("stated"), "none_stated": N_("nobody is exposed, as stated"), "nobody_named": N_("nobody is named"),
        "domestic": N_("domestic office"), "foreign": N_("foreign office"), "family": N_("family or close associate"),
        "former": N_("former office"), "none": N_("not exposed"),
    },
    "risk_reason": {
        "politically_exposed": N_("political exposure"), "high_risk_country": N_("a high-risk country"),
        "list_hit": N_("a list may name somebody"), "category_restricted": N_("a restricted line of business"),
        "ownership_layers": N_("layers of ownership"), "ownership_doubt": N_("doubts about the owners"),
        "blacklist": N_("refused before"), "duplicate": N_("shares marks with another case"), "trust": N_("a trust"),
        "customers_high_risk_country": N_("customers in a high-risk country"), "new_company": N_("a new company"),
    },
    "document": {
        "register_extract": N_("Extract of the register"), "articles_of_association": N_("Articles of association"),
        "ownership_chart": N_("Ownership chart"), "proof_of_address": N_("Proof of address"),
        "bank_statement": N_("Bank statement"), "identity_document": N_("Identity document"), "licence": N_("Licence"),
    },
    "field": {
        "legal_form": N_("Legal form"), "registration_number": N_("Registration number"), "tax_ids": N_("Tax numbers"),
        "address": N_("Address"), "industry": N_("Line of business"), "website": N_("Website"),
        "directors": N_("Directors"), "owners": N_("Owners"), "account": N_("Account"), "name": N_("Full name"),
        "expected": N_("Expected business"), "country": N_("Country"),
    },
}  # fmt: skip
"""Table -> code -> English."""
TONES: Final[Mapping[str, str]] = {
    "high": "bad", "medium": "warn", "low": "plain",
    "open": "info", "claimed": "accent", "proposed": "warn", "decided": "good",
    "clear": "good", "review": "warn", "hit": "bad", "possible": "warn", "confirmed": "bad",
    "holding": "good", "lapsed": "plain", "revoked": "plain",
    "pass": "good", "flag": "warn", "fail": "bad", "not_performed": "plain",
    "active": "good", "active_limited": "good", "suspended": "bad", "rejected": "bad", "auto_rejected": "bad",
    "terminated": "bad", "escalated": "bad", "in_review": "warn", "activating": "info", "info_requested": "info",
    "documents_missing": "warn", "none": "plain", "limited": "warn", "full": "good",
    "executed": "good", "failed": "plain", "refunded": "info", "abandoned": "plain",
}  # fmt: skip
"""Code -> the tone of its badge."""


class Words:
    """`w("case_state", "open")` in the language of a page."""

    def __init__(self, language: str) -> None:
        self._say = translations(language).gettext

    def __call__(self, table: str, code: str | None) -> str:
        """The word of a code; the code itself, readable, where there is none."""
        if code is None or code == "":
            return "–"
        said = TABLES[table].get(code)
        return str(code).replace("_", " ") if said is None else self._say(said)

    @staticmethod
    def tone(code: str | None) -> str:
        """Of its badge."""
        return TONES.get(code or "", "plain")

    def options(self, table: str, codes: list[str] | None = None, empty: str | None = None) -> list[tuple[str, str]]:
        """Choices of a select: code and word. `empty`: the word of no choice."""
        chosen = codes if codes is not None else list(TABLES[table])
        first = [] if empty is None else [("", empty)]
        return [*first, *((code, self(table, code)) for code in chosen)]
