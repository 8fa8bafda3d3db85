"""``cleanclaim price CODE...``: what Medicare allows for services, and how it comes to that."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import (
    BookOption,
    FormatOption,
    KnownOnOption,
    TextOrJson,
    open_book,
    parse_date,
    print_json,
    terminal_width,
    today,
    use_colour,
)

_SERVICES = (
    "Services of one patient, physician and day: 43214, 76942-26, 64483-50, 97110-GPx2 (units), 00142-QZ@90min "
    "(anesthesia), 66984-55@60days (postoperative care given), 36415@pos11 (a place of its own), 99213=180.00 (charge)."
)


def price(
    services: Annotated[list[str], typer.Argument(metavar="CODE...", help=_SERVICES)],
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="Service date. Default: today.")] = None,
    locality: Annotated[
        str, typer.Option("--locality", metavar="MAC-LOC", help="Contractor and locality, 10112-00; or national.")
    ] = "",
    zip_code: Annotated[str, typer.Option("--zip", metavar="ZIP", help="Where the service was furnished.")] = "",
    pos: Annotated[str, typer.Option("--pos", metavar="NN", help="Place of service: 11 office, 22 outpatient.")] = "",
    minutes: Annotated[
        str | None, typer.Option("--minutes", metavar="MINUTES", help="Time of the anesthesia services that name none.")
    ] = None,
    postoperative_days: Annotated[
        int | None,
        typer.Option(
            "--postoperative-days", metavar="DAYS", min=1, help="Days of care given by who bills modifier 55."
        ),
    ] = None,
    qualifying_apm: Annotated[
        bool, typer.Option("--qualifying-apm", help="The conversion factor of qualifying APM participants (from 2026).")
    ] = False,
    nonparticipating: Annotated[
        bool, typer.Option("--nonparticipating", help="Who does not participate: 95 %, and the limiting charge.")
    ] = False,
    nonphysician: Annotated[
        bool, typer.Option("--nonphysician", help="A nurse practitioner, physician assistant or the like: 85 %.")
    ] = False,
    present_at_induction: Annotated[
        bool, typer.Option("--present-at-induction", help="Modifier AD: the physician was there at induction.")
    ] = False,
    sequestration: Annotated[
        bool, typer.Option("--sequestration", help="Also what Medicare pays, after coinsurance and sequestration.")
    ] = False,
    book: BookOption = None,
    known_on: KnownOnOption = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Say what Medicare allows for services, with every step of the computation and where it is published."""
    from cleanclaim.engine.price import price as ask_price
    from cleanclaim.pricing.model import Terms
    from cleanclaim.render import price_report

    priced = ask_price(
        open_book(book),
        services,
        parse_date(date, "--date") or today(),
        locality=locality.strip(),
        zip_code=zip_code.strip(),
        pos=pos.strip(),
        terms=Terms(
            qualifying_apm=qualifying_apm,
            participating=not nonparticipating,
            nonphysician=nonphysician,
            present_at_induction=present_at_induction,
            sequestration=sequestration,
        ),
        minutes=_minutes(minutes),
        postoperative_days=postoperative_days,
        known_on=parse_date(known_on, "--known-on"),
    )
    if output is TextOrJson.JSON:
        print_json(price_report.as_json(priced))
    else:
        typer.echo(price_report.text(priced, width=terminal_width(), colour=use_colour()), nl=False)


def _minutes(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not text.strip().replace(".", "", 1).isdecimal():
        raise InputError(f"--minutes {text!r}: give a number, such as 90.")
    return Decimal(text.strip())
