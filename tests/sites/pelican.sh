need() {
    venv pelican pelican==4.10.2 markdown==3.11.3
}

plain() {
    AFFILINK=off pelican --quiet --fatal warnings --output "$1"
}

built() {
    pelican --quiet --fatal warnings --output "$1"
}

extra() {
    expect 0 python -m doctest "$ROOT/python/affilink/_switch.py"
    owes content/mill.md pelican --output ../again
    honours content/pages/names.rst ../again/pages/names.html pelican --output ../again
    sed -i 's/^AFFILINK = {/&"fail_on": "error", /' pelicanconf.py
    expect fail pelican --output ../again
    says 'findings at or over `error`'
    sed -i '$d' content/mill.md

    # drafts are no pages of the site
    { printf 'Title: Soon\nDate: 2026-03-04\n\n' && foreign; } >content/soon.md
    expect fail pelican --output ../again
    says 'content/soon.md:6'
    sed -i '1iStatus: draft' content/soon.md
    expect 0 pelican --output ../again
    ! grep -q 'soon.md' <<<"$said" || fail "a draft was looked at: $said"

    # Pelican tells of a source that it cannot read, and builds the others
    printf 'Too long\n####\n' >content/broken.rst
    expect 0 pelican --output ../again
    says 'Could not process'
    rm content/broken.rst

    # a refused page: the site is left as Pelican wrote it, and the user's file is named
    cp content/mill.md mill.md
    sed -i '1iAffilink: 7' content/mill.md
    expect fail pelican --output ../again
    says '(made of `content/mill.md`)'
    ! grep -rq 'kitchen-20' ../again || fail 'half of the site was rewritten'
    mv mill.md content/mill.md
    expect 0 pelican --output ../again

    follows ../again pelican --output ../again
}
