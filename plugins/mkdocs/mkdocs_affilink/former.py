"""The site of an earlier build, kept until the new one is whole.

MkDocs empties the folder of the site before it reads the sources, and knows which of them are published only afterwards: what the
linter finds in them ends a build whose former site is gone by then.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from mkdocs.utils import clean_directory


class FormerSite:
    """What was in the folder of the site, beside it for the time of a build."""

    def __init__(self, folder: str) -> None:
        """Moves the files aside, or leaves all of them where one cannot be moved."""
        self._folder = Path(folder)
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        # as MkDocs: it neither writes nor removes hidden files
        entries = [entry.name for entry in os.scandir(folder) if not entry.name.startswith(".")] if self._folder.is_dir() else []
        if not entries:
            return
        with suppress(OSError):
            # on the same disk, where moving is renaming
            self._aside = tempfile.TemporaryDirectory(prefix=".former-site-", dir=self._folder.resolve().parent)
            try:
                for name in entries:
                    os.rename(self._folder / name, Path(self._aside.name) / name)
            except OSError:
                self._move_back()
                raise

    def put_back(self) -> None:
        """Has the former site stand in for what was written of the new one."""
        if self._aside:
            clean_directory(os.fspath(self._folder))
            self._move_back()

    def forget(self) -> None:
        """Removes it: the new site is whole."""
        if self._aside:
            self._aside.cleanup()
            self._aside = None

    def _move_back(self) -> None:
        if self._aside:
            for entry in os.scandir(self._aside.name):
                os.rename(entry.path, self._folder / entry.name)
            self.forget()
