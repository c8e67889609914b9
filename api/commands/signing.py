"""`lexgate keys signing`: the keys that sign releases, approvals and checkpoints. Private keys are files, never in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import Json, give_up, say, show_json
from api.commands.ledger import settings
from api.signing_keys import KeyRefused, SigningKeys, make_key, read_key
from engine.signing import approval_statement, written

app = typer.Typer(no_args_is_help=True, help="Ed25519 keys that sign releases, approvals and checkpoints.")

KeyFile = Annotated[Path, typer.Argument(metavar="FILE", help="The PEM file of the private key.")]
Draft = Annotated[str, typer.Argument(metavar="DRAFT", help="drf_...")]
Content = Annotated[str, typer.Argument(metavar="CONTENT", help="`content` of the draft as it was read: sha256:...")]
Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="The PEM file of your private key.")]
Holder = Annotated[str, typer.Option("--as", metavar="ID", help="key_..., your API key: it approves.")]


@app.callback()
def signing() -> None:
    """Ed25519 keys that sign releases, approvals and checkpoints."""


@app.command("show")
def show(json: Json = False) -> None:
    """The public key of this house: what other sites trust."""
    try:
        keys = SigningKeys(settings())
        own, trusted = keys.own, keys.trusted
    except (KeyRefused, OSError) as error:
        give_up(str(error))
    others = sorted(key.hex() for key in trusted if own is None or key != own.public)
    if json:
        show_json({"own": None if own is None else own.public.hex(), "trusted": others})
        return
    say("no key: set LEXGATE_SIGNING_KEY" if own is None else own.public.hex())
    for one in others:
        say(f"trusted: {one}")


@app.command("create")
def create(file: KeyFile, json: Json = False) -> None:
    """Make a key in a new file that only its owner may read, and show its public half."""
    try:
        key = make_key(file)
    except FileExistsError:
        give_up(f"{file} is there already")
    except OSError as error:
        give_up(f"{file}: {error.strerror}")
    if json:
        show_json({"file": str(file), "public_key": key.public.hex()})
    else:
        say(key.public.hex())


@app.command("sign")
def sign(draft: Draft, content: Content, key: Key, holder: Holder, json: Json = False) -> None:
    """Sign the statement of approval of a draft with your own key: `signature` of POST /v1/drafts/{id}/approve."""
    try:
        own = read_key(key)
    except KeyRefused as error:
        give_up(str(error))
    statement = approval_statement(draft, content, holder)
    signature = written(own.sign(statement))
    if json:
        show_json({"statement": statement.decode(), "signature": signature, "public_key": own.public.hex()})
    else:
        say(signature)
