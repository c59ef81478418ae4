"""The seal on WeCom's calls: a signature over each, and AES that the company's key alone opens."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from binascii import a2b_base64
from dataclasses import dataclass

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_SALT_BYTES = 16
_LENGTH_BYTES = 4
_HEAD_BYTES = _SALT_BYTES + _LENGTH_BYTES


class NotGenuine(Exception):
    """This does not bear the company's seal. The words never repeat what was sent."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands beside something sealed: the signature over it, and what else was signed."""

    signature: str
    timestamp: str
    nonce: str


class Seal:
    """Opens and makes what is sealed with one app's token and EncodingAESKey.

    `receive_id` is whom it must be meant for: the corp id of a company's own app and of 微信客服;
    empty where WeCom leaves it out. Raises ValueError for a key that is none.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        self._token = token
        self._receive_id = receive_id.encode()
        key = b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        # WeCom pads to 32 bytes, though a block has 16: with the usual 16 half of all calls fail.
        self._padding = padding.PKCS7(256)

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature over these, in hexadecimal; which of them is which is not signed."""
        signed = "".join(sorted((self._token, timestamp, nonce, encrypted)))
        return hashlib.sha1(_bytes(signed)).hexdigest()  # noqa: S324 - what WeCom signs with

    def stamp(self, encrypted: str, timestamp: str, nonce: str) -> Stamp:
        """What goes beside something sealed."""
        return Stamp(self.signature(timestamp, nonce, encrypted), timestamp, nonce)

    def seal(self, message: bytes) -> str:
        """The message for whom this seal is made, encrypted, in base64."""
        head = os.urandom(_SALT_BYTES) + len(message).to_bytes(_LENGTH_BYTES, "big")
        padder = self._padding.padder()
        padded = padder.update(head + message + self._receive_id) + padder.finalize()
        encryptor = self._cipher.encryptor()
        return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, encrypted: str, stamp: Stamp) -> bytes:
        """The message. Raises NotGenuine; nothing is decrypted under a wrong signature."""
        expected = self.signature(stamp.timestamp, stamp.nonce, encrypted)
        if not hmac.compare_digest(_bytes(stamp.signature), _bytes(expected)):
            raise NotGenuine("signature")
        return self._message(self._decrypt(encrypted))

    def _decrypt(self, encrypted: str) -> bytes:
        decryptor = self._cipher.decryptor()
        unpadder = self._padding.unpadder()
        try:
            sealed = a2b_base64(encrypted, strict_mode=True)
            padded = decryptor.update(sealed) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            # Its own words would quote a character of what was sent.
            raise NotGenuine("encryption") from None

    def _message(self, plain: bytes) -> bytes:
        end = _HEAD_BYTES + int.from_bytes(plain[_SALT_BYTES:_HEAD_BYTES], "big")
        if len(plain) != end + len(self._receive_id):
            raise NotGenuine("length")
        if plain[end:] != self._receive_id:
            raise NotGenuine("receiveid")
        return plain[_HEAD_BYTES:end]


def _bytes(text: str) -> bytes:
    """Also of what is no Unicode: half a surrogate may stand in an address."""
    return text.encode(errors="replace")
