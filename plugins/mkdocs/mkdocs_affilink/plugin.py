"""The plugin: sources are checked before MkDocs builds, the site is rewritten when it is built.

Both ask the program once, whatever the number of pages.
"""

from __future__ import annotations

import os
from pathlib import Path

from affilink import LEVELS, AffilinkError, Site, with_switch
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

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

    def on_config(self, config: MkDocsConfig) -> None:
        """Reads the sources, before anything is written: a missing program and a broken configuration end the build here."""
        if not self.config.enabled:
            return
        fail_on = self.config.fail_on
        site = self._site(config)
        try:
            if not self.config.check:
                site.version()
                return
            findings, failed = site.check(self._from_root(config, config.docs_dir), fail_on)
        except AffilinkError as error:
            raise PluginError(f"affilink: {error}") from error
        for finding in findings:
            log.log(LEVELS[finding.level], "%s", finding)
        if failed:
            raise PluginError(f"affilink: findings at or over `{fail_on}`, see above")

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Keeps which page comes of which file."""
        pages = ((file.dest_uri, file.abs_src_path) for file in files)
        self._sources = {page: self._from_root(config, source) for page, source in pages if source}

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
        for line in summary.splitlines():
            log.info("%s", line)

    def _site(self, config: MkDocsConfig) -> Site:
        return Site(_root(config), self.config.config, self.config.bin)

    @staticmethod
    def _from_root(config: MkDocsConfig, path: str) -> str:
        """A path as the user would write it: from the folder of mkdocs.yml, if it is in there."""
        relative = os.path.relpath(path, _root(config))
        return path if relative.startswith("..") else relative


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
