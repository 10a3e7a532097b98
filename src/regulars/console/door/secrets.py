"""How the secrets of second steps lie in the database: sealed with the installation's own secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


def seal(text: str) -> str:
    """What is written instead of a secret."""
    return _seal().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret again; None where it was sealed with another installation's."""
    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _seal() -> Fernet:
    digest = salted_hmac("regulars.console.door", "seal", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
