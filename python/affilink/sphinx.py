"""An extension of Sphinx: `extensions = ["affilink.sphinx"]`.

Markdown sources are checked before Sphinx writes anything, the HTML is rewritten when it is written. What the linter finds are
Sphinx's warnings of the type `affilink`, so `-W` and `suppress_warnings` work on them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from affilink._binary import AffilinkError
from affilink._site import Site
from affilink._switch import switch_tag

log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx asks an extension for."""
    # those that change pages have Sphinx write all of them again
    app.add_config_value("affilink_enabled", True, "html", bool)
    app.add_config_value("affilink_config", None, "html", (str, type(None)))
    app.add_config_value("affilink_bin", None, "", (str, type(None)))
    app.add_config_value("affilink_fail_on", "never", "", str)
    app.add_config_value("affilink_manifest", None, "", (str, type(None)))
    # not for conf.py: what the configuration says
    app.add_config_value("affilink_digest", "", "html", str)
    app.connect("config-inited", _digest)
    app.connect("builder-inited", _prove)
    app.connect("env-before-read-docs", _check)
    # before Sphinx collects the metadata
    app.connect("doctree-read", _as_written, priority=400)
    app.connect("html-page-context", _tell)
    # behind whatever else waits for the end
    app.connect("build-finished", _build, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _wanted(app: Sphinx) -> bool:
    return app.config.affilink_enabled and app.builder.format == "html"


def _site(app: Sphinx) -> Site:
    return Site(app.confdir, app.config.affilink_config, app.config.affilink_bin)


def _digest(app: Sphinx, config: Config) -> None:
    """Has Sphinx write every page again where the configuration changed: those that are there hold its links."""
    if config.affilink_enabled:
        with suppress(AffilinkError, OSError):
            config.affilink_digest = _site(app).config_digest()


def _prove(app: Sphinx) -> None:
    """Reads the configuration, before Sphinx reads or writes anything."""
    if _wanted(app):
        with _told():
            _site(app).config_files()


def _check(app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Reads the Markdown that is published."""
    if not _wanted(app) or not any(suffix in (".md", ".markdown") for suffix in app.config.source_suffix):
        return
    fail_on = app.config.affilink_fail_on
    with _told():
        # the folder of sources often holds that of the output
        pages = [env.doc2path(name) for name in env.found_docs]
        findings, failed = _site(app).check(app.srcdir, fail_on, "**/*.{md,markdown}", pages)
    for finding in findings:
        where = f"{os.path.join(app.confdir, finding.path)}:{finding.line}"
        if finding.level == "info":
            log.info("%s: %s [affilink.%s]", where, finding.message, finding.rule)
        else:
            log.warning("%s", finding.message, location=where, type="affilink", subtype=finding.rule)
    if failed:
        with _told():
            raise AffilinkError(f"findings at or over `{fail_on}`, see above")


@contextmanager
def _told() -> Iterator[None]:
    """Ends the program where affilink cannot go on: an exception would have Sphinx print a traceback and ask for a report."""
    try:
        yield
    except AffilinkError as error:
        log.error("affilink: %s", error)
        raise SystemExit(2) from error


def _as_written(_app: Sphinx, doctree: nodes.document) -> None:
    """Takes smart quotes out of the field `affilink`."""
    for field in doctree.findall(nodes.field):
        name, body = field.children
        if name.astext() == "affilink":
            for paragraph in body.findall(nodes.paragraph):
                if paragraph.rawsource:
                    paragraph.children = [nodes.Text(paragraph.rawsource)]


def _tell(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Has the theme write into a page's head what its source says of affilink."""
    if _wanted(app):
        context["metatags"] = context.get("metatags", "") + switch_tag(app.env.metadata[pagename].get("affilink"))


def _build(app: Sphinx, exception: Exception | None) -> None:
    if exception or not _wanted(app):
        return
    builder: Any = app.builder
    pages = ((builder.get_outfilename(name), app.env.doc2path(name)) for name in app.env.found_docs)
    sources = {os.path.relpath(page, app.outdir): os.path.relpath(source, app.confdir) for page, source in pages}
    with _told():
        summary = _site(app).build(app.outdir, app.config.affilink_manifest, sources)
    for line in summary.splitlines():
        log.info("affilink: %s", line)
