"""Examples of drafts for the document of the interface: a limit that a regulator raises, invented as far as its persons go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from api.draft_views import draft_body, policy_body
from api.drafting import etag_of
from engine.drafting import Checked, Draft, checked, edited, opened, submitted
from engine.ledger import ApprovalPolicy, DraftFile

NOW: Final = datetime(2026, 11, 26, 9, 15, 1, tzinfo=UTC)
DRAFT: Final = "drf_01kavw3e5n7x2v8g4yq0m6tz1b"
ANN: Final = "key_0c0ffee00000"
BEN: Final = "key_0c0ffee00001"
BASE, CONTENT, _SHIPPED = (f"sha256:{word * 8}" for word in ("0c0ffee0", "0decade0", "05caff01"))
_PATH: Final = "EEA/sca/limits.yaml"
_OLD: Final = 'values:\n      - {from: "2019-09-14", value: "30"}\n'
_NEW: Final = _OLD + '      - {from: "2026-12-01", value: "50"}\n'
_ADD: Final = {"kind": "add_value", "parameter": "low_value_single_max", "from": "2026-12-01", "value": "50"}
_PAYMENT: Final = {
    "amount": "42.00", "currency": "EUR",
    "payment": {"instrument": "card", "channel": "remote", "issuer_country": "FR", "acquirer_country": "DE"},
}  # fmt: skip
_TITLE: Final = "Low value: EUR 50 from December"
_WHY: Final = {"reason": "Delegated Regulation of 26 November 2026, Art. 1."}


class _Shelf:
    """The files of a draft's base, and where it stands."""

    def base_files(self, _draft: Draft) -> Mapping[str, str]:
        return {_PATH: _OLD}

    def stands(self, draft: Draft) -> str:
        return draft.state.value

    def before(self, _release: str) -> str | None:
        return BASE


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    draft = "/v1/drafts/{draft_id}"
    steps = ("submit", "comment", "withdraw", "send-back", "publish", "review", "rollback")
    return {
        ("/v1/drafts", "post"): {"title": _TITLE},
        (f"{draft}/files/{{path}}", "put"): {"text": _NEW},
        (f"{draft}/rebase", "post"): {"onto": BASE},
        (f"{draft}/approve", "post"): {"content": CONTENT, "reason": "As the Regulation says."},
        (f"{draft}/break-glass", "post"): {"content": CONTENT, "reason": "Nobody else can be reached tonight."},
        (f"{draft}/schedule", "post"): {"active_from": "2026-11-30T22:00:00Z", **_WHY},
        **{(f"{draft}/{step}", "post"): _WHY for step in steps},
        (f"{draft}/lint", "post"): {"path": _PATH, "text": _NEW, "depth": "reading"},
        (f"{draft}/outline", "post"): {"path": _PATH},
        (f"{draft}/tests", "post"): {"path": "EEA/sca/exemptions.yaml", "rule": "sca.low_value"},
        (f"{draft}/edits", "post"): {"path": _PATH, "edit": _ADD},
        (f"{draft}/try", "post"): {"transaction": _PAYMENT, "day": "2026-12-01", "domains": "sca"},
        ("/v1/releases/{digest}/rollback", "post"): {"reason": "The regulator takes it back."},
        ("/v1/approval-policies/{domain}", "put"): {"required": 2, "statute_required": 2, "roles": {"legal": [BEN]}},
    }


def answers() -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    body, policy = _body(), policy_body(ApprovalPolicy("sca", 2, 2, {"legal": (BEN,)}, ANN))
    conflict = {
        "number": 1, "file": _PATH, "path": "parameters[low_value_single_max].values[2026-12-01]", "base": None,
        "ours": '      - {from: "2026-12-01", value: "25"}\n', "theirs": '      - {from: "2026-12-01", value: "50"}\n',
        "stands": True, "line": 12,
        "said": f"parameters[low_value_single_max].values[2026-12-01] in {_PATH}: both sides added it, and not alike.",
    }  # fmt: skip
    waits = {
        "shipped": _SHIPPED, "version": "2026.12.0", "upstream": BASE, "in_force": CONTENT, "draft": DRAFT,
        "state": "draft", "conflicts": [conflict],
    }  # fmt: skip
    file = {"path": _PATH, "text": _NEW, "etag": etag_of(_NEW), "changed": True, "base_text": _OLD}
    late = {
        "code": "test-date", "severity": "error", "file": "EEA/sca/exemptions.yaml", "line": 136, "column": 7,
        "end_column": 8, "remedy": "Add the test that is missing.",
        "message": "low_value_single_max changes on 2026-12-01 and no test runs on 2026-11-30 or on 2026-12-01.",
    }  # fmt: skip
    rewritten: dict[str, Any] = {
        "path": _PATH,
        "text": _NEW,
        "etag": etag_of(_NEW),
        "stored": True,
        "also": [],
        "notes": [],
    }
    ran = {
        "kind": "rule", "of": "sca.low_value", "name": "at the limit", "line": 137, "on": "2026-11-20", "passed": False,
        "expected": {"outcome": "fires", "missing": []}, "found": "silent: amount 30.00 EUR, not <= 20.00 EUR",
    }  # fmt: skip
    return {
        ("/v1/drafts/{draft_id}/lint", "post"): {"ok": False, "depth": "checks", "problems": [late]},
        ("/v1/drafts/{draft_id}/edits", "post"): rewritten,
        ("/v1/drafts/{draft_id}/tests", "post"): {"passed": 14, "failed": 1, "data": [ran]},
        ("/v1/drafts", "post"): body,
        ("/v1/drafts/{draft_id}", "get"): body,
        ("/v1/drafts/{draft_id}/submit", "post"): body,
        ("/v1/drafts/{draft_id}/files/{path}", "get"): file,
        ("/v1/drafts/{draft_id}/files/{path}", "put"): file,
        ("/v1/drafts/{draft_id}/conflicts", "get"): {"data": [conflict]},
        ("/v1/upgrade", "get"): {"waits": True, "upgrade": waits},
        ("/v1/approval-policies/{domain}", "put"): policy,
    }


def _body() -> dict[str, Any]:
    """A draft that waits for the second of two approvals."""
    draft = opened(DRAFT, BASE, _TITLE, ANN, NOW).draft
    draft = edited(draft, ANN, NOW + timedelta(minutes=2), _PATH, None).draft
    found = Checked(CONTENT, ("sca",), statute=True, required=2)
    draft = submitted(checked(draft, ANN, NOW, found, {}).draft, ANN, NOW, _WHY["reason"]).draft
    body = draft_body(_Shelf(), draft, {_PATH: DraftFile(_PATH, 2, ANN, _NEW)})
    instants = ("created_at", "updated_at")
    return {**body, **{name: body[name].isoformat().replace("+00:00", "Z") for name in instants}}
