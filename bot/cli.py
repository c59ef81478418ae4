"""The `doorstep` command, from `run` to `simulate`. Its words are in `cli.ftl`."""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot.cli_words import locale, say, speak, spoken, weekday

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings
    from bot.simulation.run import Simulated
    from services.desk import Desk
    from services.imports import Problem, Progress, Report
    from services.rota import RotaDay
    from storage.database import Database

# What a command needs is imported inside it: `doorstep --help` must not wait for a database
# library.

T = TypeVar("T")

_SHOWN_PROBLEMS = 50

app = typer.Typer(
    help=say("cli-help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show names, phones and tokens
)
sample_app = typer.Typer(help=say("cli-help-sample"), no_args_is_help=True)
app.add_typer(sample_app, name="sample")


class SheetKind(StrEnum):
    """The sheets of `services.imports.ImportKind`, named here so that help need not load it."""

    CENTRES = "centres"
    RESIDENTS = "residents"
    STAFF = "staff"
    DAYS = "days"
    CATALOGUE = "catalogue"
    AGREEMENTS = "agreements"


_NEVER_COMPLETE = (SheetKind.CENTRES, SheetKind.DAYS, SheetKind.AGREEMENTS)
"""What such a sheet leaves out stays as it is."""

ConfigOption = Annotated[Path | None, typer.Option("--config", help=say("cli-help-config"))]
CentreOption = Annotated[str | None, typer.Option("--centre", help=say("cli-help-centre"))]


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Chinese shows question marks rather than a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


@app.command(help=say("cli-help-run"))
def run(
    config: ConfigOption = None,
    host: Annotated[str | None, typer.Option(help=say("cli-help-host"))] = None,
    port: Annotated[int | None, typer.Option(help=say("cli-help-port"))] = None,
) -> None:
    """Run the house until it is told to stop."""
    settings = _settings(config, host=host, port=port)
    from bot import app as house
    from bot.checks import DATABASE_TROUBLE, reason_of

    if settings.sandbox is not None and settings.sandbox.port:
        shown = "localhost" if ":" in settings.sandbox.host else settings.sandbox.host
        typer.echo(say("cli-page", url=f"http://{shown}:{settings.sandbox.port}"))
    try:
        asyncio.run(house.run(settings))
    except house.AlreadyRunning:
        _stop(say("cli-already-running", folder=settings.data.folder))
    except DATABASE_TROUBLE as error:
        if getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES):
            _stop(say("cli-port-taken", reason=reason_of(error)))
        raise


@app.command("import", help=say("cli-help-import"))
def import_(
    kind: Annotated[SheetKind, typer.Argument(help=say("cli-help-kind"))],
    file: Annotated[Path, typer.Argument(help=say("cli-help-file"))],
    centre: CentreOption = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=say("cli-help-skip-bad"))] = False,
    complete: Annotated[bool, typer.Option("--complete", help=say("cli-help-complete"))] = False,
    config: ConfigOption = None,
) -> None:
    """Take in a sheet, whole or not at all."""
    if complete and skip_bad:
        _stop(say("cli-complete-or-skip"))
    if complete and kind in _NEVER_COMPLETE:
        _stop(say(f"cli-complete-{kind}"))
    settings = _settings(config)
    from bot.sheets import SheetUnreadable, read_sheet
    from services import staffing
    from services.imports import How, ImportKind, import_sheet

    try:
        sheet = read_sheet(file)
    except SheetUnreadable as error:
        _stop(say(error.key, file=file))
    how = How(centre=centre and centre.strip().upper(), skip_bad=skip_bad, complete=complete)

    def unit(connection: Connection, progress: Progress) -> Report:
        desk = _desk(connection, settings)
        report = import_sheet(desk, ImportKind(kind), sheet, how, progress)
        if settings.wecom is not None:
            staffing.enlist(desk, "wecom")
        return report

    async def take(progress: Progress) -> Report:
        async with _books(settings) as database:
            return await database.write(partial(unit, progress=progress))

    report = _with_bar(say("import-doing", file=file.name), take)
    _show(report, "import-usual" if kind is SheetKind.DAYS else "import-gone")


