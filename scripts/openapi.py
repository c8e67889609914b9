#!/usr/bin/env python3
"""Write the OpenAPI document, without its examples: `scripts/openapi.py clients/typescript/build/openapi.json`.

What the clients are made of and held to. It takes no service: only the examples of answers do.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import orjson

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere

from api.app import bare_app  # noqa: E402
from api.openapi import describe  # noqa: E402

_EXAMPLES: Final = frozenset(("example", "examples"))


def document() -> bytes:
    """The same routes, the same bytes."""
    return orjson.dumps(_plain(describe(bare_app())), option=orjson.OPT_SORT_KEYS)


def _plain(part: Any, *, named: bool = False) -> Any:
    """Without examples. `named`: the keys are names of fields, one of which may be `example`."""
    if isinstance(part, dict):
        return {
            key: _plain(value, named=key == "properties" and not named)
            for key, value in part.items()
            if named or key not in _EXAMPLES
        }
    return [_plain(one) for one in part] if isinstance(part, list) else part


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document())
