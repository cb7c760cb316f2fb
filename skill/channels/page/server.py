"""Serves the page: a document, its style and script, a stream of views, and the few things that a page can do.

Nothing is answered without the secret in the path, under a foreign `Host`, or to another page's `Origin`.
"""

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skill.channels.page.board import Board
from skill.channels.page.door import Door
from skill.errors import CharleyError

FILES: Final = Path(__file__).parent / "files"
#: Bytes that a page may send at once: a long sentence, and no more.
_LARGEST: Final = 4096
#: Seconds of quiet after which a page is sent a sign of life, which also finds those that have gone.
_SIGN: Final = 10.0
#: What a browser may load and do here: this page's own files and nothing else.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

#: The same for a document that brings its style with it.
_STYLED: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Document:
    """Something to read beside the conversation."""

    name: str
    """Of its address."""
    make: Callable[[], str]
    """Its text, when it is asked for. May raise CharleyError, whose sentence is shown in its place."""
    media_type: str = "text/html"
    styled: bool = False
    """Whether it brings its style with it."""
    label: str = ""
    """Of the link that leads to it; none where it is empty."""


class Server:
    """A web server in a thread of its own."""

    def __init__(self, board: Board, door: Door, document: str, more: Sequence[Document]) -> None:
        """`document`: the page as HTML. `more`: further documents, each made when it is asked for."""
        self._stream = _Stream(board)
        app = _Guard(_application(board, door, document, more, self._stream), door)
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [door.socket]}, name="page", daemon=True
        )

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def close(self) -> None:
        """Say goodbye to every page, and stop."""
        self._stream.end()
        self._server.should_exit = True
        self._thread.join(3.0)


class _Stream:
    """The views, to every page that asks for them."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._waking: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._ended = False
        board.watch(self._wake)

    def end(self) -> None:
        self._ended = True
        self._wake()

    async def views(self) -> AsyncIterator[bytes]:
        """The view as it is, and each later one, as server-sent events."""
        waker = (asyncio.get_running_loop(), asyncio.Event())
        self._waking.add(waker)
        self._board.arrive()
        try:
            while not self._ended:
                waker[1].clear()
                yield f"data: {json.dumps(asdict(self._board.view), ensure_ascii=False)}\n\n".encode()
                while not self._ended and not waker[1].is_set():
                    try:
                        await asyncio.wait_for(waker[1].wait(), _SIGN)
                    except TimeoutError:
                        yield b": still here\n\n"
            yield b"event: gone\ndata:\n\n"
        finally:
            self._waking.discard(waker)
            self._board.leave()

    def _wake(self) -> None:
        for loop, event in tuple(self._waking):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)


class _Guard:
    """Lets in who names this machine rightly, comes from this very page and sends little; adds the headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        origin, host = request.headers.get("origin"), request.headers.get("host", "")
        foreign = origin is not None and origin != f"http://{host}"
        posted = request.method == "POST"
        if not self._door.is_ours(host) or foreign or (posted and origin is None):
            await PlainTextResponse("This page answers to its own address alone.\n", 403)(scope, receive, sealed)
        elif posted and not 0 <= _length(request) <= _LARGEST:
            await PlainTextResponse("That is too long.\n", 413)(scope, receive, sealed)
        else:
            await self._app(scope, receive, sealed)


def _length(request: Request) -> int:
    """Bytes that follow; -1 where nobody says how many."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else -1


def _application(board: Board, door: Door, document: str, more: Sequence[Document], stream: _Stream) -> Starlette:
    async def page(_: Request) -> Response:
        return HTMLResponse(document)

    async def events(_: Request) -> Response:
        return StreamingResponse(stream.views(), media_type="text/event-stream")

    async def answer(request: Request) -> Response:
        match await _sent(request):
            case {"moment": int(moment), "line": str(line)}:
                taken = board.press(moment, line)
            case _:
                return PlainTextResponse("A moment and a line are wanted.\n", 400)
        return JSONResponse({"taken": taken}, 200 if taken else 409)

    async def again(_: Request) -> Response:
        return JSONResponse({}, 200 if board.begin_again() else 409)

    async def touch(_: Request) -> Response:
        board.touch()
        return JSONResponse({})

    async def ticket(_: Request) -> Response:
        return PlainTextResponse(door.ticket())

    async def enter(request: Request) -> Response:
        if door.admits(request.path_params["ticket"]):
            return RedirectResponse(f"/{door.token}/", 303)
        return _nothing()

    inside = [
        Route("/", page),
        Route("/page.css", _file("page.css", "text/css")),
        Route("/page.js", _file("page.js", "text/javascript")),
        Route("/events", events),
        Route("/answer", answer, methods=["POST"]),
        Route("/again", again, methods=["POST"]),
        Route("/touch", touch, methods=["POST"]),
        Route("/ticket", ticket, methods=["POST"]),
        *(Route(f"/{one.name}", _document(one)) for one in more),
    ]
    secret = Starlette(routes=inside)

    async def with_secret(scope: Scope, receive: Receive, send: Send) -> None:
        token = scope["path_params"].get("token", "") if scope["type"] == "http" else ""
        known = secrets.compare_digest(token.encode(), door.token.encode())
        await (secret if known else _nothing())(scope, receive, send)

    outside = Starlette(routes=[Route("/open/{ticket}", enter), Mount("/{token}", app=with_secret)])
    outside.router.redirect_slashes = False  # what is not there leads nowhere
    return outside


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here. Use the address that Charley printed.\n", 404)


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    content = (FILES / name).read_text(encoding="utf-8")

    async def serve(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return serve


def _document(document: Document) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_: Request) -> Response:
        try:
            made = await asyncio.to_thread(document.make)
        except CharleyError as problem:
            return PlainTextResponse(f"{problem}\n", 500)
        policy = {"Content-Security-Policy": _STYLED} if document.styled else {}
        return Response(made, headers=policy, media_type=document.media_type)

    return serve


async def _sent(request: Request) -> Any:
    """The JSON that a page has sent; None where it is none."""
    try:
        return json.loads(await request.body())
    except ValueError:
        return None
