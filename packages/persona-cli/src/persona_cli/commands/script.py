"""`persona script generate` and `persona script batch`."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from persona_cli import output, remote, showing
from persona_cli.commands import _auditing, _material, _modelling, _options
from persona_core.auditing import Auditor
from persona_core.errors import LeakError, LoadError
from persona_core.limits import limits
from persona_core.models import Corpus, Persona, PersonaSet
from persona_core.models.script import ScriptFormat
from persona_core.pipeline import Release, ReleaseOptions
from persona_core.rendering.scripts import SUFFIXES
from persona_core.runs import note_release, read_personas
from persona_core.verification import require_corpus


@click.group("script")
def command() -> None:
    """Turn personas into scripts that any LLM can play, and that hold no participant's words."""


_scripting = _options.together(
    _options.sources,
    click.option(
        "-f",
        "--format",
        type=click.Choice([str(each) for each in ScriptFormat]),
        default=str(ScriptFormat.character_card),
        show_default=True,
        help="The form of the script.",
    ),
    click.option("--yaml", "as_yaml", is_flag=True, help="A character card in YAML."),
    click.option(
        "--template",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="A Jinja2 template of your own, for jinja2_template.",
    ),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        default=0.1,
        show_default=True,
        help="Refuse above so much leakage.",
    ),
    click.option(
        "--k",
        type=click.IntRange(1),
        default=3,
        show_default=True,
        help="Say only what at least so many participants said.",
    ),
    click.option("--require-sources", is_flag=True, help="Refuse where the sources are not there to compare with."),
    click.option("--model", metavar="MODEL", help="Have a model put the claims in other words."),
    _options.calling,
    _options.loading,
    _options.server,
    _options.debug,
)  # fmt: skip


@command.command(
    "generate",
    epilog=_options.examples(
        "persona script generate run#persona-001 -f system_prompt",
        "persona script generate run#persona-001 -f tavern_png -o card.png",
    ),
)
@click.argument("persona", metavar="PERSONA")
@click.option(
    "-o", "--out", metavar="FILE", help="Write to a file, or into a folder (DIR/), instead of printing."
)
@_scripting
@click.pass_context
def generate(ctx: click.Context, /, persona: str, out: str | None, **values: Any) -> int:
    """Make the script of one PERSONA.

    PERSONA is a personas file, a run folder or - for standard input; FILE#persona-002 names one of several.
    """
    given, _, wanted = persona.partition("#") if not Path(persona).exists() else (persona, "", "")
    maker = _Maker(ctx, given, values)
    one = _one(maker.made.personas, wanted, given)
    try:
        released = maker.release(one)
    except LeakError as error:
        output.say(f"Refused: {one.name} ({one.id}) was not written.")
        _auditing.show(error.report, maker.corpus)
        return _auditing.REFUSED
    name = _file_names(maker.made.personas, _suffix(values))[one.id]
    maker.note(one, released, _put(released, name, out))
    return 0


@command.command(
    "batch",
    epilog=_options.examples(
        "persona script batch run -o scripts",
    ),
)
@click.argument("personas", metavar="PERSONAS")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder.",
)
@_scripting
@click.pass_context
def batch(ctx: click.Context, /, personas: str, out: Path, **values: Any) -> int:
    """Make the scripts of all PERSONAS, one file each, and say what was released and what was refused."""
    maker = _Maker(ctx, personas, values)
    names = _file_names(maker.made.personas, _suffix(values))
    refused = 0
    for one in maker.made.personas:
        try:
            released = maker.release(one)
        except LeakError as error:
            refused += 1
            output.show(f"refused   {one.id}  {'; '.join(error.report.refused_for)}")
            continue
        out.mkdir(parents=True, exist_ok=True)
        _write(out / names[one.id], released.content)
        maker.note(one, released, out / names[one.id])
        output.show(f"released  {one.id}  {out / names[one.id]}  (leakage {released.audit.leakage:g})")
    return _auditing.REFUSED if refused else 0


