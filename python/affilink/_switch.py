"""What a page's source says under `affilink`, told to whoever reads the page as HTML."""

from __future__ import annotations

import html
import json
import re
from typing import Any

_HEAD = re.compile(
    r"""
    \ufeff?
    (?: \s | <!--.*?--> | <!doctype[^>]*> | <\?[^>]*> | <html\b(?:[^>"']|"[^"]*"|'[^']*')*> )*
    (?: <head\b(?:[^>"']|"[^"]*"|'[^']*')*> )?
    # the encoding has to stand within the first 1,024 bytes
    (?: \s*<meta\b[^>]*charset[^>]*> )?
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def switch_tag(said: Any) -> str:
    """The tag `<meta name="affilink">` for what front matter or metadata says under `affilink`; nothing where it says nothing.

    A string is YAML as it was written, a list of strings its lines; everything else is what YAML was read as.
    """
    if said is None:
        return ""
    if isinstance(said, list) and all(isinstance(line, str) for line in said):
        said = "\n".join(said)
    value = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)
    # a page may be written in any encoding
    content = html.escape(value).encode("ascii", "xmlcharrefreplace").decode()
    return f'<meta name="affilink" content="{content}">'


def with_switch(page: str, said: Any) -> str:
    """The HTML `page`, whole or in part, with that tag at the start of its head; without a head at its own start.

    >>> with_switch('<!DOCTYPE html><html lang="en"><head>\\n<meta charset="utf-8"><title>x</title>', False)
    '<!DOCTYPE html><html lang="en"><head>\\n<meta charset="utf-8"><meta name="affilink" content="false"><title>x</title>'
    >>> with_switch('<!doctype html><!-- <head> --><title>x</title>', 'kind: roundup')
    '<!doctype html><!-- <head> --><meta name="affilink" content="kind: roundup"><title>x</title>'
    >>> with_switch('<html data-x="a>b"><header>x', {'skip': ['Dé & <b>']})
    '<html data-x="a>b"><meta name="affilink" content="{&quot;skip&quot;: [&quot;D&#233; &amp; &lt;b&gt;&quot;]}"><header>x'
    >>> with_switch('<p>x</p>', None)
    '<p>x</p>'
    """
    tag = switch_tag(said)
    if not tag:
        return page
    start = _HEAD.match(page)
    at = start.end() if start else 0
    return page[:at] + tag + page[at:]
