"""The desk of those who change the law: drafts read, written, checked, approved, put in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from api.settings import Settings
from api.signing_keys import SigningKeys
from api.staleness import stale_of_change, table_of
from engine.cases import run_cases
from engine.diffs import Change, domains_touched, touches_statute
from engine.diffs.text import text_changes
from engine.drafting import (
    Activation,
    ActivationKind,
    Checked,
    Draft,
    DraftNotPossible,
    DraftState,
    DraftStep,
    approved,
    broken_glass,
    checked,
    edited,
    in_force,
    opened,
    possible,
    scheduled,
    standing,
    withdrawn,
)
from engine.drafting import Approval as Agreed
from engine.ledger import Along, ApprovalPolicy, Brought, DraftFile, Ledger, ReleaseSignature
from engine.overlay import conflicts_standing, milder, upstream_of
from engine.packs import PackError, PackSet, Problem
from engine.packs.envelope import Signed, fault_of
from engine.packs.lint import lint_changed
from engine.packs.lint.changed import changed_folders, released_alike
from engine.packs.model import DOMAINS
from engine.packs.release import Release
from engine.packs.testing import run_rule_tests
from engine.scenarios.testing import run_scenario_tests
from engine.signing import (
    SigningKey,
    approval_of,
    approval_statement,
    countersignature_statement,
    release_statement,
    signature_in,
    verifies,
)


def etag_of(text: str | None) -> str | None:
    """The tag of a file's text: what `If-Match` names. None: there is no such file."""
    return None if text is None else '"' + sha256(text.encode()).hexdigest() + '"'


class SignatureRefused(ValueError):
    """The signature that came with an approval proves nothing. `code` is stable."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class CheckFound:
    """What a check found. `release` and `changes` where the packs can be read at all."""

    problems: tuple[Problem, ...]
    tests: int
    release: PackSet | None
    changes: tuple[Change, ...]
    outcome: Checked | None
    """What would be submitted; None where something is refused."""


class Laws(Protocol):
    """Where releases and drafts are kept: a service, or the ledger that a command has opened."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def signing(self) -> SigningKeys:
        """Who signs here, and who is trusted."""

    @property
    def held(self) -> str:
        """The digest of the release in force."""

    @property
    def shipped(self) -> str:
        """The digest of what came with the software; it may wait to be put in force."""

    def packs_of(self, digest: str) -> PackSet | None:
        """A release, loaded: seconds, where it is far from today's."""

    def files_of(self, digest: str) -> Mapping[str, str] | None:
        """The files of a release, not looked into."""


