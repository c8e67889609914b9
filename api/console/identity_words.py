"""Scopes, states and steps of accounts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.console.vocabulary import N_
from api.console.wording import translations

_SCOPES: Final[Mapping[str, str]] = {
    "decide": N_("ask for decisions"),
    "tax": N_("calculate and declare tax"),
    "read": N_("read"),
    "edit": N_("draft changes to the law"),
    "approve": N_("approve changes to the law"),
    "review": N_("work on cases and changes"),
    "screen": N_("screen names"),
    "onboard": N_("take on merchants"),
    "admin": N_("look after accounts and the service"),
}
_STATES: Final[Mapping[str, str]] = {
    "invited": N_("Invited"),
    "active": N_("Active"),
    "disabled": N_("Disabled"),
    "good": N_("Good"),
    "expired": N_("Expired"),
    "revoked": N_("Revoked"),
    "waiting": N_("Waiting"),
    "delivered": N_("Delivered"),
    "dead": N_("Given up"),
    "failed": N_("Failed"),
    "gone": N_("Gone"),
    "never": N_("Not asked yet"),
    "fresh": N_("Fresh"),
    "silent": N_("Silent"),
    "failing": N_("Failing"),
    "moved": N_("Moved"),
    "running": N_("Running"),
    "whole": N_("Whole"),
    "broken": N_("Broken"),
}
_TONES: Final[Mapping[str, str]] = {
    "invited": "info", "active": "good", "disabled": "bad", "good": "good", "expired": "warn", "revoked": "bad",
    "waiting": "info", "delivered": "good", "dead": "bad", "failed": "warn", "gone": "bad", "never": "plain", "fresh": "good",
    "silent": "warn", "failing": "bad", "moved": "warn", "running": "info", "whole": "good", "broken": "bad",
}  # fmt: skip
_DONE: Final[Mapping[str, str]] = {
    "roles": N_("The roles are changed. They hold in sessions that are open, too."),
    "disabled": N_("The person is kept out. All their sessions have ended."),
    "enabled": N_("The person can sign in again."),
    "revoked": N_("The key is revoked, for good."),
    "replayed": N_("It is sent again, with all its tries."),
    "added": N_("The source is watched from the next look on."),
    "policy": N_("The policy holds for drafts that are checked from now on."),
    "profile": N_("Your name and language are changed."),
    "password": N_("Your password is changed. All your other sessions have ended."),
    "factor_removed": N_("The second factor is gone: your password alone opens your account."),
    "session": N_("The session has ended."),
    "sessions": N_("All your other sessions have ended."),
}
_METHODS: Final[Mapping[str, str]] = {
    "password": N_("Password"),
    "second_factor": N_("Password and code"),
    "recovery_code": N_("Password and recovery code"),
    "set_up": N_("One-time code"),
    "openid_connect": N_("The house's own sign-in"),
}


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self._say = translations(language).gettext

    def scope(self, code: str) -> str:
        """What a scope allows."""
        return self._say(_SCOPES[code]) if code in _SCOPES else code

    def state(self, code: str) -> str:
        """How something stands."""
        return self._say(_STATES[code]) if code in _STATES else code

    def tone(self, code: str) -> str:
        """The colour that goes with a state; the word says the same."""
        return _TONES.get(code, "plain")

    def method(self, code: str) -> str:
        """How a session was opened."""
        return self._say(_METHODS[code]) if code in _METHODS else code

    def done(self, code: str) -> str:
        """What was just done; empty: nothing that is known."""
        return self._say(_DONE[code]) if code in _DONE else ""
