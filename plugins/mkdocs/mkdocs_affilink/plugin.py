"""The plugin: sources are checked before MkDocs builds, the site is rewritten when it is built.

Both ask the program once, whatever the number of pages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from affilink import LEVELS, AffilinkError, Site, with_switch
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.pages import Page

from mkdocs_affilink.former import FormerSite

log = get_plugin_logger("affilink")


class AffilinkConfig(Config):
    """What stands under `affilink` in `plugins` of mkdocs.yml."""

    enabled = option.Type(bool, default=True)
    config = option.Optional(option.File(exists=True))
    """The configuration; without it `affiliates.yaml`, beside mkdocs.yml or above."""
    bin = option.Optional(option.Type(str))
    """The program; without it AFFILINK_BIN, the one that came with the package, the one on PATH."""
    check = option.Type(bool, default=True)
    """Whether the linter reads the sources."""
    fail_on = option.Choice(("error", "warn", "info", "never"), default="never")
    """The level of findings that ends the build."""
    manifest = option.Optional(option.Type(str))
    """Where every decision is recorded, from the folder of mkdocs.yml."""


class AffilinkPlugin(BasePlugin[AffilinkConfig]):
    """Turns merchant links of the built site into affiliate links, and shows what the linter finds in the sources."""

    def __init__(self) -> None:
        """What MkDocs makes once for all its builds."""
        self._sources: dict[str, str] = {}
        self._serves = False
        self._writes_whole = False
        self._former: FormerSite | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Keeps which command it is: drafts are pages in a server, and nowhere else; its site is a temporary one."""
        self._serves = command == "serve"
        self._writes_whole = not self._serves and not dirty

    def on_config(self, config: MkDocsConfig) -> None:
        """Reads the configuration: a missing program and a broken configuration end the build before MkDocs touches the site."""
        if self.config.enabled:
            self._config_files(config)

    @event_priority(-100)
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Keeps the site of an earlier build, which MkDocs removes next, until the new one is whole."""
        if self.config.enabled and self._writes_whole:
            self._former = FormerSite(config.site_dir)

    def on_build_error(self, *, error: Exception) -> None:  # noqa: ARG002
        """Leaves the site of the earlier build instead of half a new one."""
        if self._former:
            self._former.put_back()
            self._former = None

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> None:  # noqa: ARG002
        """Has the site built again when the configuration changes."""
        if self.config.enabled:
            for path in self._config_files(config):
                server.watch(path)

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Reads the sources of the pages that are published, when other plugins are done with the list, and keeps which page
        comes of which file."""
        sources = {file: file.abs_src_path for file in files if file.abs_src_path}
        self._sources = {file.dest_uri: self._from_root(config, source) for file, source in sources.items()}
        if not self.config.enabled or not self.config.check:
            return
        fail_on = self.config.fail_on
        shown = InclusionLevel.is_in_serve if self._serves else InclusionLevel.is_included
        pages = [source for file, source in sources.items() if shown(file.inclusion)]
        try:
            docs = self._from_root(config, config.docs_dir)
            findings, failed = self._site(config).check(docs, fail_on, pages=pages)
        except AffilinkError as error:
            raise PluginError(f"affilink: {error}") from error
        for finding in findings:
            log.log(LEVELS[finding.level], "%s", finding)
        if failed:
            raise PluginError(f"affilink: findings at or over `{fail_on}`, see above")

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Writes into a page what its source says of affilink."""
        return with_switch(output, page.meta.get("affilink")) if self.config.enabled else output

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Rewrites the site, when other plugins are done with it."""
        if not self.config.enabled:
            return
        try:
            summary = self._site(config).build(config.site_dir, self.config.manifest, self._sources)
        except AffilinkError as error:
            raise PluginError(f"affilink: {error}") from error
        if self._former:
            self._former.forget()
            self._former = None
        for line in summary.splitlines():
            log.info("%s", line)

    def _site(self, config: MkDocsConfig) -> Site:
        return Site(_root(config), self.config.config, self.config.bin)

    def _config_files(self, config: MkDocsConfig) -> list[str]:
        try:
            return self._site(config).config_files()
        except AffilinkError as error:
            raise PluginError(f"affilink: {error}") from error

    @staticmethod
    def _from_root(config: MkDocsConfig, path: str) -> str:
        """A path as the user would write it: from the folder of mkdocs.yml, if it is in there."""
        relative = os.path.relpath(path, _root(config))
        return path if relative.startswith("..") else relative


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
