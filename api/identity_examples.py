"""Examples of people, sessions and keys for the document. None of the secrets in them opens anything."""

from __future__ import annotations

from typing import Any, Final

_AT: Final = "2026-11-22T09:15:01+00:00"
_PERSON: Final = "per_01kavw3e5n7x2v8g4yq0m6tz1b"
_CALLER: Final = {
    "id": _PERSON, "kind": "person", "name": "mona", "display_name": "Mona Lind", "roles": ["officer"],
    "scopes": ["decide", "read", "edit", "review"], "locale": "en",
}  # fmt: skip
_KEY_CALLER: Final = {
    "id": "key_5f0c2b9a7d3e", "kind": "key", "name": "till 7", "display_name": "till 7", "roles": [], "scopes": ["decide"],
    "locale": None,
}  # fmt: skip
_SIGNED_IN: Final = {
    "token": "lxs_the-token-is-shown-this-once",
    "expires_at": "2026-11-22T21:15:01+00:00",
    "caller": _CALLER,
}
_BODY: Final = {
    "id": _PERSON, "name": "mona", "display_name": "Mona Lind", "locale": "en", "roles": ["officer"],
    "scopes": ["decide", "read", "edit", "review"], "state": "active", "second_factor": True, "password": True,
    "openid_connect": False, "setup_until": None, "created_at": _AT, "changed_at": _AT,
}  # fmt: skip
_INVITED: Final = {
    **_BODY, "state": "invited", "second_factor": False, "password": False, "setup_until": "2026-11-25T09:15:01+00:00",
    "setup_code": "lxi_the-code-is-shown-this-once",
}  # fmt: skip
_KEY: Final = {
    "id": "key_5f0c2b9a7d3e", "name": "till 7", "scopes": ["decide"], "state": "good", "created_at": _AT, "expires_at": None,
    "revoked_at": None, "used_at": None, "sources": ["10.0.0.0/8"], "countries": ["DE", "FR"], "merchants": [],
    "rate": {"requests": 100, "seconds": 10},
}  # fmt: skip
_MADE: Final = {**_KEY, "secret": "lx_the-secret-is-shown-this-once"}
_SHOWN: Final = {
    "caller": _CALLER, "expires_at": "2026-11-22T21:15:01+00:00", "second_factor": True, "password": True, "recovery_codes": 10,
}  # fmt: skip
_PSEUDONYM: Final = "lxp_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
_WHY: Final = {"reason": "Has left the house"}


def requests() -> dict[tuple[str, str], Any]:
    """By path and method, what is sent."""
    return {
        ("/v1/sessions", "post"): {"name": "mona", "password": "a few words nobody says", "code": "492039"},
        ("/v1/setup", "post"): {"name": "mona", "code": "lxi_...", "password": "a few words nobody says"},
        ("/v1/sign-in/openid", "post"): {},
        ("/v1/sign-in/openid/finish", "post"): {"kept": "gAAAA...", "state": "Zk3...", "code": "SplxlOBeZQQYbYS6WxSbIA"},
        ("/v1/key-sessions", "post"): {},
        ("/v1/session/profile", "post"): {"display_name": "Mona Lind", "locale": "zh"},
        ("/v1/session/password", "post"): {"current": "a few words nobody says", "new": "other words, just as many"},
        ("/v1/session/second-factor", "post"): {"password": "a few words nobody says"},
        ("/v1/session/second-factor/confirm", "post"): {"code": "492039"},
        ("/v1/session/second-factor/remove", "post"): {"password": "a few words nobody says"},
        ("/v1/people", "post"): {"name": "mona", "display_name": "Mona Lind", "roles": ["officer"], "locale": "en"},
        ("/v1/people/{person_id}/roles", "post"): {"roles": ["officer", "analyst"], "reason": "Stands in for Li"},
        ("/v1/people/{person_id}/disable", "post"): _WHY,
        ("/v1/people/{person_id}/enable", "post"): {"reason": "Is back"},
        ("/v1/people/{person_id}/reset", "post"): {"reason": "Has lost the authenticator"},
        ("/v1/keys", "post"): {
            "name": "till 7", "scopes": ["decide"], "sources": ["10.0.0.0/8"], "countries": ["DE", "FR"],
            "rate": {"requests": 100, "seconds": 10},
        },
        ("/v1/keys/{key_id}/rotate", "post"): {"overlap_hours": 24},
        ("/v1/keys/{key_id}/rate", "post"): {"rate": {"requests": 500, "seconds": 10}, "reason": "Sales begin"},
        ("/v1/keys/{key_id}/revoke", "post"): {"reason": "The till is gone"},
        ("/v1/subjects/status", "post"): {"subject": "c-7"},
        ("/v1/subjects/erase", "post"): {"subject": "c-7", "reason": "Asked for by the person, ticket 4711"},
    }  # fmt: skip


def answers() -> dict[tuple[str, str, str], Any]:
    """By path, method and status, what is answered."""
    return {
        ("/v1/sessions", "post", "201"): _SIGNED_IN,
        ("/v1/setup", "post", "201"): _SIGNED_IN,
        ("/v1/sign-in/openid", "post", "200"): {"url": "https://id.example/authorize?...", "kept": "gAAAA..."},
        ("/v1/sign-in/openid/finish", "post", "201"): _SIGNED_IN,
        ("/v1/sign-in", "get", "200"): {"password": True, "openid": "Single sign-on"},
        ("/v1/key-sessions", "post", "201"): {**_SIGNED_IN, "caller": _KEY_CALLER},
        ("/v1/session", "get", "200"): _SHOWN,
        ("/v1/session/profile", "post", "200"): _SHOWN,
        ("/v1/people", "post", "201"): _INVITED,
        ("/v1/people/{person_id}", "get", "200"): _BODY,
        ("/v1/people/{person_id}/reset", "post", "200"): _INVITED,
        ("/v1/people/names", "get", "200"): {_PERSON: "Mona Lind", "key_5f0c2b9a7d3e": "till 7"},
        ("/v1/keys", "post", "201"): _MADE,
        ("/v1/keys/{key_id}", "get", "200"): _KEY,
        ("/v1/keys/{key_id}/rotate", "post", "201"): {**_MADE, "id": "key_7d3e5f0c2b9a"},
        ("/v1/keys/{key_id}/rate", "post", "200"): {**_KEY, "rate": {"requests": 500, "seconds": 10}},
        ("/v1/subjects/status", "post", "200"): {
            "pseudonym": _PSEUDONYM,
            "kept": True,
            "unprotected": 0,
            "keys": [{"number": 7, "made_at": _AT, "erased_at": None, "by": None, "reason": None}],
        },
        ("/v1/subjects/erase", "post", "200"): {
            "pseudonym": _PSEUDONYM,
            "keys": 1,
            "unprotected": 0,
            "log_emptied": True,
        },
        ("/v1/keys/{key_id}/revoke", "post", "200"): {**_KEY, "state": "revoked", "revoked_at": _AT},
    }
