"""`lexgate packs`: the law on the workbench."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from api.commands.console import FOUND, Json, give_up, out, progress, say, show_json
from api.commands.formatting import Formatted, format_file, pack_files
from api.commands.ledger import law, opened, releases, settings
from api.coverage import Cell, as_data, country_names, coverage, summary
from api.diff_page import page
from api.scenario_views import scenario_lines
from api.service import packs_folder, utc_now
from api.staleness import fact_body, table_of
from api.views import effective, today_at
from api.world_map import drawn
from engine.cases import run_cases
from engine.diffs import compare
from engine.diffs.body import body_of, markdown
from engine.packs import PackError, PackSet, Problem, read_files
from engine.packs.lint import lint_files
from engine.packs.model import DOMAINS, UNREAD_START
from engine.packs.staleness import BadTable, stale
from engine.packs.testing import CaseResult, TestResult, run_rule_tests
from engine.scenarios.testing import run_scenario_tests

R = TypeVar("R", TestResult, CaseResult)

app = typer.Typer(no_args_is_help=True, help="Check, test, show and compare the law.")

Folder = Annotated[Path | None, typer.Option("--packs", metavar="FOLDER", help="Another folder than the one served.")]
Jurisdictions = Annotated[list[str] | None, typer.Argument(metavar="[JURISDICTION]...", help="Default: all.")]
Jurisdiction = Annotated[
    str, typer.Argument(metavar="JURISDICTION", help="A pack, a country or a part of one: EEA, FR.")
]
At = Annotated[str | None, typer.Option(metavar="DATE", help="A day; default: today there.")]
SvgFile = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw the world map into this file.")]
Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="[PATH]...", help="Pack files, or folders of them; default: all served.")
]
OnDay = Annotated[str | None, typer.Option("--date", metavar="DATE", help="As of a day; default: today.")]
OnlyOf = Annotated[str | None, typer.Option("--jurisdiction", metavar="PACK", help="Of one pack only.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; name the files and end with 1.")]
Side = Annotated[str, typer.Argument(help="Digest of a release in the ledger, a folder, or a file of a release.")]
InDomain = Annotated[list[str] | None, typer.Option("--domain", metavar="DOMAIN", help="Only these domains.")]
InPack = Annotated[list[str] | None, typer.Option("--jurisdiction", metavar="CODE", help="Only these packs.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page for people into this file.")
]
Language = Annotated[str | None, typer.Option("--language", metavar="TAG", help="Of the sentences; default: English.")]


@app.command("lint")
def lint_packs(folder: Folder = None, json: Json = False) -> None:
    """Every fault of the packs, with its place and its remedy. Ends with 1 if one is an error."""
    where = folder or packs_folder(settings())
    if not where.is_dir():
        give_up(f"there is no folder {where}")
    with progress("Linting", quiet=json) as step:
        step(0, 1)
        try:
            day = utc_now().date()
            found = lint_files(read_files(where), today=day, run_cases=run_cases, run_scenarios=run_scenario_tests)
        except PackError as error:
            found = list(error.problems)
        step(1, 1)
    if json:
        show_json({"problems": [_problem(problem) for problem in found]})
    else:
        for problem in found:
            say(str(problem))
        counts = Counter(problem.severity for problem in found)
        say(
            f"{counts['error']} errors, {counts['warning']} warnings in {where}" if found else f"{where}: nothing found"
        )
    if any(problem.severity == "error" for problem in found):
        raise typer.Exit(FOUND)


@app.command("stale")
def list_stale(on: OnDay = None, jurisdiction: OnlyOf = None, folder: Folder = None, json: Json = False) -> None:
    """Facts that somebody should look at again, the most urgent first, with where to look. Ends with 1 if there is one."""
    chosen, today = settings(), _date(on) if on else utc_now().date()
    try:
        table = table_of(chosen.stale_table)
    except (BadTable, OSError) as error:
        give_up(f"the table of how long facts keep: {error}")
    packs = law(folder).packs
    if jurisdiction is not None and jurisdiction not in packs:
        give_up(f"there is no pack {jurisdiction}")
    wanted = packs if jurisdiction is None else {jurisdiction: packs[jurisdiction]}
    found = stale(wanted, table, today)
    if json:
        show_json({"on": today.isoformat(), "facts": [fact_body(one, today) for one in found]})
    else:
        for one in found:
            law_of = " ".join(filter(None, (one.source, one.at))) or "no source"
            say(
                f"{one.overdue(today)} days  {one.pack} {one.kind} {one.name} [{one.confidence}]: seen on {one.verified_on}"
                f" by {one.verified_by}; {law_of}{f' <{one.url}>' if one.url else ''} ({one.spot})"
            )
        say(f"{len(found)} facts to look at again on {today}")
    if found:
        raise typer.Exit(FOUND)


@app.command("test")
def run_tests(jurisdictions: Jurisdictions = None, folder: Folder = None, json: Json = False) -> None:
    """Run the tests and decide the cases that are embedded in the packs. Ends with 1 if one fails."""
    packs = law(folder)
    unknown = [code for code in jurisdictions or [] if code not in packs.packs]
    if unknown:
        give_up(f"there is no pack {', '.join(unknown)}")
    tests: list[TestResult] = []
    cases: list[CaseResult] = []
    chosen = sorted(jurisdictions or packs.packs)
    with progress("Testing", quiet=json) as step:
        for at, code in enumerate(chosen):
            step(at, len(chosen))
            tests += run_rule_tests(packs, [code])
        tests += run_scenario_tests(packs, chosen)
        cases += run_cases(packs, chosen)
    failed = [*map(_failed_test, _failing(tests)), *map(_failed_case, _failing(cases))]
    passed = len(tests) + len(cases) - len(failed)
    if json:
        show_json({"tests": len(tests), "cases": len(cases), "passed": passed, "failed": failed})
    else:
        for one in failed:
            say(f"{one['file']}:{one['line']}:{one['column']}: {one['rule'] or 'case'}: {one['name']}: {one['found']}")
        say(f"{len(tests)} tests and {len(cases)} cases in {len(chosen)} packs: {passed} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(FOUND)


@app.command("format")
def format_packs(paths: Paths = None, check: Check = False, json: Json = False) -> None:
    """Write pack files in their canonical form. Ends with 1 where one is no pack file, or with --check is not canonical."""
    files = pack_files(paths or [packs_folder(settings())])
    found = Formatted()
    with progress("Formatting", quiet=json) as step:
        for at, path in enumerate(files):
            step(at, len(files))
            format_file(path, found, write=not check)
    if json:
        problems = [_problem(problem) for problem in found.problems]
        listed = {"changed": found.changed, "refused": found.refused, "problems": problems}
        show_json({"files": found.files, "written": not check, **listed})
    else:
        for problem in found.problems:
            say(str(problem))
        for name in () if check else found.changed:
            say(f"{name}: written")
        done = "not canonical" if check else "written"
        say(f"{found.files} pack files: {len(found.changed)} {done}, {len(found.refused)} refused")
    if found.refused or (check and found.changed):
        raise typer.Exit(FOUND)


@app.command("show")
def show_pack(jurisdiction: Jurisdiction, at: At = None, folder: Folder = None, json: Json = False) -> None:
    """The effective law of a place: every layer's parameters and rules in force."""
    packs = law(folder)
    found = effective(packs, jurisdiction, _date(at) if at else today_at(packs, jurisdiction, utc_now()))
    if found is None:
        give_up(f"{jurisdiction} is neither a pack nor an ISO 3166 code")
    if json:
        show_json(found)
    else:
        _show(found)


