"""What every dated record of a pack carries: its first day, the provision that says it, and who has looked."""

from __future__ import annotations

from datetime import date

from engine.packs.fields import Keys, Notes, read_day
from engine.packs.model import UNREAD_START, Cite, Verified
from engine.packs.yaml import Scalar, YamlNode


def read_start(keys: Keys, notes: Notes) -> date:
    """`from`: a day, or `unread` where the start was not read."""
    node = keys.scalar(keys.need("from"), "from")
    return UNREAD_START if node.text == "unread" else read_day(node, notes)


def read_cite(keys: Keys, notes: Notes) -> Cite | None:
    """`cite`: `"source provision"`, or `{source, at}`; None where absent."""
    node = keys.node_of("cite")
    if node is None:
        return None
    if isinstance(node, Scalar):
        source, _, at = node.text.partition(" ")
        return Cite(source, at, node.spot)
    inner = Keys(node, notes, "A citation")
    cite = Cite(inner.text("source"), inner.text("at", ""), node.spot)
    inner.done()
    return cite


def read_verified(node: YamlNode, notes: Notes) -> Verified:
    """`{on, by}`."""
    keys = Keys(node, notes, "verified")
    day, by = keys.day("on"), keys.text("by")
    keys.done()
    if day is None:
        raise notes.stop("key-missing", node.spot, "verified has no `on`.")
    return Verified(day, by)


def maybe_verified(keys: Keys, notes: Notes) -> Verified | None:
    """`verified` of a record that has a date of its own, or None."""
    node = keys.node_of("verified")
    return None if node is None else read_verified(node, notes)
