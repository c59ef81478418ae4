"""Where the sandbox page is served: this machine only, since it has no passwords."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from pydantic import BaseModel, ConfigDict, Field, field_validator


class NotLoopbackError(ValueError):
    """The host would let other machines in; whoever opens the page may act as anybody on it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"the sandbox has no passwords, so it is served to this machine only: "
            f"use 127.0.0.1, ::1 or localhost, not {host!r}"
        )


class SandboxSettings(BaseModel):
    """Host and port of the page; port 0 takes a free one. Any host but this machine is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)

    @field_validator("host")
    @classmethod
    def _this_machine_only(cls, host: str) -> str:
        if host != "localhost" and not _is_loopback(host):
            raise NotLoopbackError(host)
        return host


def loopback_address(host: str, port: int) -> str:
    """The numeric address to listen on, looked up now: a name may come to mean another machine.

    Raises `NotLoopbackError` if any address of the host is not this machine's own.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        if not _is_loopback(address):
            raise NotLoopbackError(address)
    # One address is served; browsers try 127.0.0.1 for localhost wherever ::1 does not answer.
    return next((address for address in addresses if ":" not in address), addresses[0])


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
