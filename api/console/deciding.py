"""A stored decision as its page tells it: what led to the outcome, the ladder of rules, what differs when it is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.console.vocabulary import N_

PARTS: Final[Mapping[str, str]] = {"methods": "method"}
"""Where the answer names a domain otherwise."""
_RANKS: Final = ("allow", "challenge", "collect", "review", "block")
_LEADS: Final[Mapping[str, str]] = {
    "required": "challenge", "undecided": "collect", "collect": "collect", "require_local_copy": "allow", "report": "allow",
    "review": "review", "block": "block", "refuse": "block", "deny": "block",
}  # fmt: skip
"""The outcome that a verdict leads to as a rule; other verdicts stop nothing."""
TONES: Final[Mapping[str, str]] = {
    "exempt": "good", "clear": "good", "met": "good", "ok": "good", "allow": "good", "determined": "good",
    "allow_with_mechanism": "good", "required": "info", "require_local_copy": "info", "report": "warn", "undecided": "warn",
    "collect": "warn", "review": "warn", "block": "bad", "refuse": "bad", "deny": "bad",
}  # fmt: skip
VERDICTS: Final[Mapping[str, str]] = {
    "required": N_("required"),
    "exempt": N_("exempt"),
    "out_of_scope": N_("out of scope"),
    "not_applicable": N_("not asked for"),
    "undecided": N_("undecided"),
    "clear": N_("clear"),
    "report": N_("to be reported"),
    "review": N_("to be reviewed"),
    "block": N_("blocked"),
    "met": N_("met"),
    "collect": N_("data wanted"),
    "refuse": N_("refused"),
    "allow": N_("allowed"),
    "allow_with_mechanism": N_("allowed on a ground"),
    "require_local_copy": N_("local copy required"),
    "deny": N_("denied"),
    "determined": N_("determined"),
    "ok": N_("in order"),
}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "sca": ("required", "exempt", "out_of_scope", "not_applicable", "undecided"),
    "aml": ("clear", "report", "review", "block", "undecided"),
    "kyc": ("met", "collect", "refuse", "undecided"),
    "residency": ("allow", "allow_with_mechanism", "require_local_copy", "deny", "not_applicable"),
    "tax": ("determined", "undecided", "not_applicable"),
    "methods": ("ok", "collect", "refuse", "not_applicable", "undecided"),
}
"""The verdicts of each domain."""
SENTENCES: Final[Mapping[str, str]] = {
    "allow": N_("The payment could go ahead."),
    "challenge": N_("The payment could go ahead once the payer was authenticated."),
    "collect": N_("The payment had to wait for facts that were not stated."),
    "review": N_("A person had to look at the payment before it went ahead."),
    "block": N_("The payment was blocked."),
}
EVENTS: Final[Mapping[str, str]] = {
    "authenticated": N_("Payer authenticated"),
    "authorised": N_("Authorised"),
    "captured": N_("Captured"),
    "refunded": N_("Refunded"),
    "failed": N_("Failed"),
}
LOCALES: Final[Mapping[str, str]] = {
    "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "id": "Bahasa Indonesia", "pt": "Português",
    "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""Languages in their own names."""


def means(summary: Mapping[str, Any]) -> str:
    """How it was paid, as far as it was stated: `visa · remote`."""
    stated = summary["stated"]
    return " · ".join(one for one in (stated.get("method") or stated.get("instrument"), stated.get("channel")) if one)


def way(summary: Mapping[str, Any]) -> str:
    """From where to where: `FR → DE`; what was not stated is a question mark."""
    countries = summary["countries"]
    start, end = countries.get("payer") or countries.get("issuer"), countries.get("payee") or countries.get("acquirer")
    return f"{start or '?'} → {end or '?'}" if start or end else ""


