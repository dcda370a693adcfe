"""Serve the web application from a thread of the program that also does the work."""

from __future__ import annotations

import socket
import threading

import uvicorn
from fastapi import FastAPI

from scraper.errors import ConfigError
from scraper.web import access
from scraper.web.app import create_app
from scraper.web.site import Site

_STOP_SECONDS = 5


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
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True
        )

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

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
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ConfigError(
            [f"settings.toml: web: cannot listen on {host} port {port}: {error.strerror}; set another [web] port"]
        ) from error
    return bound