class _Maker:
    """Releases scripts of one set of personas; the corpus is read and indexed once."""

    def __init__(self, ctx: click.Context, given: str, values: Mapping[str, Any]) -> None:
        self.options = _release_options(values)
        self.made: PersonaSet = _material.personas_of(given, values["sources"])
        self._run = _material.run_of(given)
        with output.progress() as told:
            found = _material.material_of(ctx, given, self.made, values["sources"], values, told)
        self.corpus: Corpus | None = found.corpus if found is not None else None
        if self.corpus is None:
            output.say(
                "Note: The sources were not given: scripts are compared with the personas' own quotes only, not with "
                "all that was said. Give them with --sources."
            )
        else:
            require_corpus(self.made.corpus, self.corpus)
            showing.warnings(self.corpus.notices)
        showing.warnings(limits(self.made))
        for one in self.made.personas:
            if not any(True for _ in one.claims()):
                output.say(f"Note: {one.id} claims nothing, so its script will say next to nothing.")
        self.release: Callable[[Persona], Release] = (
            self._there(ctx, found, values) if values["server"] else self._here(values)
        )

    def note(self, one: Persona, released: Release, file: Path | None) -> None:
        """Note in the run folder, where the personas come from one, that a script left."""
        if self._run is not None:
            note_release(self._run, one.id, self.options.format.value, released.content, file)
            if read_personas(self._run).withdrawn != self.made.withdrawn:
                output.say(
                    f"Note: Somebody was taken out of {self._run} meanwhile, and {one.id} was made of what it held before: "
                    "make it again."
                )

    def _here(self, values: Mapping[str, Any]) -> Callable[[Persona], Release]:
        return _modelling.releasing(self.corpus, Auditor(self.corpus, k=self.options.k), self.options, values)

    def _there(
        self, ctx: click.Context, found: _material.Material | None, values: Mapping[str, Any]
    ) -> Callable[[Persona], Release]:
        client = ctx.with_resource(remote.server(values["server"], self.corpus, yes=values["yes"]))
        options, material = self.options, found.asked() if found else {}

        def release(one: Persona) -> Release:
            return client.script(
                self.made.model_copy(update={"personas": (one,)}),
                format=options.format.value,
                yaml=options.yaml,
                template=options.template,
                threshold=options.threshold,
                k=options.k,
                require_sources=options.require_sources,
                model=values["model"],
                **material,
            )

        return release


def _release_options(values: Mapping[str, Any]) -> ReleaseOptions:
    file: Path | None = values["template"]
    format = ScriptFormat(values["format"])
    if file is not None and format is not ScriptFormat.jinja2_template:
        raise click.UsageError("--template is for -f jinja2_template")
    if values["as_yaml"] and format is not ScriptFormat.character_card:
        raise click.UsageError("--yaml is for -f character_card")
    try:
        template = file.read_text(encoding="utf-8") if file else None
    except UnicodeDecodeError as error:
        raise LoadError("is no text in UTF-8", path=str(file)) from error
    return ReleaseOptions(
        format=format,
        yaml=values["as_yaml"],
        template=template,
        threshold=values["threshold"],
        k=values["k"],
        require_sources=values["require_sources"],
    )


def _one(personas: tuple[Persona, ...], wanted: str, given: str) -> Persona:
    """The persona that is meant: the only one, or the one that is named."""
    known = ", ".join(each.id for each in personas)
    if wanted:
        found = next((each for each in personas if each.id == wanted), None)
        if found is None:
            raise click.UsageError(f"there is no persona “{wanted}” in {given}; there are {known}")
        return found
    if len(personas) != 1:
        raise click.UsageError(f"{given} holds {len(personas)} personas; name one as {given}#ID: {known}")
    return personas[0]


def _suffix(values: Mapping[str, Any]) -> str:
    return ".yaml" if values["as_yaml"] else SUFFIXES[ScriptFormat(values["format"])]


def _file_names(personas: tuple[Persona, ...], suffix: str) -> dict[str, str]:
    """A file name for each persona: its id where that is ours and safe, else a free number: an id may be a participant's."""
    ours = {each.id for each in personas if re.fullmatch(r"persona-\d{1,9}", each.id)}
    free = (name for n in itertools.count(1) if (name := f"persona-{n:03}") not in ours)
    return {each.id: (each.id if each.id in ours else next(free)) + suffix for each in personas}


def _put(released: Release, name: str, out: str | None) -> Path | None:
    """Write it, and give the file; nothing for standard output."""
    if out is None or out == "-":
        if isinstance(released.content, bytes) and sys.stdout.isatty():
            raise click.UsageError("a picture cannot be shown here; write it with -o FILE")
        content = released.content
        output.document(content if isinstance(content, bytes) else content.encode())
        return None
    path = Path(out)
    if out.endswith(("/", os.sep)) or path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        path = path / name
    _write(path, released.content)
    output.say(
        f"Written to {path} (leakage {released.audit.leakage:g} of at most {released.audit.threshold:g})."
    )
    return path


def _write(path: Path, content: str | bytes) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content if isinstance(content, bytes) else content.encode())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