def domains(decision: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each domain that was decided, the gravest first: its verdict, tone, and whether it led to the outcome."""
    found = []
    for domain in decision["domains"]:
        part = decision.get(PARTS.get(domain, domain))
        if part is not None:
            verdict = part["verdict"]
            led = _LEADS.get(verdict, "allow")
            found.append({
                "name": domain, "part": part, "verdict": verdict, "tone": TONES.get(verdict, "plain"),
                "led": led != "allow" and led == decision["outcome"], "rank": _RANKS.index(led),
            })  # fmt: skip
    return sorted(found, key=lambda one: (-one["rank"], one["tone"] == "plain"))


def findings(decision: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules that fired, those of the domains that led to the outcome first; each with the day whose law it is of."""
    leading = {one["name"]: at for at, one in enumerate(domains(decision))}
    days = {one["jurisdiction"]: one["as_of"] for one in decision["rulepacks"]}
    told = [{"demoted": None, **one, "as_of": days.get(one["pack"])} for one in decision["findings"]]
    stopped = decision["outcome"] != "allow"
    return sorted(told, key=lambda one: (leading.get(one["domain"], 99), _weight(one["effect"], stopped=stopped)))


def _weight(effect: str, *, stopped: bool) -> int:
    """Where a reason stands among those of its domain: where something was stopped, what stops; else what exempts."""
    if effect == "exempt":
        return 3 if stopped else 0
    return {"block": 0, "refuse": 0, "deny": 0, "review": 1, "note": 4}.get(effect, 2)


def ladder(explanation: Mapping[str, Any], *, whole: bool) -> list[dict[str, Any]]:
    """By domain, each law that was asked with its rules: fired first, then those that cannot be told, then the others, of which
    only the first part that is not met is told unless the `whole` is wanted."""
    found: dict[str, list[dict[str, Any]]] = {}
    for place in explanation["places"]:
        rules = [_rule(one, whole=whole) for one in place["rules"]]
        groups = {
            "fired": [one for one in rules if one["fired"] is True],
            "undecided": [one for one in rules if one["fired"] is None],
            "not_fired": [one for one in rules if one["fired"] is False],
        }
        found.setdefault(place["domain"], []).append({"region": None, **place, "groups": groups, "number": len(rules)})
    return [
        {"name": name, "places": places, **_counts(places)} for name, places in found.items()
    ]  # fmt: skip


def _counts(places: list[dict[str, Any]]) -> dict[str, int]:
    return {word: sum(len(place["groups"][word]) for place in places) for word in ("fired", "undecided", "not_fired")}


def _rule(rule: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    if rule["fired"] is False and not whole:
        return {"demoted": None, **rule, "because": None, "not_met": _not_met(rule["because"])}
    return {"demoted": None, **rule, "because": _rung(rule["because"]), "not_met": None}


def _not_met(rung: Mapping[str, Any]) -> dict[str, Any]:
    """The first part, as deep as there is one, that does not hold, with the values that it compares."""
    part = next((one for one in rung.get("below") or () if one["value"] == "false"), None)
    if part is not None:
        return _not_met(part)
    values = [
        one
        for one in rung.get("below") or ()
        if one["value"] not in ("true", None) and one["expression"] != rung["expression"]
    ]
    return {
        "said": rung.get("said") or rung["expression"],
        "values": [{"name": one.get("said") or one["expression"], "value": one["value"]} for one in values],
    }


def _rung(rung: Mapping[str, Any]) -> dict[str, Any]:
    """A condition: `inline` are the values it compares, `below` its parts that have parts of their own."""
    parts = rung.get("below") or ()
    leaves = [one for one in parts if not one.get("below")]
    values = len(leaves) == len(parts) and not any(one["value"] in ("true", "false") for one in leaves)
    inline, below = (
        (
            [{"since": None, "not_read": False, **one, "said": one.get("said") or one["expression"]} for one in leaves],
            [],
        )
        if values
        else ([], [_rung(one) for one in parts])
    )
    return {
        "expression": rung["expression"], "said": rung.get("said") or rung["expression"], "value": rung["value"],
        "since": rung.get("since"), "not_read": rung.get("not_read"),
        "missing": rung.get("missing") or (), "inline": inline, "below": below,
    }  # fmt: skip


def replay_rows(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers side by side: the outcome, then each domain's verdict."""
    rows = [{"name": "outcome", "was": was["outcome"], "now": now["outcome"]}]
    for domain in was["domains"]:
        key = PARTS.get(domain, domain)
        rows.append({
            "name": domain, "was": (was.get(key) or {}).get("verdict"), "now": (now.get(key) or {}).get("verdict"),
        })  # fmt: skip
    return rows


def moved_rules(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The findings that only one of two answers has."""
    before, after = ({(one["pack"], one["rule"]): one for one in body["findings"]} for body in (was, now))
    return {
        "lost": [one for key, one in before.items() if key not in after],
        "gained": [one for key, one in after.items() if key not in before],
    }


def flat(differences: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Differences as lines: lists and objects in short, texts as they are."""
    for one in differences:
        yield {"pointer": one["pointer"], "was": _short(one["was"]), "now": _short(one["now"])}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        names = [_name(one) for one in value]
        return ", ".join(names) if names else None
    return _name(value) if isinstance(value, dict) else value


def _name(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    keys = (
        "rule",
        "name",
        "code",
        "field",
        "jurisdiction",
        "instrument",
        "verdict",
        "answer",
        "action",
        "method",
        "id",
    )
    return str(next((value[key] for key in keys if value.get(key)), "…"))
