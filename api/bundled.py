"""Where the law and the data that travel with the software are: beside the packages, in a checkout or once installed."""

from __future__ import annotations

from pathlib import Path

import engine


def bundled(name: str) -> Path:
    """The folder `name` of an installed package, or of the source checkout."""
    root = Path(engine.__file__).parents[1]
    installed = root / "lexgate_data" / name
    return installed if installed.is_dir() else root / name


def rulepacks() -> Path:
    """The folder of the law."""
    return bundled("rulepacks")


def rates_file() -> Path:
    """The snapshot of the European Central Bank's reference rates."""
    return bundled("data") / "fx" / "ecb.csv"


def directory_file() -> Path:
    """The directory of regulators' feeds and pages."""
    return bundled("data") / "feeds" / "directory.csv"


def samples() -> Path:
    """The folder of sample transactions."""
    return bundled("data") / "samples"
