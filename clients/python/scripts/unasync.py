"""Make the synchronous client of the asynchronous one: `python scripts/unasync.py`. A test holds the two to each other.

Token by token, so that words inside of strings and comments are only changed where they are names of the client.
"""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent / "lexgate_client"
SOURCE: Final = PACKAGE / "_async"
TARGET: Final = PACKAGE / "_sync"
NOTE: Final = "# Made of lexgate_client/_async by scripts/unasync.py: change it there.\n"

_NAMES: Final = {
    "AsyncClient": "Client",
    "AsyncIterator": "Iterator",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "aclose": "close",
    "_async": "_sync",
    "async_sleep": "sleep",
}
_GONE: Final = frozenset(("async", "await"))
_OWN: Final = re.compile(r"^Async(?=[A-Z])")


def unasync(text: str) -> str:
    """The same module without waiting."""
    lines = text.splitlines(keepends=True)
    found: list[str] = []
    row, column = 1, 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        (start_row, start), (end_row, end) = token.start, token.end
        while row < start_row:
            found.append(lines[row - 1][column:])
            row, column = row + 1, 0
        if row <= len(lines):
            found.append(lines[row - 1][column:start])
        word = token.string
        if token.type == tokenize.NAME and word in _GONE:
            end += 1  # and the blank behind it
        elif token.type == tokenize.NAME:
            found.append(_NAMES.get(word, _OWN.sub("", word)))
        elif token.type == tokenize.STRING:
            found.append(word.replace("await client.", "client.").replace("for asyncio", "that waits"))
        elif token.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            found.append(word)
        else:
            end_row, end = start_row, start
        row, column = end_row, end
    return "".join(found)


def made() -> dict[Path, str]:
    """Every module of the synchronous client as it should be."""
    return {TARGET / one.name: NOTE + unasync(one.read_text(encoding="utf-8")) for one in sorted(SOURCE.glob("*.py"))}


def main() -> None:
    """Write them."""
    TARGET.mkdir(exist_ok=True)
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
