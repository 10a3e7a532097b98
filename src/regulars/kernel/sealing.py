"""Secrets as they are kept: sealed with the installation's own, so that a copy of the database tells none.

Fernet (AES-128-CBC with HMAC-SHA256), its key derived by HKDF-SHA256 (RFC 5869).
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def seal(text: str, *, secret: str, use: str) -> str:
    """A text that only the same secret opens.

    Args:
        text: What nobody is to read.
        secret: Of the installation.
        use: What for; sealed for one use, it opens for no other.
    """
    return _fernet(secret, use).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, secret: str, use: str) -> str | None:
    """What was sealed, or None where the secret is another."""
    try:
        return _fernet(secret, use).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet(secret: str, use: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
