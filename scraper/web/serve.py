"""Serve the web application from a thread of the program that also does the work."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading

import anyio.to_thread
import uvicorn
from fastapi import FastAPI

from scraper.errors import ConfigError
from scraper.web import access
from scraper.web.app import create_app
from scraper.web.site import Site

_STOP_SECONDS = 5

AT_ONCE = 4
"""Pages that are made at the same time; the rest wait their turn. One interpreter makes twenty at once no sooner than
one after another, and each then waits for the slowest: with forty threads the worst of twenty readers waited 12 s."""

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter from others. Each row that SQLite hands over asks for it anew, and behind
a thread that is busy waits this long: at Python's own 5 ms a list of fifty stories took a quarter of a second."""


class WebServer:
    """The web application on a socket that is bound at once, so that a wrong address is told at the start.

    Attributes:
        address: Where a browser finds it.
    """

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._socket = _bound(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}/"
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()

    async def _serve(self) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Answer what is under way and close."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._socket.close()


def open_page(site: Site) -> WebServer:
    """The pages on the address that the settings name, bound but not begun.

    Raises:
        ConfigError: The address cannot be listened on, or others reach it and no password is set.
    """
    settings = site.config().settings.web
    access.check_host(access.load(site.data), settings.host)
    return WebServer(create_app(site), settings.host, settings.port)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's delay off: 40 ms a page on a connection that is kept.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen()  # who comes before the thread is ready waits instead of being refused
    except OSError as error:
        bound.close()
        raise ConfigError(
            [f"settings.toml: web: cannot listen on {host} port {port}: {error.strerror}; set another [web] port"]
        ) from error
    return bound
