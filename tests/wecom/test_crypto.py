"""The seal agrees with WeCom's own samples and with another library, and opens nothing else."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.work.crypto import WeChatCrypto

from bot.channels.wecom.calls.crypto import NotGenuine, Seal, Stamp
from bot.channels.wecom.calls.markup import read_xml, text
from tests.wecom.calls import AES_KEY, CORP, PEER, SEAL, TOKEN, stamped

KEY = bytes.fromhex("8d69989bbaabe67328014c194631ad0719b3dca035b64023df292447aab60760")
OTHER_KEY = "a" * 42 + "A"


class Sample:
    """Something WeCom's documents, or another library, have sealed."""

    def __init__(
        self, salt: str, message: str, encrypted: str, stamp: Stamp, receive_id: str = CORP
    ) -> None:
        self.salt = salt.encode()
        self.message = message.encode()
        self.encrypted = encrypted
        self.stamp = stamp
        self.seal = Seal(TOKEN, AES_KEY, receive_id)


def _ours(message: str, encrypted: str, signature: str, receive_id: str = CORP) -> Sample:
    stamp = Stamp(signature, "1700000000", "n1")
    return Sample("0123456789abcdef", message, encrypted, stamp, receive_id)


V6 = (
    "sKqRbbiSUnDhFHOvPjtUMS1Nd7fI/rcjsVC1btvu0fmrCwNN39ALC5WIhyzhiSe/"
    "DJmXnNV7eRA2j6lJACJANf5Uwcqjd6aUyfMJBUYulBZJHjfzchd14r1SiKn7O/aK"
)

