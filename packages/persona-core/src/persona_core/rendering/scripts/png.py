"""A card inside a picture: the chunks that front ends read, and a portrait drawn from the script."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import struct
import zlib
from collections.abc import Iterator

from persona_core.errors import LoadError
from persona_core.models.script import Script
from persona_core.rendering.scripts.tavern import card_v2, card_v3

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE = 256
"""Pixels on a side."""
_RINGS = 5


def render_png(script: Script) -> bytes:
    """Render the script as a PNG with both cards in tEXt chunks (`ccv3`, `chara`), base64 of UTF-8 JSON."""
    texts = ((b"ccv3", card_v3(script)), (b"chara", card_v2(script)))
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"".join(_rows(script)), 9)),
        *(
            _chunk(b"tEXt", key + b"\0" + base64.b64encode(json.dumps(card, ensure_ascii=False).encode()))
            for key, card in texts
        ),
        _chunk(b"IEND", b""),
    ]
    return _SIGNATURE + b"".join(chunks)


def read_cards(data: bytes) -> dict[str, str]:
    """The text chunks of a PNG by keyword, decoded from base64. Raises LoadError where the file is no whole PNG."""
    if not data.startswith(_SIGNATURE):
        raise LoadError("is no PNG")
    found: dict[str, str] = {}
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"tEXt" and b"\0" in body:
            key, _, value = body.partition(b"\0")
            found[key.decode("latin-1")] = base64.b64decode(value).decode()
        if kind == b"IEND":
            return found
        at += length + 12
    raise LoadError("is a PNG that was cut off")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _rows(script: Script) -> Iterator[bytes]:
    """Rows of pixels: rings whose colours and arcs follow from the persona's id and name."""
    seed = hashlib.sha256(f"{script.id}\0{script.identity.name}".encode()).digest()
    hue = seed[0] / 256
    arcs = [(seed[2 * i + 1] / 256, 0.35 + seed[2 * i + 2] / 512) for i in range(_RINGS)]
    ground, colours = (
        _rgb(hue, 0.25, 0.95),
        [_rgb(hue + i * 0.07, 0.55, 0.55 + i * 0.08) for i in range(_RINGS)],
    )
    middle = (_SIZE - 1) / 2
    for y in range(_SIZE):
        row = bytearray(b"\0")
        for x in range(_SIZE):
            away = math.hypot(x - middle, y - middle) / middle
            ring = int(away * (_RINGS + 1)) - 1
            if 0 <= ring < _RINGS:
                start, share = arcs[ring]
                turn = (math.atan2(y - middle, x - middle) / math.tau - start) % 1
                row += bytes(colours[ring] if turn < share else ground)
            else:
                row += bytes(colours[0] if ring < 0 else ground)
        yield bytes(row)


def _rgb(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, min(1.0, value))
    return round(red * 255), round(green * 255), round(blue * 255)
