"""Ways in which an answer arrives late, in part, or not at all."""

import asyncio

from aiohttp import web

BROKEN_SHARE = 0.7
"""How much of a body that ends early is sent."""


def as_json(body: bytes) -> web.Response:
    """An answer that arrives as it should."""
    return web.Response(body=body, content_type="application/json")


async def deliver(
    request: web.Request, body: bytes, kind: str, slow_seconds: float
) -> web.StreamResponse:
    """Send a body under a fault that is one of DELIVERIES."""
    if kind == "slow":
        await asyncio.sleep(slow_seconds)
        return as_json(body)
    if kind == "broken-json":
        return as_json(body[: int(len(body) * BROKEN_SHARE)])
    if kind == "timeout":
        await asyncio.Event().wait()
    if kind == "cut":
        return await _cut(request, body)
    return hang_up(request)


async def _cut(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = "application/json"
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    return hang_up(request, response)


def hang_up(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    """Close the connection; what is returned goes nowhere."""
    if request.transport:
        request.transport.close()
    return response or web.Response()
