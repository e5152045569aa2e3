"""`persona withdraw`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_core.errors import ConfigurationError
from persona_core.models.noun import Noun
from persona_core.pipeline import Withdrawn, withdraw
from persona_core.rendering.markdown import count
from persona_core.runs import Released, to_json
from persona_core.withdrawal import Change

_SHOWN = 90
"""Characters of a quote on a terminal."""


class _QuoteSaid(Noun):
    """A quote that is to go."""

    path: str
    quote: str


class _ChangeSaid(Noun):
    """What a withdrawal does to one persona."""

    id: str
    quotes: int
    quoted: tuple[_QuoteSaid, ...]
    """Only as long as it is not done."""
    claims_fallen: tuple[str, ...]
    claims_lowered: tuple[str, ...]
    lost: bool
    participants_before: int
    participants_after: int


class _Said(Noun):
    """What a withdrawal takes."""

    participant: str
    applied: bool
    segments: int
    quotes: int
    personas: tuple[_ChangeSaid, ...]
    score_before: float | None
    score_after: float | None
    journal_lines: int
    files_removed: tuple[str, ...]
    files_not_looked_into: tuple[str, ...]
    scripts_to_replace: tuple[Released, ...]
    still_held_in: tuple[str, ...]
    sent_to: tuple[str, ...]
    same_words_held_by: tuple[str, ...]


@click.command(
    "withdraw",
    epilog=_options.examples(
        "persona withdraw run --participant P03",
        "persona withdraw run --participant P03 --apply",
    ),
)
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--participant", required=True, metavar="ID", help="Whose words: a code such as P03, or their name there."
)
@click.option("--apply", is_flag=True, help="Do it; without, what rests on them is only listed.")
@_options.as_json
@_options.debug
@click.pass_context
def command(ctx: click.Context, /, run: Path, participant: str, **values: Any) -> None:
    """Take a participant who withdrew out of RUN, a run folder: their quotes, and what rests on their words alone.

    Claims that others bear out stay, with less support; nothing is chosen anew. Sources are never touched.
    """
    try:
        with output.progress() as told:
            done = withdraw(run, participant, apply=values["apply"], told=told)
    except ConfigurationError as error:
        raise click.BadParameter(str(error), ctx, param_hint="--participant") from error
    if values["as_json"]:
        output.document(to_json(_said(done, applied=values["apply"])))
    else:
        _show(done, applied=values["apply"])
    _say_what_is_left_to_do(done, applied=values["apply"])
    if not values["apply"]:
        command = f"persona withdraw {shlex.quote(str(run))} --participant {shlex.quote(participant)} --apply"
        output.say(f"Nothing was changed. To do it: {command}")


def _said(done: Withdrawn, *, applied: bool) -> _Said:
    revision = done.revision
    return _Said(
        participant=revision.participant,
        applied=applied,
        segments=revision.segments,
        quotes=revision.quotes,
        personas=tuple(
            _ChangeSaid(
                id=each.id,
                quotes=each.quotes,
                quoted=()
                if applied
                else tuple(_QuoteSaid(path=path, quote=said) for path, said in each.quoted),
                claims_fallen=tuple(path for path, _ in each.fallen),
                claims_lowered=each.lowered,
                lost=each.lost,
                participants_before=each.participants[0],
                participants_after=each.participants[1],
            )
            for each in revision.changes
        ),
        score_before=done.before,
        score_after=done.after,
        journal_lines=done.journal,
        files_removed=done.removed,
        files_not_looked_into=done.not_looked_into,
        scripts_to_replace=done.to_replace,
        still_held_in=done.still_held,
        sent_to=done.hosts,
        same_words_held_by=revision.held_by,
    )


def _show(done: Withdrawn, *, applied: bool) -> None:
    revision = done.revision
    said = f", who said {count(revision.segments, 'segment')}," if revision.segments else ""
    taken = "was taken" if applied else "would be taken"
    output.show(f"{revision.participant}{said} {taken} out of {done.folder}.")
    output.show()
    if revision.changes:
        output.table(
            ("Persona", "Their quotes", "Claims that fall", "With less support", ""),
            [_row(each) for each in revision.changes],
            right=("Their quotes", "Claims that fall", "With less support"),
        )
    else:
        output.show("No persona rests on them.")
    if not applied:
        _show_what_goes(done)
    if done.before is not None:
        after = "not scored" if done.after is None else f"{done.after:.1f}"
        output.show(f"Overall score: {done.before:.1f} before, {after} after.")
    if done.journal:
        output.show(
            f"The journal ({count(done.journal, 'line')}) goes as a whole, for any answer in it may rest on their words; "
            "the run cannot be taken up or replayed any more."
        )
    for name in done.removed:
        output.show(f"{'Removed' if applied else 'To be removed'} from the folder: {name}")


def _show_what_goes(done: Withdrawn) -> None:
    changes = done.revision.changes
    if done.revision.quotes:
        output.show("Their quotes:")
        for each in changes:
            for path, words in each.quoted:
                output.paragraph(f"- {each.name}, {path}: “{_shortened(words)}”")
        output.show()
    if any(each.fallen for each in changes):
        output.show("Claims that nobody else bears out:")
        for each in changes:
            for path, text in each.fallen:
                output.paragraph(f"- {each.name}, {path}: {text}")
        output.show()


def _row(change: Change) -> tuple[str, ...]:
    before, after = change.participants
    then = f"stands for {after} instead of {before}" if after < before else ""
    then = "lost: nothing is left of it" if change.lost else then
    return change.name, str(change.quotes), str(len(change.fallen)), str(len(change.lowered)), then


def _shortened(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN].rpartition(" ")[0] + " …"


def _say_what_is_left_to_do(done: Withdrawn, *, applied: bool) -> None:
    """What no command can do: scripts that are out, sources, hosts, what was not known here."""
    code = done.revision.participant
    if done.missing_sources and not done.quotes_only:
        output.say(f"Note: {done.missing_sources}. What stood there and was not quoted is not known here.")
    elif done.missing_sources:
        output.say(
            f"Note: {done.missing_sources}. Only words of {code} that are quoted were known here, "
            "and demographics that may be theirs go, too. Put the sources back for a better result."
        )
    if done.revision.held_by:
        others = ", ".join(done.revision.held_by)
        hold = "holds" if len(done.revision.held_by) == 1 else "hold"
        output.say(
            f"{others} {hold} the same words as {code}, perhaps as the same interview in another form: withdraw "
            "them, too, or these words stay."
        )
    for name in done.not_looked_into:
        output.say(f"Nobody here can look into {name}, which stays: see whether their words stand in it.")
    for each in done.to_replace:
        where = each.file or "standard output"
        output.say(
            f"To be replaced: the {each.format} of {each.persona}, released {each.at:%Y-%m-%d} to {where}"
        )
    if done.still_held:
        output.say(f"The words of {code} still stand in these files, which are yours to delete or to redact:")
        for name in done.still_held:
            output.say(f"  {name}")
        output.say(f"Mark {code} as withdrawn in the participants file as well, for the runs to come.")
    for host in done.hosts:
        output.say(f"Words of this run were sent to {host}: have them deleted there, too.")
    if applied:
        output.say("Copies of the run, backups, and reports that were sent on are not known here.")
