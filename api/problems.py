"""What is said when a request is refused: RFC 9457 problems, every fault at once, and never a value of the caller's.

Problem
├── 401 unauthenticated       no API key, or one that is not known
│   ├── sign_in_refused       name, password or code is wrong; which of them is not said
│   ├── openid_refused       the issuer, or what it says of somebody, opens nothing here
│   └── second_factor_wanted  the code of the authenticator is asked for as well
├── 403 forbidden             the key lacks the scope
├── 404 not_found             nothing of that name
│   └── archived              it was taken out of the ledger, and its archive is not read here
├── 405 method_not_allowed
├── 408 body_too_slow         the body did not come in time
├── 409 still_running         the first request with this idempotency key is not answered yet
│   ├── already_committed     the calculation stands for a transaction already
│   ├── expired               the calculation is older than it may be
│   ├── ended_before          the obligation has ended already
│   ├── not_possible          the case stands where this is not done; what is possible is said
│   ├── another_person        who handed something in, or approved first, does not decide
│   ├── case_moved            the case is not any more as it was seen
│   ├── base_moved            another release is in force, or about to be, than the draft was made of
│   ├── undecided             the tax of the calculation, or of a return, is not determined
│   ├── already_filed         the return of this period was filed before
│   ├── not_over              the period of the return is not over yet
│   └── too_late              a filed return may not be corrected any more: the next one corrects it
├── 412 precondition_failed   the file is not any more what was read
├── 413 body_too_large
├── 415 media_type            the body is not of a media type that is read here
├── 422 body_refused          the body is not what is wanted; `errors` says where and why
│   ├── pan_refused           it carries card data that must not be here
│   ├── parameters_refused    the query is not what is wanted
│   └── key_reused            the idempotency key came with another body before
├── 428 precondition_needed   it is not said what was read
├── 429 too_many_tries        nobody is heard under this name, or from this address, for a while
│   └── rate_limited          the key asks more often than it may
├── 500 internal_error        a fault of ours
└── 503 busy, unavailable, not_ready
    ├── overloaded            more is asked of this process than it can answer in time
    └── too_slow              it took too long, and it is not known what came of it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.datastructures import URL

MEDIA_TYPE: Final = "application/problem+json"
SHOWN: Final = 1000
"""More faults than this in one body help nobody."""

_TITLES: Final = {
    "unauthenticated": (401, "An API key is needed"),
    "sign_in_refused": (401, "You are not signed in"),
    "openid_refused": (401, "You are not signed in"),
    "second_factor_wanted": (401, "A code is needed as well"),
    "forbidden": (403, "The API key may not do this"),
    "not_found": (404, "Nothing here"),
    "archived": (404, "It lies in the archive"),
    "method_not_allowed": (405, "Not with this method"),
    "body_too_slow": (408, "The body came too slowly"),
    "still_running": (409, "The first request with this key is still running"),
    "already_committed": (409, "The calculation was committed before"),
    "expired": (409, "The calculation has expired"),
    "ended_before": (409, "The obligation has ended already"),
    "not_possible": (409, "Not possible where the case stands"),
    "another_person": (409, "Another person must decide"),
    "case_moved": (409, "The case has moved"),
    "base_moved": (409, "The law has moved on"),
    "undecided": (409, "The tax is not determined"),
    "already_filed": (409, "The return was filed before"),
    "not_over": (409, "The period is not over"),
    "too_late": (409, "The return cannot be corrected any more"),
    "erased": (410, "Whom it was about was erased"),
    "precondition_failed": (412, "The file has changed"),
    "body_too_large": (413, "The body is too large"),
    "media_type": (415, "The body is of the wrong media type"),
    "body_refused": (422, "The body cannot be accepted"),
    "pan_refused": (422, "Card data must not be sent here"),
    "parameters_refused": (422, "The query cannot be accepted"),
    "key_reused": (422, "The idempotency key was used before"),
    "precondition_needed": (428, "What was read must be said"),
    "too_many_tries": (429, "Too many tries"),
    "rate_limited": (429, "Asked too often"),
    "internal_error": (500, "Something went wrong on our side"),
    "busy": (503, "Too much waits to be written"),
    "unavailable": (503, "The ledger cannot be reached"),
    "not_ready": (503, "Not ready"),
    "overloaded": (503, "Too much is asked at once"),
    "too_slow": (503, "It took too long"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: where (a JSON Pointer into the body, or a parameter), a stable code, a sentence."""

    pointer: str
    code: str
    message: str
    parameter: str | None = None

    def body(self) -> dict[str, str]:
        """As it is sent."""
        place = {"pointer": self.pointer} if self.parameter is None else {"parameter": self.parameter}
        return {**place, "code": self.code, "message": self.message}


