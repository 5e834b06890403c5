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
    ! grep -q 'Traceback' <<<"$said" || fail "a traceback: $said"
    sed -i '$d' docs/reviews/mill.md

    # drafts are no pages of the site
    mkdir docs/drafts
    foreign >docs/drafts/soon.md
    expect fail zensical build --clean
    says 'docs/drafts/soon.md:3'
    sed -i 's#^site_url.*#&\ndraft_docs = "drafts/"#' zensical.toml
    expect 0 zensical build --clean
    ! grep -q 'drafts' <<<"$said" || fail "a draft was looked at: $said"

    follows site zensical build
    sed -i '/^watch/d' zensical.toml
    expect 0 zensical build --clean
    says '`affiliates.yaml` is not in `watch`'
}