class Desk:
    """What may be done with drafts, for one person at one moment. Raises what `engine.drafting` and the ledger raise."""

    def __init__(self, laws: Laws, actor: str) -> None:
        self.laws, self.ledger, self.actor = laws, laws.ledger, actor
        self.now: datetime = laws.clock()

    # -- reading --

    @cached_property
    def activations(self) -> list[Activation]:
        """Every activation of a release."""
        return self.ledger.activations.all()

    def base_of(self, draft: Draft) -> PackSet:
        """The release that a draft changes."""
        return self._packs(draft.base)

    def followed(self, draft: Draft) -> PackSet:
        """The release that a draft would take the place of: its base, unless it is an upgrade."""
        return self._packs(draft.follows)

    def base_files(self, draft: Draft) -> Mapping[str, str]:
        """The files of the release that a draft changes."""
        files = self.laws.files_of(draft.base)
        assert files is not None, "a draft's base is kept"
        return files

    def files_of(self, draft: Draft) -> dict[str, str]:
        """Every file of the release that the draft would become."""
        return self._under(draft, self.written(draft))

    def _under(self, draft: Draft, written: Mapping[str, DraftFile]) -> dict[str, str]:
        files = dict(self.base_files(draft))
        for path, file in written.items():
            if file.text is None:
                files.pop(path, None)
            else:
                files[path] = file.text
        return files

    def written(self, draft: Draft) -> dict[str, DraftFile]:
        """What the draft changes, by path."""
        return self.ledger.drafts.files(draft.id)

    def stands(self, draft: Draft) -> str:
        """Where the draft stands, with what became of it since it was scheduled."""
        return standing(draft, self.activations, self.now)

    def candidate(self, draft: Draft) -> PackSet:
        """The release that the draft would become. Raises PackError."""
        return PackSet.of(self.files_of(draft), near=self.base_of(draft))

    # -- writing --

    def open(self, draft_id: str, title: str, base: str | None) -> DraftStep:
        """A new draft, on the release in force unless another is named. Raises LookupError for one that is not here."""
        chosen = base or self.laws.held
        if self.laws.files_of(chosen) is None:
            raise LookupError(chosen)
        return opened(draft_id, chosen, title, self.actor, self.now)

    def edit(self, draft: Draft, path: str, text: str | None) -> tuple[DraftStep, Along]:
        """A file written anew, or taken out."""
        digest = None if text is None else sha256(text.encode()).hexdigest()
        step = edited(draft, self.actor, self.now, path, digest)
        return step, Along((DraftFile(path, step.draft.number, self.actor, text),))

    # -- checking --

    def check(self, draft: Draft, written: Mapping[str, DraftFile] | None = None) -> CheckFound:
        """Lint, embedded tests and cases of what the draft changes, and what it touches. `written`: what it changes, where that
        is not kept yet."""
        base, follows = self.base_of(draft), self.followed(draft)
        changed = self.written(draft) if written is None else written
        files = self._under(draft, changed)
        marks = conflicts_standing({path: files.get(path, "") for path in changed})
        try:
            release = PackSet.of(files, near=base)
        except PackError as error:
            return CheckFound((*marks, *error.problems), 0, None, (), None)
        folders = changed_folders(base.files, release.files)
        changes = text_changes(follows, release)
        problems = [
            *marks,
            *lint_changed(
                release, folders, today=self.now.date(), run_cases=run_cases, run_scenarios=run_scenario_tests
            ),
            *released_alike(follows, release),
            *self._stricter(draft, release),
            *self.stale(release, changes),
        ]
        tests = sum(1 for code in folders if code in release.packs for _ in run_rule_tests(release, [code]))
        refused = any(problem.severity == "error" for problem in problems)
        outcome = None if refused else self._outcome(release, changes)
        return CheckFound(tuple(problems), tests, release, changes, outcome)

    def _stricter(self, draft: Draft, release: PackSet) -> Iterator[Problem]:
        """What makes an answer milder than under what came with the software, on nobody's authority but the house's."""
        shipped = draft.base if draft.replaces else self.upstream(draft.base)
        upstream = None if shipped is None else self.laws.packs_of(shipped)
        if upstream is not None:
            yield from milder(upstream, release, text_changes(upstream, release))

    def upstream(self, release: str) -> str | None:
        """The digest of what came with the software that a release was made of."""
        return upstream_of(release, self.activations, self.ledger.drafts.one)

    def _packs(self, digest: str) -> PackSet:
        packs = self.laws.packs_of(digest)
        assert packs is not None, "what a draft is made of is kept"
        return packs

    def _outcome(self, release: PackSet, changes: tuple[Change, ...]) -> Checked:
        domains = tuple(sorted(domains_touched(changes)))
        statute = touches_statute(changes)
        asked = self.ledger.drafts.policies()
        policies = [asked.get(name, ApprovalPolicy(name)) for name in domains or DOMAINS[:1]]
        required = max(policy.statute_required if statute else policy.required for policy in policies)
        roles = sorted(f"{policy.domain}:{role}" for policy in policies for role in policy.roles or {})
        return Checked(release.release.digest, domains, statute, max(required, 2 if statute else 1), tuple(roles))

    def stale(self, release: PackSet, changes: tuple[Change, ...]) -> list[Problem]:
        """What the draft touches and nobody has looked at in time, as the operator wants it told."""
        settings, today = self.laws.settings, self.now.date()
        if settings.stale_policy == "off":
            return []
        table, refuse = table_of(settings.stale_table), settings.stale_policy == "refuse"
        return list(stale_of_change(release, changes, table, today, refuse=refuse))

    def keep_check(self, draft: Draft, found: CheckFound) -> DraftStep | None:
        """The step of a check that refuses nothing."""
        if found.outcome is None:
            return None
        told = {"domains": list(found.outcome.domains), "statute": found.outcome.statute, "changes": len(found.changes)}
        return checked(draft, self.actor, self.now, found.outcome, told)

    # -- deciding --

    @property
    def roles(self) -> frozenset[str]:
        """`domain:role` of each role that this person has among those who approve."""
        return frozenset(
            f"{domain}:{role}"
            for domain, policy in self.ledger.drafts.policies().items()
            for role, keys in (policy.roles or {}).items()
            if self.actor in keys
        )

    def approve(self, draft: Draft, content: str, reason: str, signature: str | None) -> DraftStep:
        """Agree with this very content. `signature`: Base64 of the approver's own under the statement of approval; without it
        the service signs that it was told so."""
        roles = self.roles
        # What is refused is refused first: nothing is signed that does not happen.
        approved(draft, self.actor, self.now, Agreed(content, reason, roles))
        proof = self._countersigned(draft, content) if signature is None else self._proven(draft, content, signature)
        return approved(draft, self.actor, self.now, Agreed(content, reason, roles, proof))

    def _proven(self, draft: Draft, content: str, signature: str) -> dict[str, str]:
        public = self.ledger.signatures.key_of(self.actor)
        if public is None:
            raise SignatureRefused("no_signing_key", "No signing key is registered for this API key")
        statement, raw = approval_statement(draft.id, content, self.actor), signature_in(signature)
        if not verifies(public, statement, raw):
            raise SignatureRefused(
                "signature_false", "Not the signature of the statement of approval by the registered key"
            )
        return approval_of(self.actor, "own", public, statement, raw)

    def _countersigned(self, draft: Draft, content: str) -> dict[str, str]:
        key = self._publisher()
        statement = countersignature_statement(draft.id, content, self.actor, self.now)
        return approval_of(self.actor, "service", key.public, statement, key.sign(statement))

    def _publisher(self) -> SigningKey:
        key = self.laws.signing.own
        if key is None:
            raise DraftNotPossible("This service has no key to sign with: its operator must set LEXGATE_SIGNING_KEY.")
        return key

    def _signed(self, draft: Draft, release: Release, kind: ActivationKind) -> ReleaseSignature:
        """The publisher's word for who approved what. Raises DraftNotPossible where it would prove nothing."""
        history = self.ledger.drafts.history(draft.id)
        handed_in = max((one.number for one in history if one.kind == "submitted"), default=0)
        spoken = [one.payload.get("signature") for one in history if one.kind == "approved" and one.number > handed_in]
        emergency = kind is ActivationKind.BROKE_GLASS
        key, approvals = self._publisher(), [one for one in spoken if one is not None]
        statement = release_statement(
            release.digest, release.version, draft.id, draft.required, approvals, emergency=emergency
        )
        signature = key.sign(statement)
        fault = fault_of(Signed(key.public, statement, signature), release.canonical, frozenset((key.public,)))
        if fault is not None:
            raise DraftNotPossible(f"It cannot be signed: {fault}. Send it back, and let it be approved anew.")
        return ReleaseSignature(release.digest, draft.id, key.public, statement, signature)

    def schedule(self, draft: Draft, active_from: datetime, reason: str) -> tuple[DraftStep, Along]:
        """Put in force from an instant on what was approved."""
        step = scheduled(draft, self.actor, self.now, active_from, reason)
        return step, self._release_along(draft, active_from, ActivationKind.PUBLISHED, reason)

    def break_glass(self, draft: Draft, content: str, reason: str) -> tuple[DraftStep, Along]:
        """Put in force at once what nobody else approved."""
        step = broken_glass(draft, self.actor, self.now, reason, content)
        return step, self._release_along(draft, self.now, ActivationKind.BROKE_GLASS, reason)

    def withdraw(self, draft: Draft, reason: str) -> tuple[DraftStep, Along]:
        """Give a draft up, or take it out of the schedule."""
        step = withdrawn(draft, self.actor, self.now, reason)
        if draft.active_from is None or draft.content is None:
            return step, Along()
        taken = Activation(
            0, draft.content, self.now, ActivationKind.CANCELLED, self.actor, self.now, draft.id, None, reason
        )
        return step, Along(activation=taken)

    def for_canary(self, draft: Draft) -> Brought:
        """What was approved, signed as it would be if it were put in force: nothing else answers a payer."""
        release = self._released(draft, ActivationKind.PUBLISHED)
        if self.laws.signing.fault(self.ledger, release.digest) is None:
            return Brought(release)
        return Brought(release, self._signed(draft, release, ActivationKind.PUBLISHED))

    def _released(self, draft: Draft, kind: ActivationKind) -> Release:
        packs = self.candidate(draft)
        assert packs.release.digest == draft.content, "the contents are those that were checked"
        if kind is ActivationKind.PUBLISHED and self.laws.settings.stale_policy == "refuse":
            # Days may have passed since the check.
            late = self.stale(packs, text_changes(self.base_of(draft), packs))
            if late:
                raise DraftNotPossible(f"{late[0].message} {late[0].remedy}")
        return packs.release

    def _release_along(self, draft: Draft, at: datetime, kind: ActivationKind, reason: str) -> Along:
        release = self._released(draft, kind)
        return Along(
            release=release,
            signature=self._signed(draft, release, kind),
            activation=Activation(0, release.digest, at, kind, self.actor, self.now, draft.id, None, reason),
        )

    def before(self, release: str) -> str | None:
        """The release to go back to from the one in force: the one that held before it was first put in force."""
        cancelled = {one.cancels for one in self.activations}
        held = [one for one in self.activations if one.seq not in cancelled and one.active_from <= self.now]
        own = [one for one in held if one.release == release and one.kind is not ActivationKind.CANCELLED]
        first = min((one.active_from for one in own), default=None)
        if first is None:
            return None
        earlier = [one for one in self.activations if one.release != release and one.active_from <= first]
        holds = in_force([*earlier, *(one for one in self.activations if one.cancels)], first)
        return None if holds is None else holds.release


def steps_for(draft: Draft, stands: str) -> list[str]:
    """What may be done now, with what becomes possible once a draft is scheduled, and once it is in force."""
    if stands in ("active", "superseded"):
        # What was in force is not withdrawn any more: what is in force is taken back by what was before it.
        steps = [step for step in possible(draft) if step != "withdraw"]
        return [*steps, "rollback"] if stands == "active" else steps
    waits = stands == DraftState.SCHEDULED and not draft.emergency
    return ["shadow", "canary", *possible(draft)] if waits else possible(draft)
