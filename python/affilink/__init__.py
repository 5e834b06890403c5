"""affilink in Python's site generators.

`find_binary` says where the program is, `check` and `build` run it once over a site. `affilink.markdown` is an extension of
Python-Markdown, `affilink.sphinx` one of Sphinx, `affilink.pelican` a plugin of Pelican. Nothing here decides anything about
links: the program does.
"""

from affilink._binary import AffilinkError, find_binary
from affilink._site import LEVELS, Finding, Site

__all__ = ["LEVELS", "AffilinkError", "Finding", "Site", "find_binary"]
