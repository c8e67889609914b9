"""What a password costs is tested elsewhere; here it would be most of the time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api import passwords


@pytest.fixture(scope="module", autouse=True)
def _cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.Cost(16, 1, 1))
        yield
