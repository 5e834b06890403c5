"""affilink in MkDocs: see `mkdocs_affilink.plugin`."""
