need() {
    venv zensical zensical==0.0.73
    # what the wheel says of itself, without one: the extension by its short name
    mkdir -p "$CACHE/venv-zensical/lib/affilink-0.dist-info"
    printf 'Metadata-Version: 2.1\nName: affilink\nVersion: 0\n' >"$CACHE/venv-zensical/lib/affilink-0.dist-info/METADATA"
    printf '[markdown.extensions]\naffilink = affilink.markdown:AffilinkExtension\n' \
        >"$CACHE/venv-zensical/lib/affilink-0.dist-info/entry_points.txt"
    export PYTHONPATH="$PYTHONPATH:$CACHE/venv-zensical/lib"
}

# it writes where its configuration says, so the site is copied from there
plain() {
    sed -i '/markdown_extensions.affilink/d' zensical.toml
    zensical build --clean
    mv site "$1"
    printf '[project.markdown_extensions.affilink]\n' >>zensical.toml
}

built() {
    zensical build --clean --strict
    mv site "$1"
}

extra() {
    owes docs/reviews/mill.md zensical build --clean
    honours docs/names.md site/names/index.html zensical build --clean
    echo 'fail_on = "error"' >>zensical.toml
    expect fail zensical build --clean
    says 'findings at or over `error`'
}
