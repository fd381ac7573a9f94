"""Signs what stands in an address, so that nobody can make or change one."""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

LONGEST = 200
"""Signs of a token that are looked at; ours have less than that."""


@dataclass(frozen=True)
class Signer:
    """Signs for one path: the token of one kind of address is none of another kind."""

    secret: str
    path: str

    def token(self, value: Any) -> str:
        """Return a token that holds a plain JSON value; who has it can read that."""
        return str(self._serializer().dumps(value))

    def read(self, token: str) -> Any:
        """Return what a token holds; None for one that is not, to the last sign, as we write it."""
        if not token.isascii():
            # We write no such sign, and half an emoji cannot even be compared.
            return None
        serializer = self._serializer()
        try:
            found = serializer.loads(token[:LONGEST])
        except BadSignature:
            return None
        # Base64 passes over signs that mean nothing: without this, many tokens would mean the same.
        written = str(serializer.dumps(found))
        same = compare_digest(written.encode(), token.encode())
        return found if same else None

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.secret,
            salt=self.path,
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )
