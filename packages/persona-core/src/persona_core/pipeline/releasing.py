"""From a persona to a script that may leave: rendered, audited as it leaves, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from persona_core.abstraction import abstract, re_expressed
from persona_core.auditing import Auditor
from persona_core.errors import ConfigurationError, LeakError
from persona_core.models import Corpus, Persona
from persona_core.models.audit import Audit
from persona_core.models.script import PrivacyAudit, Script, ScriptFormat
from persona_core.provider import Provider
from persona_core.rendering.scripts import read_cards, render_script, strings_of


@dataclass(frozen=True, slots=True)
class Release:
    """A script that may leave, and the audit that lets it."""

    script: Script
    content: str | bytes
    """What leaves: text, or a PNG."""
    audit: Audit
    """Of `content` as it is here."""

    def __str__(self) -> str:
        """The content; of a PNG, its card in JSON."""
        return self.content if isinstance(self.content, str) else read_cards(self.content)["ccv3"]


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """How a script is made, rendered and judged."""

    format: ScriptFormat = ScriptFormat.character_card
    yaml: bool = False
    """A character card in YAML instead of JSON."""
    template: str | None = None
    """A Jinja2 template of one's own, for `jinja2_template`."""
    threshold: float = 0.1
    """The most leakage that passes, 0–1."""
    k: int = 3
    """What stands in a script was said by at least so many participants."""
    require_sources: bool = False
    """Refuse where there is no corpus to compare with."""
    now: datetime | None = None
    """What the script says of when it was made; nothing where not given, so that the same input gives the same bytes."""


def release(
    persona: Persona,
    corpus: Corpus | None = None,
    options: ReleaseOptions | None = None,
    *,
    auditor: Auditor | None = None,
) -> Release:
    """Make the script of a persona and render it, where nothing in it leads back to anybody: the only way out.

    `auditor` is `Auditor(corpus, k=…)`, worth keeping over many personas of one corpus. Raises LeakError with the audit
    where it is refused; ConfigurationError where the options cannot be met.
    """
    door = _Door(persona, corpus, options or ReleaseOptions(), auditor)
    return door.let_out(abstract(persona, corpus, k=door.options.k, now=door.options.now))


async def release_by_model(
    persona: Persona,
    corpus: Corpus | None,
    provider: Provider,
    options: ReleaseOptions | None = None,
    *,
    auditor: Auditor | None = None,
    hide: Callable[[str], str] = str,
) -> Release:
    """The same with claims re-expressed by a model, which the audit judges; what still leaks after three rounds stays out.

    `hide` takes out of a text what must not be sent. Raises what `release` raises, and ProviderError.
    """
    door = _Door(persona, corpus, options or ReleaseOptions(), auditor)
    script = abstract(persona, corpus, k=door.options.k, now=door.options.now)
    return door.let_out(await re_expressed(script, persona, corpus, provider, door.judge, hide=hide))


class _Door:
    """What is rendered is what is audited, and what is audited is what leaves."""

    def __init__(
        self, persona: Persona, corpus: Corpus | None, options: ReleaseOptions, auditor: Auditor | None
    ) -> None:
        _check(options, corpus)
        self.persona, self.options = persona, options
        self._auditor = auditor or Auditor(corpus, k=options.k)

    def let_out(self, script: Script) -> Release:
        """Render with what the audit said in it, and audit that: the last audit decides."""
        script = _stamped(script, self.judge(script))
        content = self._rendered(script)
        audit = self._audited(script, content)
        if not audit.passed:
            raise LeakError(audit)
        return Release(script, content, audit)

    def judge(self, script: Script) -> Audit:
        """Audit a script as it would leave."""
        return self._audited(script, self._rendered(script))

    def _rendered(self, script: Script) -> str | bytes:
        options = self.options
        return render_script(script, options.format, template=options.template, as_yaml=options.yaml)

    def _audited(self, script: Script, content: str | bytes) -> Audit:
        """The audit of every text in it; where that passes, of the bytes as they are, too."""
        options, who = self.options, script.identity.demographics
        texts = [strings_of(content, options.format, as_yaml=options.yaml)]
        if isinstance(content, str) and content != texts[0]:
            texts.append(content)
        audits = [
            self._auditor.audit(text, persona=self.persona, demographics=who, threshold=options.threshold)
            for text in texts
        ]
        return next((audit for audit in audits if not audit.passed), audits[0])


def _check(options: ReleaseOptions, corpus: Corpus | None) -> None:
    if not 0 <= options.threshold <= 1:
        raise ConfigurationError(f"a threshold is between 0 and 1, not {options.threshold:g}")
    if options.require_sources and corpus is None:
        raise ConfigurationError("there are no sources to compare the script with; give them")
    if options.template is not None and options.format is not ScriptFormat.jinja2_template:
        raise ConfigurationError("a template of one's own is filled in the form jinja2_template only")
    if options.yaml and options.format is not ScriptFormat.character_card:
        raise ConfigurationError("only a character_card can be YAML")


def _stamped(script: Script, audit: Audit) -> Script:
    said = PrivacyAudit(
        passed=audit.passed,
        leakage_score=audit.leakage,
        threshold=audit.threshold,
        corpus_checked=audit.corpus_checked,
    )
    return script.model_copy(
        update={"provenance": script.provenance.model_copy(update={"privacy_audit": said})}
    )