SAMPLES = {
    "V1 verification": Sample(
        "c41b64491c2468d0",
        "1616140317555161061",
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
        Stamp("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780"),
    ),
    "V2 message": Sample(
        "0960688932c47ef1",
        "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n"
        "<FromUserName><![CDATA[mycreate]]></FromUserName>\n"
        "<CreateTime>1409659813</CreateTime>\n"
        "<MsgType><![CDATA[text]]></MsgType>\n"
        "<Content><![CDATA[hello]]></Content>\n"
        "<MsgId>4561255354251345929</MsgId>\n"
        "<AgentID>218</AgentID>\n"
        "</xml>",
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
        Stamp("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"),
    ),
    "V3 kf event": _ours(
        "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><CreateTime>1700000000"
        "</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]>"
        "</Event><Token><![CDATA[TOK1]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>",
        "sKqRbbiSUnDhFHOvPjtUMRLsiDK+XUFs5JTBolijj6TuBBYeW5sv4w999agWVVqOozfrMMYtjbyd88E8dUsGx2eFUPxbR2DH/fpz3VJ4JQl/vZBiXV+JUA+9pn7AHb4MsdktTlJmbAXs5VZqFI1ySmDPwU6aIYJEc3/lkTAs6nAhW2NB0phJOofpDrslI2RhluNOqDtiMcml4cs1Cq0p1GGIIzT8tia4QMv6ecRSHYPyh0Rhwpqn8MOpRVlU2cjC7moI4tipVoNOhQIckT0n6K1EyQR48sf2xg0Yjh8d75g5ylnNSk6hRtuF8YUmqJBMBQJxnde2kDuDF2zJjUj2LAM3iUmtnXveDa8lQJEMboSXpPPM42IfhlOePpOi7a9M",
        "7401fb3037e4b502c6b924a071e703756a2ef2f0",
    ),
    "V4 Chinese": _ours(
        "<xml><Content><![CDATA[你好]]></Content></xml>",
        "sKqRbbiSUnDhFHOvPjtUMUEzloWPcaYNMsicnqLJL3iI+01AYWwMhwhsbWcmXPZpVcrcG+btVni9ei4Csvb3fNLgbN3fZ326ti6/QEJNgQAGf4V6LskOfIRT3lvm5cKY",
        "002d1080b31c6fbd49a5d6ff1eb724360aafb7ee",
    ),
    "V5 for nobody named": _ours(
        '{"a":1}',
        "sKqRbbiSUnDhFHOvPjtUMcinhN3yWU1yAhjw+7dix1E=",
        "e677e1048673324cd576862e04e8b61a54a18707",
        receive_id="",
    ),
    "V6 a whole block of padding": _ours(
        "a" * 26,
        V6,
        SEAL.signature("1700000000", "n1", V6),
    ),
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_opens(sample: Sample) -> None:
    assert sample.seal.open(sample.encrypted, sample.stamp) == sample.message


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_is_sealed_to_the_same_letters(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "urandom", lambda _count: sample.salt)
    encrypted = sample.seal.seal(sample.message)
    monkeypatch.undo()
    assert encrypted == sample.encrypted
    timestamp, nonce = sample.stamp.timestamp, sample.stamp.nonce
    assert sample.seal.stamp(encrypted, timestamp, nonce) == sample.stamp


def test_two_seals_on_one_message_differ() -> None:
    assert SEAL.seal(b"hello") != SEAL.seal(b"hello")


def _peer_opens(encrypted: str, stamp: Stamp) -> object:
    return PEER.decrypt_message(
        {"Encrypt": encrypted}, stamp.signature, stamp.timestamp, stamp.nonce
    )


def _peer_seals(message: str) -> tuple[str, Stamp]:
    reply = read_xml(PEER.encrypt_message(message, "n1", "1700000000").encode())
    stamp = Stamp(text(reply, "MsgSignature"), text(reply, "TimeStamp"), text(reply, "Nonce"))
    return text(reply, "Encrypt"), stamp


def test_every_length_of_padding_is_read_by_the_other_library_and_by_us() -> None:
    pads = set()
    for length in range(201):
        message = "a" * length
        encrypted = SEAL.seal(message.encode())
        assert _peer_opens(encrypted, stamped(encrypted)) == message
        assert SEAL.open(*_peer_seals(message)) == message.encode()
        pads.add(32 - (20 + length + len(CORP)) % 32)
    assert pads == set(range(1, 33))


@settings(max_examples=150, deadline=None)
@given(message=st.text(max_size=200), timestamp=st.text(max_size=12), nonce=st.text(max_size=12))
def test_the_other_library_opens_what_we_seal(message: str, timestamp: str, nonce: str) -> None:
    encrypted = SEAL.seal(message.encode())
    stamp = SEAL.stamp(encrypted, timestamp, nonce)
    assert _peer_opens(encrypted, stamp) == message
    assert SEAL.open(encrypted, stamp) == message.encode()


@settings(max_examples=150, deadline=None)
@given(message=st.text(max_size=200))
def test_we_open_what_the_other_library_seals(message: str) -> None:
    assert SEAL.open(*_peer_seals(message)) == message.encode()


def _refused(encrypted: str, stamp: Stamp | None = None, seal: Seal = SEAL) -> str:
    """Why it is not opened; by default under a signature that is right."""
    with pytest.raises(NotGenuine) as refusal:
        seal.open(encrypted, stamp or stamped(encrypted, seal))
    return str(refusal.value)


def _encrypted(plain: bytes, pad_to: int = 256) -> str:
    padder = padding.PKCS7(pad_to).padder()
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


@pytest.mark.parametrize("wrong", ["", "0" * 40, "密" * 40, "\udcff"])
def test_nothing_is_decrypted_under_a_wrong_signature(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = Seal(TOKEN, AES_KEY, CORP)
    encrypted = seal.seal(b"hello")

    class NobodyDecrypts:
        def decryptor(self) -> None:
            raise AssertionError("decrypted before the signature was checked")

    monkeypatch.setattr(seal, "_cipher", NobodyDecrypts())
    assert _refused(encrypted, Stamp(wrong, "1700000000", "n1"), seal) == "signature"
    with pytest.raises(AssertionError):
        seal.open(encrypted, stamped(encrypted, seal))


@pytest.mark.parametrize("changed", ["signature", "timestamp", "nonce", "encrypted"])
def test_everything_that_is_signed_counts(changed: str) -> None:
    encrypted = SEAL.seal(b"hello")
    parts = {"timestamp": "1700000000", "nonce": "n1", "encrypted": encrypted}
    parts["signature"] = SEAL.signature(**parts)
    assert SEAL.open(parts["encrypted"], _stamped_as(parts)) == b"hello"
    parts[changed] = ("1" if parts[changed][0] == "0" else "0") + parts[changed][1:]
    assert _refused(parts["encrypted"], _stamped_as(parts)) == "signature"


def _stamped_as(parts: dict[str, str]) -> Stamp:
    return Stamp(parts["signature"], parts["timestamp"], parts["nonce"])


def test_another_token_is_told_by_the_signature() -> None:
    encrypted, stamp = _peer_seals("hello")
    assert _refused(encrypted, stamp, Seal("QDG6eL", AES_KEY, CORP)) == "signature"


@pytest.mark.parametrize("receive_id", ["", "wx5823bf96d3bd56c", "wx5823bf96d3bd56c77", "WX5823BF"])
def test_what_is_meant_for_another_company_is_not_opened(receive_id: str) -> None:
    peer = WeChatCrypto(TOKEN, AES_KEY, receive_id)
    reply = read_xml(peer.encrypt_message("hello", "n1", "1700000000").encode())
    assert _refused(text(reply, "Encrypt")) == "length"
    assert _refused(SEAL.seal(b"hello"), seal=Seal(TOKEN, AES_KEY, receive_id)) == "length"


def test_a_company_whose_id_is_as_long_is_another_too() -> None:
    other = Seal(TOKEN, AES_KEY, CORP[:-1] + "8")
    assert _refused(other.seal(b"hello")) == "receiveid"


@settings(max_examples=100, deadline=None)
@given(message=st.binary(max_size=80))
def test_what_another_key_has_sealed_is_not_opened(message: bytes) -> None:
    assert _refused(Seal(TOKEN, OTHER_KEY, CORP).seal(message)) in ("encryption", "length")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda good: good[:-4],
        lambda good: good[:-1],
        lambda good: good[: len(good) // 2],
        lambda good: good + "\n",
        lambda good: " " + good,
        lambda good: good + "====",
        lambda good: good + "AAAA",
        lambda good: good[:8] + "-_" + good[10:],
        lambda good: good[:8] + "密码" + good[10:],
        lambda good: good[:8] + "\udcff" + good[9:],
    ],
)
def test_base64_and_blocks_are_read_strictly(spoil: Callable[[str], str]) -> None:
    assert _refused(spoil(SEAL.seal(b"hello"))) == "encryption"


@pytest.mark.parametrize("length", [0, 4, 6, 5 + len(CORP), 6 + len(CORP), 2**32 - 1])
def test_a_length_that_lies_is_not_believed(length: int) -> None:
    plain = bytes(16) + length.to_bytes(4, "big") + b"hello" + CORP.encode()
    assert _refused(_encrypted(plain)) == "length"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 19])
def test_what_is_too_short_to_hold_a_length_is_not_a_message_for_nobody(size: int) -> None:
    nobody = Seal(TOKEN, AES_KEY, "")
    assert _refused(_encrypted(bytes(size)), seal=nobody) == "length"
    assert nobody.open(_encrypted(bytes(20)), stamped(_encrypted(bytes(20)), nobody)) == b""


def test_a_receiver_that_is_no_text_is_another() -> None:
    plain = bytes(16) + (5).to_bytes(4, "big") + b"hello" + b"\xff" * len(CORP)
    assert _refused(_encrypted(plain)) == "receiveid"


@pytest.mark.parametrize("aes_key", ["", "a" * 20, "密" * 43])
def test_a_key_that_is_none_is_refused(aes_key: str) -> None:
    with pytest.raises(ValueError):
        Seal(TOKEN, aes_key, CORP)
