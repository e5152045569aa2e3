"""Codes for participants: the data's own ids, or made-up ones that follow nothing in the data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from persona_core.loading.builder import Builder, Who

Identity = tuple[str, ...]
"""What makes two voices the same person: `("id", "P03")`, `("name", "maya okafor")`, `("file", "4")`, …"""


def give_codes(
    builder: Builder, identities: Sequence[Identity | None]
) -> tuple[dict[Identity, str], dict[Identity, str]]:
    """Give every identity a code; and, for those whose code is made up, what the data calls them."""
    names: dict[Identity, str] = {}
    for who, identity in zip(builder.whos, identities, strict=True):
        if identity is not None:
            names.setdefault(identity, _called(builder, who, identity))
    codes = {identity: identity[1] for identity in names if identity[0] == "id"}
    vacant = builder.options.vacant
    taken = {code.casefold() for code in (*codes.values(), *vacant)}
    unnamed = [identity for identity in names if identity[0] != "id"]
    hashes = [source.sha256 for source in builder.sources]
    unnamed.sort(key=lambda identity: hashlib.sha256("\0".join(_stable(identity, hashes)).encode()).digest())
    width, number = max(2, len(str(len(names) + len(vacant)))), 0
    for identity in unnamed:
        number += 1
        while (code := f"P{number:0{width}}").casefold() in taken:
            number += 1
        codes[identity] = code
    return codes, {identity: label for identity, label in names.items() if identity[0] != "id"}


def _stable(identity: Identity, hashes: Sequence[str]) -> Identity:
    """An identity that does not hang on the order in which sources were given."""
    return identity if identity[0] == "name" else (identity[0], hashes[int(identity[1])], *identity[2:])


def _called(builder: Builder, who: Who, identity: Identity) -> str:
    source = builder.sources[who.source].name
    match identity[0]:
        case "name":
            return who.label or identity[1]
        case "row":
            place = who.label if who.kind != "label" else who.scope
            if not place.startswith("/"):
                return f"{source}, no. {place}"
            return f"{source}, row {place[1:]}" if place[1:].isdecimal() else f"{source}{place}"
        case "label":
            return f"{who.label} in {source}"
        case _:
            return source
