"""Who may talk to the page's server: this machine's own browser, on this page, and nobody else."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

_HEADERS = {
    # Nothing but our own files runs or is shown, and no string may become markup or script.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class RefusedError(web.HTTPException):
    """A request turned down: a status and a code, for which the page has the words."""

    def __init__(self, status: int, code: str) -> None:
        self.status_code = status
        super().__init__(text=f'{{"error":"{code}"}}', content_type="application/json")


@web.middleware
async def only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign hosts (a name rebound to this machine) and posts from other sites' pages."""
    hosts = own_hosts(request)
    if request.host.lower() not in hosts:
        raise RefusedError(403, "foreign-host")
    origin = request.headers.get("Origin")
    if request.method not in ("GET", "HEAD") and origin not in {f"http://{h}" for h in hosts}:
        raise RefusedError(403, "foreign-origin")
    return await handler(request)


def own_hosts(request: web.Request) -> frozenset[str]:
    """The names by which this very server may be called, with the port it listens on."""
    transport = request.transport
    port = transport.get_extra_info("sockname")[1] if transport else 0
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the protecting headers on every answer; caching only where a handler allows it."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
