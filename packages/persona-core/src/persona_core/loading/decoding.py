"""Bytes to text, once, and said how."""

from __future__ import annotations

import codecs

from persona_core.errors import LoadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls)",
    b"\x1f\x8b": "a gzip archive",
    b"ID3": "an MP3 recording",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}


def encoding_of(data: bytes, path: str) -> str:
    """Tell the encoding of text, UTF-8 and UTF-16 first, else detected.

    Raises LoadError where the bytes are no text, naming the line of the first NUL.
    """
    for magic, name in _BINARY.items():
        if data.startswith(magic):
            raise LoadError(
                f"this is {name}, not text; give it the file ending that it has, or leave it out", path=path
            )
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding if encoding != "utf-8-sig" or b"\0" not in data else _with_nul_bytes(data, path)
    if b"\0" in data:
        return _with_nul_bytes(data, path)
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error.start, path)
        return _detected(data, path)
    return "utf-8"


def _refuse_damaged_utf8(data: bytes, first: int, path: str) -> None:
    """Refuse UTF-8 that a few bytes spoil: read as anything else, every other accent in it would be wrong."""
    bad = sum(map("\ufffd".__eq__, data.decode("utf-8", "replace"))) - data.count("\ufffd".encode())
    good = sum(byte >= 0xC2 for byte in data if byte >= 0xC0) - bad
    if good > 3 * bad:
        line = data.count(b"\n", 0, first) + 1
        message = "is UTF-8, but for a byte that is not: it is damaged; save it anew as UTF-8"
        raise LoadError(message, path=path, place=f"line {line}")


def decode(data: bytes, path: str) -> tuple[str, str]:
    """Decode text; gives the text, without a byte-order mark, and the encoding."""
    encoding = encoding_of(data, path)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LoadError(
            f"cannot be decoded as {encoding}; save it as UTF-8", path=path, place=f"line {line}"
        ) from error
    return text.removeprefix("\ufeff"), encoding.removesuffix("-sig")


def _with_nul_bytes(data: bytes, path: str) -> str:
    """UTF-16 without a mark has a NUL in every other byte; any other text with NULs is refused."""
    sample = data[:4096]
    for encoding, nul_at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if (
            len(data) % 2 == 0
            and sample[nul_at::2].count(0) > 0.4 * len(sample[nul_at::2])
            and not sample[1 - nul_at :: 2].count(0)
        ):
            return encoding
    line = data.count(b"\n", 0, data.index(b"\0")) + 1
    raise LoadError(
        "has a NUL byte: it is damaged, or no text file; save it anew as UTF-8",
        path=path,
        place=f"line {line}",
    )


def _detected(data: bytes, path: str) -> str:
    """Guess a legacy encoding."""
    from charset_normalizer import from_bytes

    # Western European text in short files is often mistaken for a rarer code page: try the likeliest first.
    best = from_bytes(data[:200_000], cp_isolation=["cp1252"]).best() or from_bytes(data[:200_000]).best()
    if best is None:
        raise LoadError("its encoding cannot be told, or it is no text; save it as UTF-8", path=path)
    return best.encoding
