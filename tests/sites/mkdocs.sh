need() {
    venv mkdocs mkdocs==1.6.1 mkdocs-material==9.8.2 markdown==3.11.3 hatchling editables
    python -c 'import mkdocs_affilink.plugin, importlib.metadata as m; m.distribution("mkdocs-affilink-plugin")' 2>/dev/null ||
        pip install --quiet --no-deps --no-build-isolation --editable "$ROOT/plugins/mkdocs"
}

plain() {
    AFFILINK=false mkdocs build --quiet --strict --site-dir "$1"
}

built() {
    mkdocs build --strict --site-dir "$1"
}

extra() {
    owes docs/reviews/mill.md mkdocs build --site-dir ../again
    honours docs/names.md ../again/names/index.html mkdocs build --site-dir ../again
    expect fail mkdocs build --strict --site-dir ../again
    sed -i 's/^ *enabled:.*/&\n      fail_on: error/' mkdocs.yml
    expect fail mkdocs build --site-dir ../again
    says 'findings at or over `error`'

    # a build that fails leaves the site of the one before, and nothing beside it
    echo former | tee ../again/index.html >../again/of-theirs.txt
    echo hidden >../again/.nojekyll
    expect fail mkdocs build --site-dir ../again
    [ "$(cat ../again/index.html ../again/of-theirs.txt ../again/.nojekyll)" = $'former\nformer\nhidden' ] ||
        fail 'the former site is gone'
    ! ls -d ../.former-site-* 2>/dev/null || fail 'the former site was left beside the new one'
    sed -i '$d' docs/reviews/mill.md
    expect 0 mkdocs build --site-dir ../again
    [ ! -e ../again/of-theirs.txt ] || fail 'the former site is in the new one'
    ! ls -d ../.former-site-* 2>/dev/null || fail 'the former site was left beside the new one'

    # drafts are no pages of the site
    mkdir docs/drafts
    foreign >docs/drafts/soon.md
    expect fail mkdocs build --site-dir ../again
    says 'docs/drafts/soon.md:3'
    printf 'draft_docs: drafts/\n' >>mkdocs.yml
    expect 0 mkdocs build --strict --site-dir ../again
    ! grep -q 'drafts' <<<"$said" || fail "a draft was looked at: $said"

    # a refused page is told before MkDocs writes; or else the site is left as MkDocs wrote it, and the user's file is named
    hostile >docs/hostile.html
    rm -rf ../again
    expect fail mkdocs build --site-dir ../again
    says 'error: docs/hostile.html'
    [ ! -e ../again ] || fail 'MkDocs wrote a site'
    sed -i 's/^ *enabled:.*/&\n      check: false/' mkdocs.yml
    expect fail mkdocs build --site-dir ../again
    says '(made of `docs/hostile.html`)'
    ! grep -rq 'kitchen-20' ../again || fail 'half of the site was rewritten'

    # a broken configuration is told before MkDocs touches the site, also where nothing is checked
    rm -rf ../again docs/hostile.html
    sed -i 's/tag:/tga:/' affiliates.yaml
    expect fail mkdocs build --site-dir ../again
    says 'affiliates.yaml:4'
    [ ! -e ../again ] || fail 'MkDocs wrote a site'
    sed -i 's/tga:/tag:/' affiliates.yaml

    # the server builds the site again when the configuration changes
    mkdocs serve --dev-addr 127.0.0.1:0 >serve.log 2>&1 &
    local server=$!
    for _ in $(seq 60); do
        ! grep -q 'Serving on' serve.log || break
        sleep 0.5
    done
    sleep 1 && sed -i 's/kitchen-20/cellar-20/' affiliates.yaml
    for _ in $(seq 60); do
        ! grep -q 'Reloading browsers' serve.log || break
        sleep 0.5
    done
    kill "$server"
    grep -q 'Reloading browsers' serve.log || fail "the server did not see it: $(cat serve.log)"
}
