"""affilink in Python's site generators.

`find_binary` says where the program is, `Site` runs it once over a site, `with_switch` writes into a page what its source says of
affilink. `affilink.markdown` is an extension of
Python-Markdown, `affilink.sphinx` one of Sphinx, `affilink.pelican` a plugin of Pelican. Nothing here decides anything about
links: the program does.
"""

from affilink._binary import AffilinkError, find_binary
from affilink._site import LEVELS, Finding, Site
from affilink._switch import switch_tag, with_switch

__all__ = ["LEVELS", "AffilinkError", "Finding", "Site", "find_binary", "switch_tag", "with_switch"]