@app.command("diff")
def diff_packs(
    was: Side,
    now: Side,
    domain: InDomain = None,
    jurisdiction: InPack = None,
    html: HtmlFile = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """What changed in the law between two releases, and what it means for payments. Ends with 1 if anything did."""
    unknown = [name for name in domain or [] if name not in DOMAINS]
    if unknown:
        give_up(f"there is no domain {', '.join(unknown)}; known: {', '.join(DOMAINS)}")
    old, new = _side(was), _side(now)
    found = compare(old, new, domains=domain, jurisdictions=jurisdiction)
    words = new.words(language)
    if html is not None:
        html.write_text(page(found, words), encoding="utf-8")
    if json:
        show_json(body_of(found, words))
    elif found.changes or found.reformatted:
        out.out(markdown(found, words), highlight=False, end="")
    else:
        say("no difference in the law")
    if html is not None and not json:
        say(f"page written to {html}")
    if found.changes:
        raise typer.Exit(FOUND)


@app.command("coverage")
def show_coverage(folder: Folder = None, svg: SvgFile = None, json: Json = False) -> None:
    """What the packs tell of every country and domain, how surely, and what is missing; as a map with --svg."""
    packs, day = law(folder), utc_now().date()
    table, names = coverage(packs, day), country_names()
    if svg is not None:
        svg.write_text(drawn(table, names, day.isoformat()), encoding="utf-8")
    if json:
        show_json(as_data(table, names, day))
        return
    _show_coverage(table, names)
    if svg is not None:
        say(f"map written to {svg}")


def _show_coverage(table: dict[str, dict[str, Cell]], names: dict[str, str]) -> None:
    shown = Table(
        box=None, pad_edge=False, title="entries, typical confidence/weakest; - nothing; (n) subdivisions; ? not read"
    )
    for heading in ("", "country", *DOMAINS):
        shown.add_column(heading, no_wrap=heading != "country", overflow="fold")
    for code, row in table.items():
        shown.add_row(code, names[code], *(_covered(row[name]) for name in DOMAINS))
    out.print(shown)
    for name in DOMAINS:
        found = summary(table, name)
        sure = ", ".join(f"{count} {grade}" for grade, count in found["typical"].items() if count) or "none"
        say(
            f"{name}: told of {found['law']} countries, hardly anything of {found['little']}, nothing of {found['none']}; "
            f"{found['entries']} entries, {found['unread']} not read; typical confidence by country: {sure}"
        )


def _covered(cell: Cell) -> str:
    if cell.typical is None or cell.weakest is None:
        return f"- {cell.unread}?" if cell.unread else "-"
    said = f"{cell.entries} {cell.typical.value}/{cell.weakest.value}"
    said += f" ({cell.parts})" if cell.parts else ""
    return said + (f" {cell.unread}?" if cell.unread else "")


def _side(name: str) -> PackSet:
    path = Path(name)
    if path.is_dir():
        return law(path)
    if path.is_file():
        try:
            return PackSet.from_canonical(path.read_bytes())
        except (PackError, ValueError) as error:
            give_up(f"{name}: {error}")
    digest = name if name.startswith("sha256:") else f"sha256:{name}"
    with opened() as ledger:
        packs = releases(ledger)(digest)
    return packs or give_up(f"{name} is neither a folder, nor a file, nor a release of this ledger")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        give_up(f"--at: {text} is not a date; write it as 2026-11-22")


def _problem(problem: Problem) -> dict[str, Any]:
    spot = problem.spot
    place = {"file": spot.file, "line": spot.line, "column": spot.column}
    return {
        "code": problem.code,
        "severity": problem.severity,
        **place,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _failing(results: list[R]) -> list[R]:
    return [result for result in results if not result.passed]


def _failed_test(result: TestResult) -> dict[str, Any]:
    return {**_failure(result), "rule": result.rule}


def _failed_case(result: CaseResult) -> dict[str, Any]:
    return {**_failure(result), "rule": None, "code": result.code, "expected": result.expected, "got": result.got}


def _failure(result: TestResult | CaseResult) -> dict[str, Any]:
    spot = result.spot
    place = {"file": spot.file, "line": spot.line, "column": spot.column}
    return {"jurisdiction": result.jurisdiction, "name": result.name, **place, "found": result.found}


def _show(found: dict[str, Any]) -> None:
    say(
        f"{found['jurisdiction']}{' ' + found['name'] if found['name'] else ''}, law of {found['at']} ({found['time_zone']})"
    )
    say("layers: " + ", ".join(f"{pack['jurisdiction']} {pack['version']}" for pack in found["packs"]))
    for name, domain in found["domains"].items():
        until = f", changes on {domain['changes_on']}" if domain["changes_on"] else ""
        say(f"\n{name}: in force since {domain['period_from']}{until}; {domain['tests']} tests")
        table = Table(box=None, pad_edge=False)
        for heading in ("parameter", "value", "since", "pack", "law"):
            table.add_column(heading, no_wrap=heading == "parameter", overflow="fold")
        for entry in domain["parameters"]:
            table.add_row(entry["name"], _valued(entry), _since(entry["since"]), entry["pack"], _cited(entry))
        out.print(table)
        _show_rates(domain.get("rates", []))
        _show_territories(domain.get("territories", []))
        _show_features(domain["features"])
        _show_terms(domain["terms"])
        for scenario in domain["scenarios"]:
            say(
                f"\n{scenario['name']} ({scenario['pack']}, {scenario['basis']} {scenario['confidence']}): {scenario['title']}"
            )
            say(f"  {_cited(scenario)}")
            for line in scenario_lines(scenario):
                say(f"  {line}")
        for rule in domain["rules"]:
            say(f"\n{rule['id']} ({rule['pack']}, {rule['basis']} {rule['confidence']}): {rule['title']}")
            say(f"  {_cited(rule)}")
            say(f"  when {rule['when']}")
            if rule["unless"]:
                say(f"  unless {', '.join(rule['unless'])}")
            for line in _followed(rule["effect"]):
                say(f"  {line}")


def _show_features(features: list[dict[str, Any]]) -> None:
    """What conditions ask of past payments."""
    if not features:
        return
    table = Table("of the past", "counts", "whose", "window", "pack", "law", box=None, pad_edge=False)
    for one in features:
        counted = " ".join(filter(None, (one["of"], one["field"], one["unit"] and f"in {one['unit']}")))
        where = "; ".join(f"{column} {' or '.join(values)}" for column, values in one["where"].items())
        whose = ", ".join((*one["key"], *(f"same {column}" for column in one["same"])))
        said = f"{counted} ({where})" if where else counted
        own = ", this one too" if one["own"] == "included" else ""
        table.add_row(one["name"], escape(said + own), whose, one["window"], one["pack"], _cited(one))
    say("")
    out.print(table)


def _show_terms(terms: list[dict[str, Any]]) -> None:
    """What the names in conditions stand for."""
    if not terms:
        return
    table = Table("term", "stands for", "pack", box=None, pad_edge=False)
    for one in terms:
        table.add_row(one["name"], escape(one["is"]), one["pack"])
    say("")
    out.print(table)


def _followed(effect: dict[str, Any]) -> Iterator[str]:
    """What follows from a rule, in lines: the effect, its details at the values in force, what somebody must do."""
    head = [f"{effect['kind']} {effect['name']}"]
    head += [f"by {' or '.join(effect['by'])}"] if effect["by"] else []
    head += [f"outcome {effect['outcome']}"] if effect["outcome"] else []
    head += [f"liable: {effect['liability']}"] if effect["liability"] else []
    head += [
        word for key, word in (("always", "whatever is exempt"), ("dynamic_linking", "dynamic linking")) if effect[key]
    ]
    head += [f"{key}s {', '.join(effect[key])}" for key in ("forbid", "need") if effect[key]]
    yield "; ".join(head)
    for name, found in effect["details"].items():
        yield f"  {name}: {_detailed(found)}"
    for duty in effect["obliges"]:
        yield f"  obliges {duty['who']}: {duty['code']}" + (f" within {duty['within']}" if duty["within"] else "")


def _detailed(found: Any) -> str:
    if isinstance(found, dict):
        return f"{_valued(found)} ({found['parameter']})"
    return ", ".join(found) if isinstance(found, list) else str(found)


def _valued(entry: dict[str, Any]) -> str:
    value = entry["value"]
    if value is None:
        return "none" if entry["known"] else "not read"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{text} {entry['unit']}" if entry["unit"] else text


def _since(day: str) -> str:
    return "not read" if day == UNREAD_START.isoformat() else day


def _show_rates(rates: list[dict[str, Any]]) -> None:
    if not rates:
        return
    table = Table("tax", "category", "rate", "kind", "since", "pack", "sure", "law", box=None, pad_edge=False)
    for rate in rates:
        percent = "exempt" if rate["kind"] == "exempt" else "not read" if rate["unread"] else f"{rate['percent']} %"
        narrower = "; ".join(filter(None, (", ".join(rate["supplies"]), rate["condition"])))
        category = escape(f"{rate['category']} ({narrower})") if narrower else rate["category"]
        since = rate["from"] or "not read"
        table.add_row(
            rate["component"], category, percent, rate["kind"], since, rate["pack"], rate["confidence"], _cited(rate)
        )
    say("")
    out.print(table)


def _show_territories(territories: list[dict[str, Any]]) -> None:
    if not territories:
        return
    table = Table("territory", "known by", "tax area", "customs area", "treated as", "law", box=None, pad_edge=False)
    for one in territories:
        known = ", ".join(filter(None, (one["place"], *one["postal_codes"])))
        areas = ["inside" if one[key] else "outside" for key in ("vat_area", "customs_area")]
        table.add_row(escape(one["name"]), known, *areas, one["treated_as"] or "", _cited(one))
    say("")
    out.print(table)


def _cited(entry: dict[str, Any]) -> str:
    return f"{entry['cite']['source']} {entry['cite']['at']}" if entry["cite"] else ""