@app.command(help=say("cli-help-invite"))
def invite(
    room: Annotated[str | None, typer.Option(help=say("cli-help-room"))] = None,
    name: Annotated[str | None, typer.Option(help=say("cli-help-name"))] = None,
    staff: Annotated[str | None, typer.Option(help=say("cli-help-staff"))] = None,
    all_owners: Annotated[
        bool, typer.Option("--all-owners", help=say("cli-help-all-owners"))
    ] = False,
    centre: CentreOption = None,
    days: Annotated[int, typer.Option(min=1, max=90, help=say("cli-help-days"))] = 7,
    bot: Annotated[str | None, typer.Option(help=say("cli-help-bot"))] = None,
    wecom: Annotated[bool, typer.Option("--wecom", help=say("cli-help-invite-wecom"))] = False,
    kf: Annotated[str | None, typer.Option(help=say("cli-help-kf"))] = None,
    config: ConfigOption = None,
) -> None:
    """Print one-time codes, one to a line, with tabs between the columns."""
    if sum((room is not None, staff is not None, all_owners)) != 1:
        _stop(say("cli-one-of"))
    settings = _settings(config)
    from bot import links
    from services.errors import DomainError
    from services.invites import Invitation, Wanted, invite_people

    try:
        wish = links.wish(settings, bot=bot, wecom=wecom, kf=kf)
    except links.CannotLink as error:
        _stop(speak(error.saying))
    wanted = Wanted(room=room, name=name, staff=staff, centre=centre)

    async def make() -> list[Invitation]:
        async with _books(settings) as database:
            return await database.write(
                lambda connection: invite_people(
                    _desk(connection, settings), wanted, timedelta(days=days)
                )
            )

    try:
        invitations = asyncio.run(make())
    except DomainError as error:
        _stop(speak(error.message.parts[0]))
    if not invitations:
        _stop(say("cli-nobody"))
    found = asyncio.run(links.find_links(settings, wish, for_staff=staff is not None))
    for trouble in found.troubles:
        typer.echo(speak(trouble), err=True)
    typer.echo(say(found.heading))
    for one in invitations:
        where = one.room or str(spoken(one.roles))
        columns = (where, one.name, one.phone, one.code, *found.to(one.code))
        typer.echo("\t".join(columns).rstrip())
    typer.echo(say("cli-invites-valid", count=len(invitations), days=days), err=True)


@app.command(help=say("cli-help-roster"))
def roster(
    centre: CentreOption = None,
    day: Annotated[str | None, typer.Option(help=say("cli-help-day"))] = None,
    days: Annotated[int, typer.Option(min=1, max=31, help=say("cli-help-roster-days"))] = 1,
    config: ConfigOption = None,
) -> None:
    """Print the roster, day by day, with tabs between the columns; then who is on duty."""
    first = _date(day) if day else None
    settings = _settings(config)
    from services.errors import DomainError
    from services.invites import chosen_centre
    from services.rota import Rota, rota

    def unit(connection: Connection) -> Rota:
        desk = _desk(connection, settings)
        return rota(desk, chosen_centre(desk, centre).id, first, days, locale())

    async def look() -> Rota:
        async with _books(settings) as database:
            return await database.read(unit)

    try:
        found = asyncio.run(look())
    except DomainError as error:
        _stop(speak(error.message.parts[0]))
    for one in found.days:
        _show_day(one)
    at = f"{found.now:%Y-%m-%d %H:%M}"
    typer.echo(say("roster-now" if found.on_duty else "roster-now-nobody", at=at))
    for person in found.on_duty:
        said = say("roster-said-on", until=f"{person.until:%H:%M}") if person.until else ""
        line = say("roster-line", name=person.name, roles=person.roles, hours=said)
        typer.echo(line.rstrip())


@app.command(help=say("cli-help-check"))
def check(
    wecom: Annotated[bool, typer.Option("--wecom", help=say("cli-help-check-wecom"))] = False,
    config: ConfigOption = None,
) -> None:
    """Look everything over; exit code 1 if something is wrong."""
    settings = _settings(config)
    from bot import checks
    from services.readiness import Level

    signs = {Level.GOOD: ("✓", "green"), Level.NOTE: ("!", "yellow"), Level.BAD: ("✗", "red")}
    found = asyncio.run(checks.check_wecom(settings) if wecom else checks.check(settings))
    for finding in found:
        sign, colour = signs[finding.level]
        typer.echo(f"{typer.style(sign, fg=colour)} {speak(finding.saying)}")
    bad = sum(finding.level is Level.BAD for finding in found)
    typer.echo(say("check-bad", count=bad) if bad else say("check-good"))
    if bad:
        raise typer.Exit(1)


