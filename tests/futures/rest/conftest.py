"""A REST service whose answers a test chooses, over real sockets."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from p2p_scrapy.futures.rest import RestClient


class LeapingClock:
    """A wait for nothing but time leaps over it; one for an answer waits until it is here."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        if seconds is None:
            await event.wait()
        elif not event.is_set():
            self.seconds += seconds


class Service:
    """What is asked of it, and what it answers: ``answer`` is called once a question."""

    def __init__(self, clock: LeapingClock) -> None:
        self.clock = clock
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.answer: Callable[[], Any] = lambda: web.Response(body=b"[]")

    async def handle(self, request: web.Request) -> Any:
        self.asked.append((self.clock.seconds, request.path, dict(request.query)))
        answer = self.answer()
        return await answer if asyncio.iscoroutine(answer) else answer


@pytest.fixture
def service() -> Service:
    return Service(LeapingClock())


@pytest.fixture
def ask(service: Service) -> Callable[..., Any]:
    """Do something with a client of the service."""

    async def run(work: Callable[[RestClient], Any]) -> Any:
        application = web.Application()
        application.router.add_get("/{path:.*}", service.handle)
        runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        client = RestClient(f"http://127.0.0.1:{port}", service.clock, 5.0)
        try:
            return await work(client)
        finally:
            await client.close()
            await runner.cleanup()

    return lambda work: asyncio.run(run(work))


@pytest.fixture
def answering(service: Service) -> Callable[..., None]:
    """The service answers every question with this."""

    def answer(status: int, body: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        service.answer = lambda: web.Response(status=status, body=body, headers=named)

    return answer
