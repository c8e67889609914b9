"""Two published libraries that know rates, each behind the same three names: what it answers for a country, and how fast.

node-sales-tax (npm `sales-tax`) is fetched into a folder of its own when it is asked for; without Node or a registry it is
skipped, and the page says so. pyvat (PyPI) comes with the extra `bench`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

NODE_PACKAGE = "sales-tax"
NODE_VERSION = "2.23.0"
SCRIPT = Path(__file__).with_name("sales_tax.js")
INSTALL_S = 180.0
AMOUNT = Decimal(100)
CHUNK = 20


class Absent(RuntimeError):
    """The library cannot be had here. Says why."""


class Peer(Protocol):
    """One library."""

    name: str
    version: str

    def answers(self, countries: Sequence[str]) -> dict[str, Decimal]:
        """The tax on 100 to a consumer at home, of the countries it knows a tax of."""

    def microseconds(self, countries: Sequence[str], seconds: float) -> float:
        """The time of one answer."""

    def close(self) -> None:
        """Let go of it."""


def timed(answer: Callable[[Any], Any], asked: Sequence[Any], seconds: float) -> float:
    """Microseconds of one answer, one after the other for so long."""
    done, begun = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begun) < seconds:
        for start in range(0, len(asked), CHUNK):
            for item in asked[start : start + CHUNK]:
                answer(item)
        done += len(asked)
    return elapsed / done * 1e6


class PyVat:
    """pyvat: VAT of electronic services in the Union, from tables in its code."""

    name = "pyvat"

    def __init__(self, day: Any) -> None:
        try:
            import pyvat
        except ImportError:
            raise Absent("pyvat is not installed: pip install -e .[bench]") from None
        self.version = version("pyvat")
        self._charge, self._party, self._day = pyvat.get_sale_vat_charge, pyvat.Party, day
        self._kind = pyvat.ItemType.generic_electronic_service

    def _ask(self, country: str) -> Any:
        code = "EL" if country == "GR" else country
        return self._charge(self._day, self._kind, self._party(code, False), self._party(code, True))

    def answers(self, countries: Sequence[str]) -> dict[str, Decimal]:
        """Its own States only: elsewhere it knows of no rate."""
        found = {}
        for country in countries:
            try:
                charge = self._ask(country)
            except (NotImplementedError, KeyError):
                continue
            if charge.rate is not None:
                found[country] = AMOUNT * Decimal(charge.rate) / 100
        return found

    def microseconds(self, countries: Sequence[str], seconds: float) -> float:
        """Of the countries it answers for."""
        return timed(self._ask, list(self.answers(countries)), seconds)

    def close(self) -> None:
        """Nothing to let go of."""


class NodeSalesTax:
    """node-sales-tax in a Node process of its own."""

    name = "node-sales-tax"

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if node is None or shutil.which("npm") is None:
            raise Absent("Node and npm are not here")
        _fetch(folder)
        # Node looks for packages above the script, not above the working directory.
        script = folder / SCRIPT.name
        script.write_bytes(SCRIPT.read_bytes())
        self._process = subprocess.Popen(
            [node, str(script)], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = self._ask({"op": "hello"})
        self.version = f"{told['version']}, Node {told['node'].removeprefix('v')}"

    def answers(self, countries: Sequence[str]) -> dict[str, Decimal]:
        """By its whole rate, as it answers where no country of origin is set."""
        found = self._ask({"op": "answer", "countries": list(countries)})
        return {country: _cents(told["total"]) - AMOUNT for country, told in found.items()}

    def microseconds(self, countries: Sequence[str], seconds: float) -> float:
        """By Node's own clock."""
        found: float = self._ask({"op": "measure", "countries": list(countries), "seconds": seconds})["microseconds"]
        return found

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            status = self._process.wait(5)
            self.close()
            raise Absent(f"its process ended with status {status}")
        return json.loads(line)

    def close(self) -> None:
        """End its process."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _cents(total: float) -> Decimal:
    """It reckons in floats: 100 and 25.5 % are 125.49999999999999 to it."""
    return Decimal(repr(total)).quantize(Decimal("0.0001")).normalize()


def _fetch(folder: Path) -> None:
    """The package and what it needs, from the registry; no script of any of them is run."""
    command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    try:
        done = subprocess.run(
            [*command, f"{NODE_PACKAGE}@{NODE_VERSION}"], capture_output=True, text=True, timeout=INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Absent(f"npm did not bring {NODE_PACKAGE} within {INSTALL_S:.0f} s") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Absent(f"npm could not bring {NODE_PACKAGE}: {said[-1] if said else f'status {done.returncode}'}")
