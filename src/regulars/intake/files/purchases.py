"""Files of purchases and refunds."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from regulars.insight import Source, open_engine, read_purchases
from regulars.insight.engines import Engine
from regulars.insight.errors import HeaderOnly, UnknownColumn
from regulars.insight.reading import PurchaseLines
from regulars.insight.reading.columns import in_words, map_purchases, map_refunds
from regulars.insight.reading.date_survey import zone_of
from regulars.intake.files.beside import BESIDE, LOCATION, columns_beside
from regulars.intake.files.business import Ground
from regulars.intake.files.called import Mention
from regulars.intake.files.chunks import SOURCE, Written, settle_people, write_chunk
from regulars.intake.files.draft import Draft
from regulars.intake.files.drafts import Drafts, drafts_of, rows_in
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.no_rows import nothing_in
from regulars.intake.files.own import is_own_events
from regulars.intake.files.own_events import import_own_events
from regulars.intake.files.places import places_of
from regulars.intake.files.receipts import expect, follow_orders
from regulars.intake.files.result import Imported
from regulars.intake.files.who import People
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import number_text
from regulars.stream.unclaimed import is_anything_noted, is_anything_unclaimed

TOLD_OTHERWISE = "receipt_conflict"
PERSON = ("about", "customer", "kind", "name", "emails", "phones")
DRAFT = ("type", "key", "about", "moment", "data", "is_sum")


def import_purchases(
    *,
    source: Source,
    ground: Ground,
    all_refunds: bool = False,
    errors: Errors = NOWHERE,
    is_dry: bool = False,
    actor: Actor,
    now: datetime,
    progress: Progress = unheard,
) -> Imported:
    """Records what files of purchases tell; opens a transaction for each chunk.

    Args:
        source: The files and how to read them; ``item`` among its columns is what was bought.
        ground: The business's currency, time zone and country.
        all_refunds: Whether the files hold refunds only, whatever their sign.
        errors: Where rows that cannot be used go.
        is_dry: Whether to count and write nothing.
        actor: Who tells.
        now: When.
        progress: Told about each stage.

    Returns:
        What became of every row.

    Raises:
        RegularsError: The files cannot be used, and nothing was written.
    """
    if is_own_events(source):
        return import_own_events(
            source=source,
            ground=ground,
            kind="refunds" if all_refunds else "purchases",
            errors=errors,
            is_dry=is_dry,
            actor=actor,
            now=now,
            progress=progress,
        )
    with open_engine() as engine:
        try:
            lines, drafts = _read(
                engine,
                source,
                ground,
                all_refunds=all_refunds,
                is_dry=is_dry,
                now=now,
                progress=progress,
            )
        except HeaderOnly as empty:
            return _nothing(empty, source, all_refunds=all_refunds, errors=errors, is_dry=is_dry)
        people = People.of(_mentions(drafts), region=ground.region)
        expect(drafts, people, source=SOURCE)
        written = _record(drafts, people, is_dry=is_dry, actor=actor, now=now, progress=progress)
        turned_out = dict(drafts.set_aside)
        if written.told_otherwise:
            turned_out[TOLD_OTHERWISE] = drafts.rows_of(written.told_otherwise, TOLD_OTHERWISE)
        errors.write(replace(lines.rows, turned_out=tuple(turned_out.values())).write_rejected)
        late = {why: rows_in(engine, path) for why, path in turned_out.items()}
    return _imported(lines, people, written, late, is_dry=is_dry)


def _imported(
    lines: PurchaseLines,
    people: People,
    written: Written,
    late: Mapping[str, int],
    *,
    is_dry: bool,
) -> Imported:
    """What became of every row.

    Args:
        lines: As they were read.
        people: Everybody in them.
        written: What became of their events.
        late: Rows that turned out to be of no use only then, by reason.
        is_dry: Whether nothing was written.
    """
    misspelt = {"bad_email": written.misspelt} if written.misspelt else {}
    return Imported(
        rows=lines.rows_read,
        rejected={**lines.rejected, **late},
        kept={**lines.kept, **misspelt},
        recorded=dict(written.recorded),
        duplicates=written.duplicates,
        claimed=written.claimed,
        customers=people.added,
        recognised=dict(people.recognised),
        doubtful=people.doubtful,
        of_nobody=written.of_nobody,
        awaiting=written.awaiting,
        effects=written.effects,
        notes=(*lines.notes, *_said_of_margins(lines.kept.get("bad_margin", 0))),
        is_dry=is_dry,
    )


def _nothing(
    empty: HeaderOnly, source: Source, *, all_refunds: bool, errors: Errors, is_dry: bool
) -> Imported:
    """What becomes of files without a row."""
    asked = {ours: theirs for ours, theirs in source.columns.items() if ours not in BESIDE}
    columns = map_refunds if all_refunds else map_purchases
    return nothing_in(empty, columns=asked, map_columns=columns, errors=errors, is_dry=is_dry)


def _said_of_margins(unknown: int) -> tuple[str, ...]:
    """What is said of margins that are none; their rows count."""
    if not unknown:
        return ()
    told = ngettext(
        "The margin of {count} row cannot be read, or is above its amount: it is taken in without it.",
        "The margins of {count} rows cannot be read, or are above their amounts: they are taken in without.",
        unknown,
    )
    return (told.format(count=number_text(unknown)),)


def _read(
    engine: Engine,
    source: Source,
    ground: Ground,
    *,
    all_refunds: bool,
    is_dry: bool,
    now: datetime,
    progress: Progress,
) -> tuple[PurchaseLines, Drafts]:
    """The lines of the files, and the events that they tell of.

    Raises:
        RegularsError: The files cannot be used.
    """
    beside = {ours: theirs for ours, theirs in source.columns.items() if ours in BESIDE}
    lines = read_purchases(
        engine,
        replace(
            source,
            columns={ours: theirs for ours, theirs in source.columns.items() if ours not in beside},
            timezone=ground.time_zone,
            target_currency=ground.currency,
        ),
        until=now.astimezone(zone_of(ground.time_zone)).date(),
        refunds_suffice=all_refunds,
        exactly=True,
        keep_nobody=True,
        progress=progress,
    )
    _refuse_unknown(lines, beside)
    progress(gettext("Putting orders together"))
    drafts = drafts_of(
        engine,
        lines,
        currency=lines.currency or ground.currency,
        timezone=ground.time_zone,
        beside=beside,
        places=places_of(learn=LOCATION in beside, is_dry=is_dry, now=now),
        all_refunds=all_refunds,
    )
    return lines, drafts


def _refuse_unknown(lines: PurchaseLines, beside: Mapping[str, str]) -> None:
    """Refuses columns of what rows tell besides that no file has.

    Raises:
        UnknownColumn: None has one.
    """
    groups = lines.rows.tables.groups
    for ours, theirs in beside.items():
        if not any(columns_beside(group, ours, theirs) for group in groups):
            raise UnknownColumn(
                path=lines.rows.tables.paths[0], column=theirs, columns=in_words(groups[0].names)
            )


def _record(
    drafts: Drafts,
    people: People,
    *,
    is_dry: bool,
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> Written:
    """Writes the events chunk by chunk."""
    stage = gettext("Recording what happened")
    if not is_dry:
        with transaction.atomic():
            people.tell_of_known(actor=actor, now=now)
    written, done = Written(looks_for_claims=is_anything_unclaimed() or is_anything_noted()), 0
    for chunk in ahead(_chunks(drafts)):
        progress(stage, done / max(drafts.events, 1))
        write_chunk(chunk, people, written, actor=actor, now=now, is_dry=is_dry)
        done += len(chunk)
    if not is_dry:
        with transaction.atomic():
            people.note_doubts(now=now)
            follow_orders(drafts, written.receipts, source=SOURCE, now=now)
        settle_people(people, now=now)
    return written


def _mentions(drafts: Drafts) -> Iterator[Mention]:
    table = drafts.customers()
    cells = (table[name].to_pylist() for name in PERSON)
    for about, customer, kind, name, emails, phones in zip(*cells, strict=True):
        yield Mention(about, customer, kind == "phone", name, emails, phones)


def _chunks(drafts: Drafts) -> Iterator[list[Draft]]:
    for batch in drafts.chunks():
        cells = (batch.column(name).to_pylist() for name in DRAFT)
        yield [Draft(*event) for event in zip(*cells, strict=True)]


def ahead(chunks: Iterator[list[Draft]]) -> Iterator[list[Draft]]:
    """The chunks, each made ready while the one before it is written."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting = beside.submit(next, chunks, None)
        while (chunk := waiting.result()) is not None:
            waiting = beside.submit(next, chunks, None)
            yield chunk
