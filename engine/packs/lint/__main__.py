"""Write the reference page of the codes: `python -m engine.packs.lint > docs/reference/lint-codes.md`."""

from __future__ import annotations

import sys

from engine.packs.lint.codes import reference

sys.stdout.write(reference())
