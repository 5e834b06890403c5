"""A plugin of Pelican: `PLUGINS = ["affilink.pelican"]`.

The sources of what is published are checked before Pelican writes anything, the output is rewritten when it is written. Options
stand in `AFFILINK`, a dictionary with `enabled`, `config`, `bin`, `fail_on` and `manifest`.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from pelican import Pelican, signals  # type: ignore[import-untyped]
from pelican.generators import Generator  # type: ignore[import-untyped]

from affilink._binary import AffilinkError
from affilink._site import LEVELS, Site
from affilink._switch import with_switch

log = logging.getLogger("affilink")

_DEFAULTS = {"enabled": True, "config": None, "bin": None, "fail_on": "never", "manifest": None}

# the user's files by the names of the pages that are made of them; Pelican hands its generators to no later signal
_sources: dict[str, str] = {}


def register() -> None:
    """What Pelican asks a plugin for."""
    signals.initialized.connect(_prove)
    signals.all_generators_finalized.connect(_check)
    signals.content_written.connect(_tell)
    signals.finalized.connect(_build)


def _options(settings: dict[str, Any]) -> dict[str, Any]:
    given = settings.get("AFFILINK") or {}
    unknown = [name for name in given if name not in _DEFAULTS]
    if unknown:
        raise AffilinkError(f"`{unknown[0]}` is no key of the setting AFFILINK; there are {', '.join(_DEFAULTS)}")
    return _DEFAULTS | given


def _site(options: dict[str, Any]) -> Site:
    return Site(os.getcwd(), options["config"], options["bin"])


def _prove(pelican: Pelican) -> None:
    """Reads the configuration, before Pelican touches the output."""
    options = _options(pelican.settings)
    if options["enabled"]:
        _site(options).config_files()


def _check(generators: list[Generator]) -> None:
    """Reads the sources that are published, when Pelican has read them all and has written nothing."""
    settings, context = generators[0].settings, generators[0].context
    options = _options(settings)
    if not options["enabled"]:
        return
    contents = [*context["generated_content"].values(), *context["static_content"].values()]
    # a source that Pelican could not read, and told of, is there without a content
    contents = [content for content in contents if content]
    _sources.clear()
    _sources.update((os.path.normpath(content.save_as), os.path.relpath(content.source_path)) for content in contents)
    pages = [content.source_path for content in contents if getattr(content, "status", None) != "draft"]
    findings, failed = _site(options).check(os.path.relpath(settings["PATH"]), options["fail_on"], pages=pages)
    for finding in findings:
        log.log(LEVELS[finding.level], "%s", finding)
    if failed:
        raise AffilinkError(f"findings at or over `{options['fail_on']}`, see above")


def _tell(path: str, context: dict[str, Any]) -> None:
    """Writes into a page what its source says of affilink."""
    content = context.get("article") or context.get("page")
    said = content.metadata.get("affilink") if content else None
    if said is None or not _options(context)["enabled"]:
        return
    # as Pelican writes it
    page = Path(path)
    with page.open(encoding="utf-8", newline="") as file:
        text = file.read()
    with page.open("w", encoding="utf-8", newline="") as file:
        file.write(with_switch(text, said))


def _build(pelican: Pelican) -> None:
    options = _options(pelican.settings)
    if not options["enabled"]:
        return
    summary = _site(options).build(os.path.abspath(pelican.settings["OUTPUT_PATH"]), options["manifest"], _sources)
    for line in summary.splitlines():
        log.info("%s", line)
