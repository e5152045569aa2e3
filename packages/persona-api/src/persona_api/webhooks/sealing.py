"""Secrets in the database: encrypted, because they have to sign, with a key that is not in it."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from persona_core.errors import ConfigurationError


class Seal:
    """Encrypts and decrypts short texts (Fernet: AES-128 in CBC mode, authenticated with HMAC-SHA256)."""

    def __init__(self, key: bytes) -> None:
        """Raises ConfigurationError for what is no key."""
        try:
            self._box = Fernet(key)
        except ValueError as error:
            raise ConfigurationError(
                "the secret key file holds no key: it is 32 random bytes in base64, such as `openssl rand -base64 32` "
                "makes with + and / written as - and _"
            ) from error

    @classmethod
    def of(cls, file: Path | None, database: Path) -> Seal:
        """Use the key in a file, or one beside the database, which is made at the first need with mode 0600."""
        if file is None:
            return cls(_beside(database.with_name(f"{database.name}.key")))
        try:
            return cls(file.read_bytes().strip())
        except OSError as error:
            raise ConfigurationError(f"the secret key in {file} cannot be read: {error.strerror}") from error

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
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes().strip()
    except OSError as error:
        raise ConfigurationError(f"the key {file} cannot be written: {error.strerror}") from error
    key = Fernet.generate_key()
    with os.fdopen(handle, "wb") as writing:
        writing.write(key)
        writing.flush()
        os.fsync(writing.fileno())
    return key
