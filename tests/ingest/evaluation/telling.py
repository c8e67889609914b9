"""The measures as plain text for a terminal, and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.ingest.evaluation.measures import NOT_LAW, Measures, Score, Seen, measure, parts

_SHORT: Final = (
    "relevance macro-F1", "relevance recall", "topics macro-F1", "change macro-F1", "status accuracy", "instruments F1",
    "effective precision", "effective recall", "pairs recall", "links in top 3",
)  # fmt: skip
_HEADS: Final = ("rel F1", "rel R", "topics", "change", "status", "instr", "date P", "date R", "pairs", "top 3")
EXAMPLES: Final = 12


def text(seen: Sequence[Seen], absent: Sequence[str] = (), second: Sequence[Seen] = ()) -> str:
    """The whole report: figures of the sealed part, the second set, and the part for development, the last with examples."""
    lines: list[str] = []
    for title, part in (
        ("SEALED", [pair for pair in seen if pair[0].sealed]),
        ("SECOND", second),
        ("FOR DEVELOPMENT", [pair for pair in seen if not pair[0].sealed]),
    ):
        if part:
            lines += [title, *_lines(part, measure(part), absent), ""]
            lines += _examples(part, measure(part)) if title == "FOR DEVELOPMENT" else []
    return "\n".join(lines) + "\n"


def values(seen: Sequence[Seen], absent: Sequence[str] = (), second: Sequence[Seen] = ()) -> dict[str, Any]:
    """The same for JSON: shares are numbers or null."""
    whole, sealed = measure(seen), [pair for pair in seen if pair[0].sealed]
    return {
        "items": whole.items,
        "sealed": measure(sealed).shares() if sealed else None,
        "second": measure(second).shares() if second else None,
        "absent": list(absent),
        "shares": whole.shares(),
        "unsafe": list(whole.unsafe),
        "irrelevant_as_law": list(whole.irrelevant_as_law),
        "topics": _counted(whole.topics),
        "change": _counted(whole.change),
        "status": {f"{label} read as {read}": number for (label, read), number in sorted(whole.status.items())},
        "by_language": {name: part.shares() for name, part in parts(seen, lambda item: item.language).items()},
        "by_source": {name: part.shares() for name, part in parts(seen, lambda item: item.regulator).items()},
        "by_status": {name: part.shares() for name, part in parts(seen, lambda item: item.status).items()},
    }


def _lines(seen: Sequence[Seen], whole: Measures, absent: Sequence[str]) -> Iterator[str]:
    relevant = sum(item.relevant for item, _ in seen)
    sources = len({item.regulator for item, _ in seen})
    yield f"{whole.items} items of {sources} regulators, {relevant} relevant"
    for one in absent:
        yield f"NOT MEASURED  {one}"
    yield ""
    for name, share in whole.shares().items():
        yield f"  {name:<22} {_number(share)}"
    not_law = sum(item.status in NOT_LAW for item, _ in seen)
    yield f"  {'unsafe':<22} {len(whole.unsafe)} of {not_law} that are no law were read as law"
    yield f"  {'irrelevant as law':<22} {len(whole.irrelevant_as_law)} of {whole.items - relevant}"
    for name, key in (("language", "language"), ("source", "regulator"), ("status", "status")):
        yield ""
        yield from _table(f"by {name}", parts(seen, lambda item, key=key: getattr(item, key)))  # type: ignore[misc]
    for name, scores in (("topic", whole.topics), ("change", whole.change)):
        yield ""
        yield from _classes(name, scores)
    yield ""
    yield "status, as labelled -> as read, where they differ"
    for (label, read), number in whole.status.most_common():
        if label is not read:
            yield f"  {number:>4}  {label} -> {read}"


def _table(title: str, measured: dict[str, Measures]) -> Iterator[str]:
    wide = max([len(title), *map(len, measured)])
    yield f"{title:<{wide}}  items  " + " ".join(f"{head:>6}" for head in _HEADS) + "  unsafe"
    for name, part in measured.items():
        shares = part.shares()
        row = " ".join(f"{_number(shares[one]):>6}" for one in _SHORT)
        yield f"{name:<{wide}}  {part.items:>5}  {row}  {len(part.unsafe) + len(part.irrelevant_as_law):>6}"


def _classes(title: str, scores: dict[str, Score]) -> Iterator[str]:
    yield f"{title:<14} labelled  precision  recall      F1"
    for name, score in scores.items():
        f1 = _number(score.f1) if score.support else "-"
        yield f"{name:<14} {score.support:>8}  {_number(score.precision):>9}  {_number(score.recall):>6}  {f1:>6}"


def _examples(seen: Sequence[Seen], whole: Measures) -> Iterator[str]:
    worst = set(whole.unsafe) | set(whole.irrelevant_as_law)
    kinds = {
        "read as law, and is none": [pair for pair in seen if pair[0].id in worst],
        "relevant and not seen": [pair for pair in seen if pair[0].relevant and not pair[1].relevant],
        "irrelevant and held to be relevant": [pair for pair in seen if not pair[0].relevant and pair[1].relevant],
        "another date": [
            pair for pair in seen if pair[1].effective is not None and pair[1].effective != pair[0].effective
        ],
        "other numbers": [pair for pair in seen if pair[0].relevant and pair[0].pairs != pair[1].pairs],
        "no right link among three": [pair for pair in seen if pair[0].links and measure([pair]).links.missed],
    }
    for title, group in kinds.items():
        if group:
            yield f"{title}: {len(group)}" + (f", of which {EXAMPLES}" if len(group) > EXAMPLES else "")
            for item, found in group[:EXAMPLES]:
                yield f"  {item.id}  {item.status} -> {found.status}  {item.effective} -> {found.effective}  {item.title[:70]}"


def _counted(scores: dict[str, Score]) -> dict[str, dict[str, int]]:
    return {name: {"right": one.right, "wrong": one.wrong, "missed": one.missed} for name, one in scores.items()}


def _number(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"
