"""The program over a whole site: the sources checked, the output rewritten, a process each."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from affilink._binary import AffilinkError, find_binary

LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO}
"""The levels of findings, as `logging` has them."""


@dataclass(frozen=True)
class Finding:
    """What a rule of the linter reports about the user's file; lines and columns count from 1."""

    rule: str
    level: Literal["error", "warn", "info"]
    path: str
    line: int
    column: int
    message: str
    help: str | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message} [{self.rule}]"


@dataclass(frozen=True)
class Site:
    """A site in the folder `root`, which paths are told from and the configuration is looked for from.

    `config` names the configuration and `binary` the program, both optional.
    """

    root: str | os.PathLike[str]
    config: str | None = None
    binary: str | None = None

    def config_files(self) -> list[str]:
        """The files that the configuration is made of, absolute, for hosts that watch them.

        Raises `AffilinkError` where there is no program, no configuration or a broken one: ask before anything is written.
        """
        return self._run(["filter", "--config-files"]).stdout.splitlines()

    def config_digest(self) -> str:
        """What tells whether pages of an earlier build would be built alike: changes with the configuration and the program."""
        digest = hashlib.sha256(self._run(["--version"]).stdout.encode())
        for name in self.config_files():
            digest.update(Path(name).read_bytes())
        return digest.hexdigest()

    def check(
        self,
        sources: str | os.PathLike[str],
        fail_on: str = "never",
        include: str | None = None,
        pages: Iterable[str | os.PathLike[str]] | None = None,
    ) -> tuple[list[Finding], bool]:
        """What the linter finds in a folder of sources, and whether any of it is at or over the level `fail_on`.

        `fail_on` is `error`, `warn`, `info` or `never`. Pages are judged as they will be built; `include` is a glob that stands
        in for the configuration's `files.include`. Of `pages`, which are published, paths may lead nowhere or to other files;
        without them all are read.
        """
        level = [] if fail_on == "never" else ["--fail-on", fail_on]
        only = ["--include", include] if include else []
        listed = None
        if pages is not None:
            only += ["--pages-from", "-"]
            paths = (os.path.abspath(os.path.join(self.root, page)) for page in pages)
            listed = "".join(f"{path}\n" for path in paths if "\n" not in path and os.path.isfile(path))
        ran = self._run(["check", os.fspath(sources), "--format", "json", "--as", "built", *level, *only], listed)
        report = json.loads(ran.stdout)["findings"]
        findings = [Finding(**{name: entry.get(name) for name in Finding.__annotations__}) for entry in report]
        return findings, fail_on != "never" and ran.returncode == 1

    def build(self, output: str | os.PathLike[str], manifest: str | None = None, sources: Mapping[str, str] | None = None) -> str:
        """Rewrites the pages of an output folder and gives the summary.

        A page that would be refused is an error before the first one is written: the site is rewritten whole or not at all.
        `sources` has the user's files by the names of the pages that were made of them, for the messages.
        """
        folder = os.fspath(output)
        try:
            record = ["--manifest", os.path.abspath(os.path.join(self.root, manifest))] if manifest else []
            return self._run(["build", folder, "--in-place", "--all-or-nothing", *record]).stdout.strip()
        except AffilinkError as error:
            raise AffilinkError(_with_sources(str(error), sources or {})) from error

    def _run(self, arguments: list[str], told: str | None = None) -> subprocess.CompletedProcess[str]:
        named = ["--config", self.config] if self.config else []
        command = [find_binary(self.binary), *arguments, "--color", "never", *named]
        try:
            ran = subprocess.run(command, cwd=self.root, input=told or "", capture_output=True, encoding="utf-8", check=False)
        except OSError as error:
            raise AffilinkError(f"cannot run `{command[0]}`: {error}") from error
        if ran.returncode not in (0, 1):
            # what stopped a build stands in its summary; what a check prints there is for machines
            texts = (ran.stdout if "--format" not in arguments else "", ran.stderr)
            said = "\n".join(text.strip() for text in texts if text.strip())
            raise AffilinkError(said or f"`{' '.join(command)}` ended with {ran.returncode}")
        return ran


def _with_sources(message: str, sources: Mapping[str, str]) -> str:
    def named(found: re.Match[str]) -> str:
        source = sources.get(found[1])
        return f"{found[0]} (made of `{source}`)" if source else found[0]

    return re.sub(r"^error: (.+?)(?=: )", named, message, flags=re.MULTILINE)