@app.command(help=say("cli-help-explain"))
def explain(
    number: Annotated[str, typer.Argument(help=say("cli-help-number"))],
    config: ConfigOption = None,
) -> None:
    """Print an order's timeline and its verdicts, each with its clause."""
    settings = _settings(config)
    from bot.wording import Wording
    from services import explanations
    from storage import orders

    wanted = number.strip().upper()

    def look(connection: Connection) -> str | None:
        order = orders.by_number(connection, wanted)
        if order is None:
            return None
        desk = _desk(connection, settings)
        told = explanations.explain(desk, order)
        return "\n".join(Wording().text(part, locale(), desk.now) for part in told.parts)

    async def read() -> str | None:
        async with _books(settings) as database:
            return await database.read(look)

    told = asyncio.run(read())
    if told is None:
        _stop(say("cli-no-such-order", number=wanted))
    typer.echo(told)


@app.command(help=say("cli-help-figures"))
def figures(
    centre: Annotated[str | None, typer.Option(help=say("cli-help-figures-centre"))] = None,
    month: Annotated[str | None, typer.Option(help=say("cli-help-month"))] = None,
    first: Annotated[str | None, typer.Option("--from", help=say("cli-help-from"))] = None,
    last: Annotated[str | None, typer.Option("--to", help=say("cli-help-to"))] = None,
    opened: Annotated[str | None, typer.Option("--open", help=say("cli-help-open"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli-help-json"))] = False,
    config: ConfigOption = None,
) -> None:
    """Print the figures of a month or of any days, and the orders behind one of them."""
    settings = _settings(config)
    from bot import cli_figures
    from services.clock import SystemClock
    from services.errors import DomainError

    code = centre and centre.strip().upper()

    async def count() -> list[cli_figures.Block]:
        periods = cli_figures.periods(month, first, last)
        measure = cli_figures.measure(opened)
        async with _books(settings) as database:
            return await database.read(
                lambda connection: cli_figures.blocks(
                    _desk(connection, settings), code, periods, measure
                )
            )

    try:
        found = asyncio.run(count())
    except DomainError as error:
        _stop(speak(error.message.parts[0]))
    if as_json:
        typer.echo(cli_figures.as_json(found))
    else:
        cli_figures.show(found, SystemClock().now())


@sample_app.command("show", help=say("cli-help-sample-show"))
def show_sample(
    month: Annotated[str, typer.Option(help=say("cli-help-month"))],
    centre: CentreOption = None,
    config: ConfigOption = None,
) -> None:
    """Print whom a month's sample drew, and draw it again; exit code 1 where that differs."""
    settings = _settings(config)
    from bot import cli_samples
    from services.errors import DomainError

    async def look() -> cli_samples.Record:
        async with _books(settings) as database:
            return await database.read(
                lambda connection: cli_samples.record(_desk(connection, settings), centre, month)
            )

    try:
        found = asyncio.run(look())
    except DomainError as error:
        _stop(speak(error.message.parts[0]))
    cli_samples.show(found)
    if not found.is_sound:
        raise typer.Exit(1)


@app.command(help=say("cli-help-simulate"))
def simulate(
    seed: Annotated[int, typer.Option(help=say("cli-help-seed"))] = 1,
    days: Annotated[int, typer.Option(min=1, max=400, help=say("cli-help-sim-days"))] = 90,
    rooms: Annotated[int, typer.Option(min=20, max=20_000, help=say("cli-help-sim-rooms"))] = 2000,
    staff: Annotated[int, typer.Option(min=8, max=500, help=say("cli-help-sim-staff"))] = 20,
    database: Annotated[str | None, typer.Option(help=say("cli-help-sim-database"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli-help-sim-json"))] = False,
) -> None:
    """Simulate a centre; whatever its proof finds wrong ends with exit code 1."""
    from bot.checks import DATABASE_TROUBLE, reason_of
    from bot.simulation.centre import NotEmpty
    from bot.simulation.run import Plan, simulate_centre
    from bot.simulation.telling import as_json_with_speed, lines, speed_line

    plan = Plan(seed=seed, days=days, rooms=rooms, staff=staff)
    url = _database_url(database)

    async def live(progress: Progress) -> Simulated:
        return await simulate_centre(plan, url, progress)

    try:
        done = _with_bar(say("sim-doing", days=days), live)
    except NotEmpty:
        _stop(say("sim-not-empty"))
    except DATABASE_TROUBLE as error:
        _stop(say("cli-no-database", reason=reason_of(error)))
    if as_json:
        typer.echo(as_json_with_speed(done))
    else:
        for line in (*lines(done.report), speed_line(done)):
            typer.echo(speak(line))
    if done.report.proof.violations:
        raise typer.Exit(1)


def _database_url(given: str | None) -> str | None:
    """A database named on the command line, if it is one we speak."""
    from bot.settings import DatabaseSettings

    try:
        return given and DatabaseSettings(url=given).url
    except ValueError:
        _stop(say("sim-no-such-database"))


def _stop(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)


def _settings(file: Path | None, *, host: str | None = None, port: int | None = None) -> Settings:
    """The settings, or all that is wrong with them and the end."""
    from bot.logs import to_stderr
    from bot.settings import SettingsProblem, load_settings

    to_stderr()
    try:
        return load_settings(file, host=host, port=port)
    except SettingsProblem as problem:
        for one in problem.problems:
            near = "-near" if one.kind == "unknown" and one.detail else ""
            key = f"setting-{one.kind}{near}"
            typer.echo(say(key, where=one.where, key=one.key, detail=one.detail), err=True)
        _stop(say("setting-see-example"))


@asynccontextmanager
async def _books(settings: Settings) -> AsyncIterator[Database]:
    """The database, open and at the newest schema."""
    from bot.checks import DATABASE_TROUBLE, reason_of
    from storage.database import open_database
    from storage.migrate import upgrade

    try:
        database = open_database(settings.database.url)
        await database.migrate(upgrade)
    except DATABASE_TROUBLE as error:
        _stop(say("cli-no-database", reason=reason_of(error)))
    try:
        yield database
    finally:
        await database.close()


def _desk(connection: Connection, settings: Settings) -> Desk:
    from services.clock import SystemClock
    from services.desk import Desk

    return Desk(connection, SystemClock().now(), settings.standard)


def _with_bar(title: str, work: Callable[[Progress], Coroutine[None, None, T]]) -> T:
    """Run `work` under a progress bar, which goes away when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        return asyncio.run(work(lambda done, total: bar.update(task, completed=done, total=total)))


def _show(report: Report, gone: str) -> None:
    """Say what came of a sheet; a sheet that stayed out ends with exit code 1.

    `gone` is the key of what is said of records that the sheet has ended.
    """
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        typer.echo(_line_of(problem), err=True)
    if len(report.problems) > _SHOWN_PROBLEMS:
        typer.echo(say("import-more", count=len(report.problems) - _SHOWN_PROBLEMS), err=True)
    if report.ignored:
        typer.echo(say("import-ignored", columns=" ".join(report.ignored)), err=True)
    if not report.written:
        key = "import-nothing-columns" if report.bad_headings else "import-nothing"
        _stop(say(key, count=len(report.problems)))
    if report.problems:
        typer.echo(say("import-skipped", count=len(report.problems)), err=True)
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    typer.echo(say("import-done", **counts))
    if report.gone:
        typer.echo(say(gone, gone=report.gone))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _stop(say("cli-bad-day", given=text))


def _show_day(one: RotaDay) -> None:
    kind = say(f"roster-kind-{one.kind}", name=one.holiday)
    typer.echo(say("roster-day", day=weekday(one.day), kind=kind))
    for work in one.work:
        key = "roster-line-because" if work.reason else "roster-line"
        reason = say(f"roster-reason-{work.reason}") if work.reason else ""
        hours = work.hours or say("roster-off")
        typer.echo(say(key, name=work.name, roles=work.roles, hours=hours, reason=reason))


def _line_of(problem: Problem) -> str:
    key = "import-problem" if problem.column else "import-problem-line"
    reason = speak(problem.reason)
    return say(key, line=problem.line, column=problem.column, reason=reason)
