"""People, sessions and keys as they are asked for and answered. A secret stands in the answer that made it, and nowhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.routes.decisions import no_nul
from api.schemas import Said
from engine.ledger import PersonState, Role, Scope
from engine.wire import Instant

Login = Annotated[
    str,
    StringConstraints(
        strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+\-]{0,79}$", strip_whitespace=True, to_lower=True
    ),
]
Secret = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=256), AfterValidator(no_nul)]
Code = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80), AfterValidator(no_nul)]
Called = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=120, strip_whitespace=True), AfterValidator(no_nul)
]
Language = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]
Why = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=2000, strip_whitespace=True), AfterValidator(no_nul)
]
Roles = Annotated[list[Role], Field(min_length=1, max_length=7)]


class Asking(BaseModel):
    """A body that is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


# -- signing in -----------------------------------------------------------------------------------------------------------


class SigningIn(Asking):
    """Who somebody says to be, and what shows it."""

    name: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)]
    password: Secret
    code: Code | None = None
    """Of the authenticator, or a recovery code; needed where a second factor is set up."""


class SettingUp(Asking):
    """The one-time code that an administrator handed over, and the password that is chosen with it."""

    name: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)]
    code: Code
    password: Secret


class Nothing(Asking):
    """An object without anything in it."""


class OpenIdBack(Asking):
    """What the provider and the browser brought back."""

    kept: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000), AfterValidator(no_nul)]
    state: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)]
    code: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=4000), AfterValidator(no_nul)]


class OpenIdBegun(Said):
    """Where to sign in."""

    url: str
    """At the provider."""
    kept: str
    """Sealed: the browser keeps it and brings it back, within ten minutes."""


class SignInWays(Said):
    """How people sign in here."""

    password: bool
    openid: str | None
    """What the house's own provider is called; null: there is none."""


class NewPassword(Asking):
    """The password that was, and the one that is to be. Ends all other sessions."""

    current: Secret
    new: Secret


class PasswordShown(Asking):
    """The password once more, before something that a borrowed session must not do."""

    password: Secret


class CodeShown(Asking):
    """A code of the authenticator."""

    code: Code


class Profile(Asking):
    """What somebody chooses for themselves. What is not named stays."""

    display_name: Called | None = None
    locale: Language | None = None


class CallerBody(Said):
    """Who calls."""

    id: str
    kind: Literal["person", "key"]
    name: str
    """Under which a person signs in; what a key was made for."""
    display_name: str
    roles: list[Role]
    """Of a person; keys have scopes alone."""
    scopes: list[Scope]
    locale: str | None
    """The language that a person chose."""


class SessionOpened(Said):
    """Signed in. The token is a bearer token on every route, and is not shown again."""

    token: str
    expires_at: datetime
    """The latest end; without use it ends earlier."""
    caller: CallerBody


class SessionShown(Said):
    """Who calls, and until when at most."""

    caller: CallerBody
    expires_at: datetime | None
    """Null: a key without an end."""
    second_factor: bool
    """Whether a second factor is set up."""
    password: bool
    """Whether a password is: who signs in by OpenID Connect has none here."""
    recovery_codes: int
    """How many recovery codes are left."""


class SessionBody(Said):
    """A session of one's own."""

    id: str
    method: Literal["password", "second_factor", "recovery_code", "set_up", "openid_connect"]
    source: str
    """The address it was opened from."""
    created_at: datetime
    seen_at: datetime
    """To the minute."""
    expires_at: datetime
    current: bool


class SessionPage(Said):
    """One's own sessions, the newest first."""

    data: list[SessionBody]
    next: None


class FactorBegun(Said):
    """A second factor that is to be confirmed by its first code. Not shown again."""

    secret: str
    uri: str
    """For an authenticator: `otpauth://...`."""
    svg: str
    """The same as a QR code."""


class RecoveryCodes(Said):
    """Codes for when the authenticator is lost, each good once. Not shown again."""

    recovery_codes: list[str]


# -- people ---------------------------------------------------------------------------------------------------------------


class Inviting(Asking):
    """A person to be."""

    name: Login
    """Under which they sign in: letters, digits and `._@+-`; capitals do not count."""
    display_name: Called
    roles: Roles
    locale: Language = "en"


class RolesWanted(Asking):
    """What somebody is to do from now on."""

    roles: Roles
    reason: Why


class Reason(Asking):
    """Why: kept in the chain of the ledger."""

    reason: Why


class PersonBody(Said):
    """A person."""

    id: str
    name: str
    display_name: str
    locale: str
    roles: list[Role]
    scopes: list[Scope]
    state: PersonState
    second_factor: bool
    password: bool
    openid_connect: bool
    """Whether they sign in by OpenID Connect."""
    setup_until: datetime | None
    """Until when the one-time code is good that was handed out; null: there is none."""
    created_at: datetime
    changed_at: datetime


class PersonInvited(PersonBody):
    """A person with the one-time code that they choose a password with."""

    setup_code: str | None
    """Shown once; null where this answer is given again."""


class PersonPage(Said):
    """People, in the order in which they were made."""

    data: list[PersonBody]
    next: str | None


class RoleBody(Said):
    """A role."""

    role: Role
    scopes: list[Scope]
    excludes: list[Role]
    """Which the same person cannot hold as well."""


class RolePage(Said):
    """All roles."""

    data: list[RoleBody]
    next: None


# -- keys -----------------------------------------------------------------------------------------------------------------

Network = Annotated[str, StringConstraints(strict=True, min_length=2, max_length=50, pattern=r"^[0-9a-fA-F.:/]+$")]
Country = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Merchant = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=128), AfterValidator(no_nul)]


class RateWanted(Asking):
    """How often a key may ask: so many requests in so many seconds, and as many at once after a rest, in each process."""

    requests: Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
    seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)]


class KeyWanted(Asking):
    """A key to be."""

    name: Called
    """What or who it is for."""
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=9)]
    expires_at: Instant | None = None
    """From when on it is not good any more; null: never."""
    sources: Annotated[list[Network], Field(max_length=50)] = []
    """Addresses and networks it may be used from; empty: anywhere."""
    countries: Annotated[list[Country], Field(max_length=250)] = []
    """Countries that decisions may be asked about; empty: all. Those of both parties and their providers must be among them."""
    merchants: Annotated[list[Merchant], Field(max_length=200)] = []
    """Merchants that decisions may be asked about; empty: all. `payee.merchant` must be one of them."""
    rate: RateWanted | None = None
    """How often it may ask; null: as often as the settings allow."""


class Rotating(Asking):
    """Another key in the place of this one."""

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=720)] = 24
    """How long the old one is still good."""


class Pacing(Asking):
    """How often a key may ask from now on."""

    rate: RateWanted | None
    """null: as often as the settings allow."""
    reason: Why


class RateBody(Said):
    """A rate."""

    requests: int
    seconds: int


class KeyBody(Said):
    """An API key, without its secret."""

    id: str
    name: str
    scopes: list[Scope]
    state: Literal["good", "expired", "revoked"]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    """When it was last seen, to the minute."""
    sources: list[str]
    countries: list[str]
    merchants: list[str]
    rate: RateBody | None
    """How often it may ask; null: as often as the settings allow."""


class KeyMade(KeyBody):
    """A key with its secret."""

    secret: str | None
    """Shown once; null where this answer is given again."""


class KeyPage(Said):
    """Keys, the oldest first."""

    data: list[KeyBody]
    next: str | None
