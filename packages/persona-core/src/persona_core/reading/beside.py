"""Evidence that stands beside the claims: a map from `goals[0]`, or from `goals`, to quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from persona_core.errors import LoadError
from persona_core.models.persona import FACETS, Claim, Evidence
from persona_core.reading.claims import evidence_of
from persona_core.reading.names import PERSONA, bare
from persona_core.text import fold

_PATH = re.compile(
    r"(?P<facet>[^\[\].]+)(?:\[(?P<index>\d{1,6})\]|\.(?P<dotted>\d{1,6}))?(?:\.(?:text|evidence))?"
)
_NAMES_THE_CLAIM = ("path", "field", "attribute", "facet", "claim")


class Claims:
    """The claims of one persona while evidence is added to them."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.by_facet: dict[str, list[Claim]] = {}
        self._starts: dict[str, int] = {}

    def add(self, key: str, facet: str, claims: list[Claim]) -> None:
        """Add the claims that stand under the file's own name for a facet."""
        before = self.by_facet.setdefault(facet, [])
        self._starts[bare(key)] = len(before)
        before += claims

    def attach(self, beside: object) -> Any:
        """Add evidence to the claims that it names; gives back what names none of them."""
        if isinstance(beside, Mapping):
            return {str(key): value for key, value in beside.items() if not self._attach_to(str(key), value)}
        if isinstance(beside, list):
            return [each for each in beside if not self._attach_named(each)]
        return beside

    def _attach_named(self, item: object) -> bool:
        """Add evidence that says itself, under `field` or the like, which claim it is for."""
        if not isinstance(item, Mapping):
            return False
        named = next((key for key in _NAMES_THE_CLAIM if isinstance(item.get(key), str)), None)
        if named is None:
            return False
        rest = {key: value for key, value in item.items() if key != named}
        return self._attach_to(item[named], [rest])

    def _attach_to(self, path: str, value: object) -> bool:
        match = _PATH.fullmatch(path.strip())
        facet = PERSONA.get(bare(match["facet"])) if match else None
        if match is None or facet not in {*FACETS, "quotes", "headline"}:
            return False
        place = f"{self.place}.evidence.{path}"
        start = self._starts.get(bare(match["facet"]), 0)
        number = match["index"] or match["dotted"]
        if number is not None:
            self._give(facet, start + int(number), evidence_of(value, place), place)
        else:
            for i, each in enumerate(value if isinstance(value, list) else [value]):
                self._give_named(facet, start + i, each, f"{place}[{i}]")
        return True

    def _give_named(self, facet: str, index: int, given: object, place: str) -> None:
        """Add evidence to the claim that its `value` names, else to the one at its own place in the list."""
        claims = self.by_facet.setdefault(facet, [])
        value = given.get("value") if isinstance(given, Mapping) else None
        if isinstance(value, str) and isinstance(given, Mapping):
            given = {key: each for key, each in given.items() if key != "value"}
            same = (i for i, claim in enumerate(claims) if fold(claim.text).text == fold(value).text)
            index = next(same, len(claims))
            if index == len(claims):
                claims.append(Claim(text=value, origin="model"))
        elif len(claims) == 1:
            index = 0
        self._give(facet, index, evidence_of(given, place), place)

    def _give(self, facet: str, index: int, evidence: list[Evidence], place: str) -> None:
        claims = self.by_facet.get(facet, [])
        if index >= len(claims):
            raise LoadError(f"there is no such claim; “{facet}” has {len(claims)}", place=place)
        claim = claims[index]
        claims[index] = claim.model_copy(update={"evidence": (*claim.evidence, *evidence)})
