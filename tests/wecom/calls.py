"""Calls as WeCom makes them: its documents' sample app, sealed by us and by another library."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from wechatpy.work.crypto import WeChatCrypto

from bot.channels.wecom.calls.crypto import Seal, Stamp

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP = "wx5823bf96d3bd56c7"
AGENT = 1000002

SEAL = Seal(TOKEN, AES_KEY, CORP)
PEER = WeChatCrypto(TOKEN, AES_KEY, CORP)

HELLO = (
    "<xml><ToUserName>ww1</ToUserName><FromUserName>ZhangSan</FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>你好</Content>"
    "<MsgId>1234567890123456</MsgId><AgentID>1000002</AgentID></xml>"
)


def event(name: str, **fields: str) -> str:
    """The XML of an event in our app, with these further fields."""
    given = {
        "ToUserName": CORP,
        "FromUserName": "ZhangSan",
        "CreateTime": "1700000000",
        "MsgType": "event",
        "Event": name,
        "AgentID": str(AGENT),
        **fields,
    }
    root = Element("xml")
    for tag, value in given.items():
        SubElement(root, tag).text = value
    return tostring(root, encoding="unicode")


def stamped(encrypted: str, seal: Seal = SEAL) -> Stamp:
    """A signature that is right."""
    return seal.stamp(encrypted, "1700000000", "n1")


def query(stamp: Stamp) -> dict[str, str]:
    """What stands in a call's address."""
    return {
        "msg_signature": stamp.signature,
        "timestamp": stamp.timestamp,
        "nonce": stamp.nonce,
    }


def envelope(encrypted: str) -> bytes:
    """What a call carries."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()
