"""One address for one page: what only tells where a reader came from is left out."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|_gl|ref_src|wt_mc|at_medium|at_campaign|pk_\w+"
)
_PORTS: Final = {"http": 80, "https": 443}
_UNFIT: Final = re.compile(r"[\x00\ud800-\udfff]")
"""What no store and no encoding takes."""
LONGEST: Final = 2_000


def canonical(address: str, base: str | None = None) -> str | None:
    """An http or https address without what does not name the page; None for anything else.

    >>> canonical("HTTPS://Law.Example:443/a?utm_source=x&b=2&a=1#top")
    'https://law.example/a?a=1&b=2'
    """
    text = address.strip()
    if not text or len(text) > LONGEST or _UNFIT.search(text):
        return None
    try:
        parts = urlsplit(urljoin(base or "", text))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or parts.username is not None:
        return None
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    asked = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0].lower())
    )
    path = parts.path.rstrip() or "/"  # a fragment that is left out may have had a space before it
    return urlunsplit((parts.scheme, place, path, urlencode(asked), ""))