class Problem(Exception):
    """A refusal. `kind` is stable, names the row above, and is the tail of the problem's `type`."""

    def __init__(
        self, kind: str, detail: str, *, faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self.status, self.title = _TITLES[kind]
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        super().__init__(detail)

    def body(self, instance: str | None, request_id: str | None, line: int | None = None) -> bytes:
        """The problem as JSON. What a caller sent stands in it only as pointers. `line`: of a batch, from 1."""
        content: dict[str, Any] = {
            "type": f"urn:lexgate:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if instance is not None:
            content["instance"] = instance
        if request_id is not None:
            content["request_id"] = request_id
        if line is not None:
            content["line"] = line
        if self.faults:
            content["errors"] = [fault.body() for fault in self.faults[:SHOWN]]
        return orjson.dumps(content)


def unauthenticated(detail: str, *, challenge: str = "") -> Problem:
    """401 with the challenge that RFC 9110 asks for."""
    return Problem("unauthenticated", detail, headers={"www-authenticate": f'Bearer realm="lexgate"{challenge}'})


def not_found(what: str) -> Problem:
    """404 for something that was named in the path or the query."""
    return Problem("not_found", f"There is no such {what} here.")


def refused(*faults: Fault) -> Problem:
    """422 for a body."""
    return Problem("body_refused", _counted(len(faults)), faults=faults)


def busy() -> Problem:
    """503 where the bounded queue is full."""
    return Problem("busy", "Nothing was decided. Try again shortly.", headers={"retry-after": "1"})


def unavailable() -> Problem:
    """503 where the store fails."""
    return Problem("unavailable", "Nothing was stored. Try again shortly.", headers={"retry-after": "5"})


def invalid_body(errors: Sequence[Mapping[str, Any]], tree: object) -> Problem:
    """422 for what pydantic found in a body."""
    return refused(*dict.fromkeys(fault for error in errors for fault in _faults(error, tree)))


def invalid_parameters(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """422 for what pydantic found in the path or the query."""
    faults = [Fault("", *_said(error), parameter=_parameter(error["loc"])) for error in errors]
    return Problem("parameters_refused", _counted(len(faults)), faults=faults)


def _parameter(where: Sequence[str | int]) -> str:
    """The name of a parameter; of one that comes several times its name too, and not its number."""
    return str(next((part for part in reversed(where) if isinstance(part, str)), where[-1]))


def instance_of(scope: Mapping[str, Any]) -> str:
    """The path as it was sent, percent-encoded."""
    raw: bytes = scope.get("raw_path") or URL(scope=scope).path.encode()  # type: ignore[arg-type]
    return raw.partition(b"?")[0].decode("latin-1")


def _counted(number: int) -> str:
    return "1 fault." if number == 1 else f"{number} faults."


# -- pydantic's findings, in our words -----------------------------------------------------------------------------

_CODES: Final = {
    "extra_forbidden": ("unknown_field", "There is no such field"),
    "missing": ("missing", "This field is needed"),
    "model_type": ("object_expected", "An object is wanted"),
    "model_attributes_type": ("object_expected", "An object is wanted"),
    "dict_type": ("object_expected", "An object is wanted"),
    "list_type": ("array_expected", "An array is wanted"),
    "string_type": ("string_expected", "A string is wanted"),
    "bool_type": ("boolean_expected", "true or false is wanted"),
    "int_type": ("integer_expected", "A whole number is wanted"),
    "too_long": ("too_many", ""),
    "literal_error": ("not_allowed", ""),
    "enum": ("not_allowed", ""),
    "int_parsing": ("integer_expected", "A whole number is wanted"),
    "string_pattern_mismatch": ("form", ""),
    "string_too_short": ("too_short", ""),
    "string_too_long": ("too_long", ""),
    "greater_than_equal": ("too_small", ""),
    "less_than_equal": ("too_large", ""),
}
"""pydantic's type -> our code, and our sentence where pydantic's is not fit. Its other sentences name only what is allowed."""


def _said(error: Mapping[str, Any]) -> tuple[str, str]:
    code, message = _CODES.get(error["type"], (error["type"], ""))
    return code, message or error["msg"]


def _faults(error: Mapping[str, Any], tree: object) -> Iterator[Fault]:
    code, message = _said(error)
    if code == "amounts_refused":
        yield from map(_amount, error["ctx"]["amounts"])
    elif code == "disagreements":
        yield from (Fault(*found) for found in error["ctx"]["found"])
    else:
        yield Fault(_pointer(error["loc"], tree, code), code, message)


def _amount(found: Mapping[str, str]) -> Fault:
    if found["currency"]:
        return Fault(found["pointer"], "too_many_decimals", f"More decimals than {found['currency']} has")
    return Fault(found["pointer"], "currency_missing", "An amount needs its currency beside it")


def _pointer(loc: Sequence[int | str], tree: object, code: str) -> str:
    """The JSON Pointer of an error. Steps that are pydantic's own, such as the branch of a union, are left out."""
    found = ""
    for at, step in enumerate(loc):
        inside = step in tree if isinstance(tree, dict) else isinstance(tree, list) and isinstance(step, int)
        if inside:
            tree = tree[step]  # type: ignore[index]
        elif code != "missing" or at + 1 < len(loc):
            continue
        found += "/" + escape(str(step))
    return found


def escape(step: str) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
