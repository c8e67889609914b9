"""`lexgate fx`: exchange rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from api.commands.console import Json, err, give_up, out, progress, say, show_json
from api.commands.ledger import law, opened, settings
from api.current_rates import current_rates
from api.fx import RatesRefused, read_rates
from api.published import PUBLISHER, read_published
from api.service import utc_now
from engine.ledger import Ledger
from engine.money import RateTable
from engine.tax.exchange import ECB, Wanted, wanted_by_law
from engine.tax.told import law_of

app = typer.Typer(no_args_is_help=True, help="Exchange rates: of the European Central Bank, and of other publishers.")

File = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="eurofxref-hist as CSV, zipped CSV or XML; or --file.")
]
FileToo = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="The same as the argument.")]
Publisher = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Whose rates: the name under which the law wants them (`lexgate fx list`), with a CSV file of the columns"
        " date,from,to,rate[,valid_from,valid_to].",
    ),
]
Url = Annotated[str | None, typer.Option(metavar="URL", help="Where the publisher has the file: kept with the load.")]
_SHOWN_PLACES: Final = 6


@app.callback()
def fx() -> None:
    """Exchange rates: of the European Central Bank, and of other publishers."""


@app.command("load")
def load(
    file: File = None, publisher: Publisher = ECB, also: FileToo = None, url: Url = None, json: Json = False
) -> None:
    """Load rates into the ledger: new days, and corrections of known ones. All rows or none.

    A running service uses them from its next start.
    """
    chosen = file or also
    if chosen is None or (file and also):
        give_up("One FILE is wanted.")
    if not PUBLISHER.fullmatch(publisher):
        give_up(f"--publisher: `{publisher}` is not a name of letters, digits, dots, dashes and underscores.")
    if url is not None and not url.startswith(("https://", "http://")):
        give_up(f"--url: `{url}` is not an address on the web.")
    with progress("Loading", quiet=json) as step:
        step(0, 2)
        try:
            said = _ecb(chosen) if publisher == ECB else _published(chosen, publisher, url)
        except RatesRefused as error:
            give_up(f"{chosen}: {error}")
        except OSError as error:
            give_up(f"{chosen}: {error.strerror}")
        step(2, 2)
    if json:
        show_json(said)
        return
    say(f"{said['rows']} rates until {said['newest']}, {said['new']} of them new")
    if publisher != ECB:
        _warn_if_unwanted(publisher)


def _ecb(file: Path) -> dict[str, Any]:
    rows = read_rates(file)
    with opened() as ledger:
        fresh = ledger.load_rates(rows)
    return {"rows": len(rows), "new": fresh, "newest": max(row.on for row in rows).isoformat()}


def _published(file: Path, publisher: str, url: str | None) -> dict[str, Any]:
    rows, sha256 = read_published(file)
    with opened() as ledger:
        fresh = ledger.published.load(publisher, rows, sha256=sha256, url=url)
    newest = max(row.end for row in rows).isoformat()
    return {"rows": len(rows), "new": fresh, "newest": newest, "publisher": publisher, "sha256": sha256}


def _warn_if_unwanted(publisher: str) -> None:
    wanted = wanted_by_law(law_of(law()), utc_now().date())
    if publisher not in wanted:
        names = ", ".join(name for name in wanted if name != ECB)
        text = f"lexgate: no law in force wants rates of {publisher}, so nothing will use them. Wanted are: {names}"
        err.print(text, markup=False, soft_wrap=True)


@app.command("list")
def list_(json: Json = False) -> None:
    """Whose rates are loaded and until when, and which rates the law in force wants from whom."""
    with opened() as ledger:
        found = _listed(ledger)
    if json:
        show_json({"data": found})
        return
    table = Table("publisher", "pairs", "until", "loaded", "rule", "for", "law", box=None, pad_edge=False)
    for one in found:
        first = (one["publisher"], str(one["pairs"]), one["until"] or "no rates", (one["loaded_at"] or "")[:10])
        for at, wanted in enumerate(one["wanted"] or [None]):
            cells = ("", "not wanted by any law in force", "") if wanted is None else _cells(wanted)
            table.add_row(*map(escape, (*(first if at == 0 else ("",) * 4), *cells)))
    out.print(table)


def _listed(ledger: Ledger) -> list[dict[str, Any]]:
    rates, loads = current_rates(ledger, settings()), ledger.published.loads()
    wanted = wanted_by_law(law_of(law()), utc_now().date())
    found = []
    for publisher in (ECB, *sorted({*rates.publishers, *wanted} - {ECB})):
        known = loads.get(publisher)
        pairs, until = _extent(rates, publisher)
        found.append(
            {
                "publisher": publisher,
                "pairs": pairs,
                "until": until,
                "loaded_at": known.at.isoformat() if known else None,
                "sha256": known.sha256 if known else None,
                "url": known.url if known else None,
                "wanted": _together(wanted.get(publisher, ())),
            }
        )
    return found


def _extent(rates: RateTable, publisher: str) -> tuple[int, str | None]:
    table = rates if publisher == ECB else rates.publishers.get(publisher)
    latest = table.latest() if table is not None else None
    return (table.pairs if table is not None else 0), latest.isoformat() if latest else None


def _together(wanted: tuple[tuple[str, Wanted], ...]) -> list[dict[str, Any]]:
    """Places whose law wants the same."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for place, one in wanted:
        step = one.step
        key = one.rule, step.instrument, step.provision
        entry: dict[str, Any] = {"rule": one.rule.value, "places": [], "instrument": step.instrument}
        entry |= {"provision": step.provision, "confidence": step.confidence.value if step.confidence else None}
        known = found.setdefault(key, entry)
        if place not in known["places"]:
            known["places"].append(place)
    return list(found.values())


def _cells(wanted: dict[str, Any]) -> tuple[str, str, str]:
    places = wanted["places"]
    shown = ", ".join(places[:_SHOWN_PLACES])
    more = f" and {len(places) - _SHOWN_PLACES} more" if len(places) > _SHOWN_PLACES else ""
    cited = ", ".join(filter(None, (wanted["instrument"], wanted["provision"])))
    return wanted["rule"], shown + more, f"{cited} [{wanted['confidence']}]"
