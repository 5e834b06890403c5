"""The program as a process that stays: one page in, one page out (`affilink filter --serve`, JSON Lines)."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import threading
from typing import IO, Any, cast

from affilink._binary import AffilinkError, find_binary
from affilink._site import Site


class Server:
    """A process for the pages of a site, started with the first of them; threads may share it, forks get one of their own."""

    def __init__(self, site: Site) -> None:
        """Starts nothing yet."""
        self._site = site
        self._lock = threading.Lock()
        self._running: _Process | None = None
        atexit.register(self.close)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; raises `AffilinkError` where the program does not run or cannot do its job."""
        with self._lock:
            if self._running is None or self._running.pid != os.getpid():
                self._running = _Process(self._site)
            answer = self._running.ask(json.dumps(request))
            if not answer:
                ended, self._running = self._running, None
                raise AffilinkError(ended.end())
            return cast("dict[str, Any]", json.loads(answer))

    def close(self) -> None:
        """Ends the process."""
        process, self._running = self._running, None
        if process and process.pid == os.getpid():
            process.end()


class _Process:
    def __init__(self, site: Site) -> None:
        named = ["--config", site.config] if site.config else []
        self._command = [find_binary(site.binary), "filter", "--serve", *named]
        try:
            self._process = subprocess.Popen(
                self._command,
                cwd=site.root,
                encoding="utf-8",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise AffilinkError(f"cannot run `{self._command[0]}`: {error}") from error
        # whose it is: a fork must not talk to it
        self.pid = os.getpid()

    def ask(self, line: str) -> str:
        """The line that answers a line; empty where the process has ended."""
        stdin, stdout = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        try:
            stdin.write(line + "\n")
            stdin.flush()
        except BrokenPipeError:
            return ""
        return stdout.readline()

    def end(self) -> str:
        """Waits for the end and gives what was said of it."""
        try:
            said = self._process.communicate()[1]
        except BrokenPipeError:
            said = cast("IO[str]", self._process.stderr).read()
        return said.strip() or f"`{' '.join(self._command)}` ended with {self._process.wait()}"
