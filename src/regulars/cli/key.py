"""``regulars key``: the keys of programs that use the API."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, opened
from regulars.credentials.core import LONGEST_DAYS
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text

BY_COMMAND = Actor("command", "key")
key = typer.Typer(
    no_args_is_help=True, help=gettext("Make, list, rotate and take back keys of the API.")
)


@key.command("add", help=gettext("Make a key. It is shown once."))
@command
def add(
    *,
    name: Annotated[str, typer.Argument(help=gettext("What the key is for."))],
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            help=gettext("What it may do; docs/api.md lists the scopes. Repeatable."),
        ),
    ],
    source: Annotated[
        str,
        typer.Option("--source", help=gettext("What its events are from where they do not say.")),
    ] = "api",
    days: Annotated[
        int | None,
        typer.Option(
            "--days", help=gettext("For how many days it is good."), min=1, max=LONGEST_DAYS
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Make a key and show it."""
    opened(home)
    from regulars.credentials.keys import add_key  # noqa: PLC0415  (after the settings are known)

    now = datetime.now(UTC)
    made = add_key(
        name=name,
        scopes=scope,
        source=source,
        expires_at=now + timedelta(days=days) if days else None,
        actor=BY_COMMAND,
        now=now,
    )
    show_once(made.token)


@key.command("list", help=gettext("List the keys, without their secrets."))
@command
def list_keys(
    *,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List the keys."""
    opened(home)
    # After the settings are known.
    from regulars.credentials.keys import every_key  # noqa: PLC0415
    from regulars.people.queries import zone_here  # noqa: PLC0415

    rows = [
        {
            "mark": one.mark,
            "name": one.name,
            "source": one.source,
            "scopes": one.scopes,
            "created_at": one.created_at.isoformat(),
            "expires_at": one.expires_at.isoformat() if one.expires_at else None,
            "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
            "used_at": one.used_at.isoformat() if one.used_at else None,
        }
        for one in every_key()
    ]
    if json_:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    zone = zone_here()
    for row in rows:
        state = (
            gettext("taken back")
            if row["revoked_at"]
            else gettext("until {day}").format(
                day=date_text(datetime.fromisoformat(row["expires_at"]).astimezone(zone).date())
            )
            if row["expires_at"]
            else gettext("good")
        )
        typer.echo(f"{row['mark']}  {row['name']}  {' '.join(row['scopes'])}  {state}")


@key.command("rotate", help=gettext("Make a key that takes the place of another."))
@command
def rotate(
    *,
    mark: Annotated[str, typer.Argument(help=gettext("Of the key, as “key list” shows it."))],
    overlap_days: Annotated[
        int,
        typer.Option(
            "--overlap-days",
            help=gettext("How long the old one stays good."),
            min=0,
            max=LONGEST_DAYS,
        ),
    ] = 7,
    home: HomeOption = None,
) -> None:
    """Rotate a key and show the new one."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415  (after the settings are known)

    from regulars.credentials.keys import rotate_key  # noqa: PLC0415

    with transaction.atomic():
        made = rotate_key(
            mark=mark,
            overlap=timedelta(days=overlap_days),
            actor=BY_COMMAND,
            now=datetime.now(UTC),
        )
    show_once(made.token)


@key.command("revoke", help=gettext("Take a key back, at once."))
@command
def revoke(
    *,
    mark: Annotated[str, typer.Argument(help=gettext("Of the key, as “key list” shows it."))],
    home: HomeOption = None,
) -> None:
    """Take a key back."""
    opened(home)
    from regulars.credentials.keys import revoke_key  # noqa: PLC0415  (after the settings are known)

    revoke_key(mark=mark, now=datetime.now(UTC))
    typer.echo(gettext("The key {mark} is taken back.").format(mark=mark))


def show_once(token: str) -> None:
    """The key on stdout, so that a program can take it, and a word about it on stderr."""
    typer.echo(token)
    typer.echo(gettext("Keep it in a safe place; it cannot be shown again."), err=True)
