"""A plugin of Pelican: `PLUGINS = ["affilink.pelican"]`.

Markdown sources are checked before Pelican reads them, the output is rewritten when it is written. Options stand in
`AFFILINK`, a dictionary with `enabled`, `config`, `bin`, `fail_on` and `manifest`.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from pelican import Pelican, signals  # type: ignore[import-untyped]

from affilink._binary import AffilinkError
from affilink._site import LEVELS, Site

log = logging.getLogger("affilink")

_DEFAULTS = {"enabled": True, "config": None, "bin": None, "fail_on": "never", "manifest": None}


def register() -> None:
    """What Pelican asks a plugin for."""
    signals.initialized.connect(_check)
    signals.finalized.connect(_build)


def _options(pelican: Pelican) -> dict[str, Any]:
    given = pelican.settings.get("AFFILINK") or {}
    unknown = [name for name in given if name not in _DEFAULTS]
    if unknown:
        raise AffilinkError(f"`{unknown[0]}` is no key of the setting AFFILINK; there are {', '.join(_DEFAULTS)}")
    return _DEFAULTS | given


def _site(options: dict[str, Any]) -> Site:
    return Site(os.getcwd(), options["config"], options["bin"])


def _check(pelican: Pelican) -> None:
    options = _options(pelican)
    if not options["enabled"]:
        return
    sources = os.path.relpath(pelican.settings["PATH"])
    findings, failed = _site(options).check(sources, options["fail_on"])
    for finding in findings:
        log.log(LEVELS[finding.level], "%s", finding)
    if failed:
        raise AffilinkError(f"findings at or over `{options['fail_on']}`, see above")


def _build(pelican: Pelican) -> None:
    options = _options(pelican)
    if not options["enabled"]:
        return
    summary = _site(options).build(os.path.abspath(pelican.settings["OUTPUT_PATH"]), options["manifest"])
    for line in summary.splitlines():
        log.info("%s", line)
