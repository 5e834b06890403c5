"""An extension of Python-Markdown: what Markdown becomes is rewritten before anybody else sees it.

It serves Zensical, where it knows the page, its front matter and the folder of sources, and whatever else takes extensions
of Python-Markdown. The whole HTML of a page goes to the program, so raw HTML is read as well and the notice is put in.
"""

from __future__ import annotations

import logging
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from affilink._binary import AffilinkError
from affilink._serve import Server
from affilink._site import LEVELS, Site
from affilink._switch import with_switch

log = logging.getLogger("affilink")


class AffilinkExtension(Extension):
    """The extension `affilink`."""

    def __init__(self, **options: Any) -> None:
        """Takes the options below."""
        self.config = {
            "config": ["", "The configuration; without it `affiliates.yaml`, in `root` or above"],
            "bin": ["", "The program; without it AFFILINK_BIN, the one that came with the package, the one on PATH"],
            "root": ["", "The folder that paths are told from; without it the working directory"],
            "sources": ["", "The folder whose Markdown the linter reads, once; Zensical says it by itself"],
            "fail_on": ["never", "The level of findings that ends the build: error, warn, info or never"],
            "path": ["", "The name of the page, from the folder of sources; Zensical says it by itself"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Comes last: behind what puts raw HTML back."""
        whole = _Whole(md)
        md.treeprocessors.register(whole, "affilink", -100)
        md.postprocessors.register(_Affilink(md, whole, self.getConfigs()), "affilink", -100)


class _Whole(Treeprocessor):
    """Tells when the tree is done, and what is written next the whole page: `toc` has headings written on their own before."""

    done = False

    def run(self, root: object) -> None:
        self.done = True


class _Affilink(Postprocessor):
    def __init__(self, md: Markdown, whole: _Whole, options: dict[str, str]) -> None:
        super().__init__(md)
        self._whole = whole
        self._options = options
        self._site = Site(options["root"] or os.getcwd(), options["config"] or None, options["bin"] or None)

    def run(self, text: str) -> str:
        if not self._whole.done:
            return text
        self._whole.done = False
        # Zensical, `zensical/extensions/context.py`
        context: Any = self.md.preprocessors["rendering_context"] if "rendering_context" in self.md.preprocessors else None
        try:
            return self._page(text, context)
        except AffilinkError as error:
            if not context:
                raise
            if "serve" not in sys.argv:
                # Zensical prints the traceback of its own call and of this one around the sentence that counts
                sys.tracebacklimit = 0
            raise AffilinkError(f"affilink: {error}\nwhat Zensical has written by now is no whole site") from error

    def _page(self, text: str, context: Any) -> str:
        sources = self._options["sources"] or (context and context.config.get("docs_dir")) or ""
        if context:
            _look_at_watch(self._site, context.config["root_dir"], tuple(context.config.get("watch") or ()))
        if sources:
            unpublished = "\n".join(context.config.get(name) or "" for name in ("exclude_docs", "draft_docs")) if context else ""
            _check(self._site, sources, self._options["fail_on"], unpublished)
        meta = context.page.meta if context else {}
        # the head is the theme's, and this is the place for a build of the whole site as well
        text = with_switch(text, meta.get("affilink"))
        path = self._options["path"] or (context and context.page.path) or "page.html"
        front_matter = {key: value for key, value in meta.items() if key in _TOLD}
        answer = _server(self._site).ask({"path": path, "text": text, "format": "html", "front_matter": front_matter})
        for message in answer["messages"]:
            log.log(LEVELS[message["level"]], "%s: %s", os.path.join(sources, path), message["message"])
        if answer["fail"]:
            raise AffilinkError(f"{os.path.join(sources, path)}: {answer['reason']}")
        return answer["text"] if answer["changed"] else text


_TOLD = ("lang", "language", "locale")


@lru_cache
def _server(site: Site) -> Server:
    return Server(site)


@lru_cache
def _look_at_watch(site: Site, root: str, watched: tuple[str, ...]) -> None:
    """Says which files of the configuration Zensical's cache knows nothing of."""
    places = [Path(root, path).resolve() for path in watched]
    for file in map(Path, site.config_files()):
        real = file.resolve()
        if not any(place in (real, *real.parents) for place in places):
            name = os.path.relpath(file, root)
            log.warning("`%s` is not in `watch`: pages from Zensical's cache do not change with it", name)


@lru_cache
def _check(site: Site, sources: str, fail_on: str, unpublished: str) -> None:
    pages = None
    if unpublished.strip():
        # Zensical needs it, others have no patterns
        from pathspec import GitIgnoreSpec  # noqa: PLC0415

        folder = os.path.join(site.root, sources)
        left_out = GitIgnoreSpec.from_lines(unpublished.splitlines())
        pages = [os.path.join(folder, name) for name in left_out.match_tree_files(folder, negate=True)]
    findings, failed = site.check(sources, fail_on, pages=pages)
    for finding in findings:
        log.log(LEVELS[finding.level], "%s", finding)
    if failed:
        raise AffilinkError(f"findings at or over `{fail_on}`, see above")


def makeExtension(**options: Any) -> AffilinkExtension:  # noqa: N802
    """What Python-Markdown asks a module for."""
    return AffilinkExtension(**options)
