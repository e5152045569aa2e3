"""Secrets in the database: encrypted, because they have to sign, with a key that is not in it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from persona_core.errors import ConfigurationError


class Seal:
    """Encrypts and decrypts short texts (Fernet: AES-128 in CBC mode, authenticated with HMAC-SHA256)."""

    def __init__(self, key: bytes | None) -> None:
        """Without a key nothing can be sealed. Raises ConfigurationError for what is no key."""
        self._key: Fernet | None = None
        try:
            self._key = None if key is None else Fernet(key)
        except ValueError as error:
            raise ConfigurationError(
                "the secret key file holds no key: it is 32 random bytes in base64, such as `openssl rand -base64 32` "
                "makes with + and / written as - and _"
            ) from error

    @classmethod
    def of(cls, file: Path | None, beside: Path | None) -> Seal:
        """Use the key in a file, or the one beside the database, which is made where there is none, with mode 0600.

        Where the database has no such place, because many machines share it, there is no key until one is given.
        """
        if file is None:
            return cls(None if beside is None else _beside(beside))
        try:
            return cls(file.read_bytes().strip())
        except OSError as error:
            raise ConfigurationError(f"the secret key in {file} cannot be read: {error.strerror}") from error

    @property
    def empty(self) -> bool:
        """Whether there is no key."""
        return self._key is None

    @property
    def _box(self) -> Fernet:
        if self._key is None:
            raise ConfigurationError(
                "there is no key to seal webhooks' secrets with: start every server and worker of this database with the same "
                "--secret-key-file"
            )
        return self._key

    def close(self, text: str) -> bytes:
        """Encrypt."""
        return self._box.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt. Raises ConfigurationError where it was sealed with another key."""
        try:
            return self._box.decrypt(bytes(sealed)).decode()
        except InvalidToken:
            raise ConfigurationError(
                "a webhook's secret was sealed with another key: start with the one it was made with (--secret-key-file)"
            ) from None


def _beside(file: Path) -> bytes:
    """The key in a file, which is made whole, once, where there is none."""
    try:
        if not file.exists():
            _made(file)
        key = file.read_bytes().strip()
    except OSError as error:
        raise ConfigurationError(f"the key {file} cannot be written or read: {error.strerror}") from error
    if not key:
        raise ConfigurationError(
            f"the key {file} is empty: put it back from a backup, or delete it; webhooks made before then need new secrets"
        )
    return key


def _made(file: Path) -> None:
    handle, partial = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as writing:
            writing.write(Fernet.generate_key())
            writing.flush()
            os.fsync(writing.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(partial, file)
    finally:
        os.unlink(partial)
