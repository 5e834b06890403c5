"""Where the `affilink` program is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path


class AffilinkError(Exception):
    """affilink could not do its job. The message is meant for the person who builds the site."""


def find_binary(option: str | os.PathLike[str] | None = None) -> str:
    """The path of the program: `option`, else the variable `AFFILINK_BIN`, else the one of this package, else on PATH.

    Raises `AffilinkError` where there is none, or where what was named is no program.
    """
    for name, value in (("the option", option), ("AFFILINK_BIN", os.environ.get("AFFILINK_BIN"))):
        if value:
            named = shutil.which(os.path.expanduser(value))
            if named is None:
                raise AffilinkError(f"{name} names `{value}`, which is no program that can be run")
            return os.path.abspath(named)
    found = next((str(path) for path in _bundled() if path.is_file()), None) or shutil.which("affilink")
    if found is None:
        raise AffilinkError(
            "the program `affilink` is missing: install it (`pip install affilink`, `cargo install affilink`) so that it is "
            "on PATH, or name it in the variable AFFILINK_BIN"
        )
    return found


def _bundled() -> list[Path]:
    """Where pip puts the program of this package: the environment's scripts, the user's, those beside `--target`."""
    name = "affilink.exe" if sys.platform == "win32" else "affilink"
    user = sysconfig.get_preferred_scheme("user")
    beside = os.fspath(Path(__file__).resolve().parent.parent / "bin")
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", scheme=user), beside]
    return [Path(folder) / name for folder in folders]
