need() {
    venv sphinx sphinx==9.0.4 myst-parser==5.2.0
}

plain() {
    AFFILINK=off sphinx-build -q -W . "$1"
}

built() {
    sphinx-build -q -W . "$1"
}

extra() {
    owes reviews/mill.md sphinx-build -E . ../again
    honours names.rst ../again/names.html sphinx-build -E . ../again
    expect fail sphinx-build -E -W . ../again
    expect 0 sphinx-build -E -W -D suppress_warnings=affilink.foreign-affiliate-id,affilink.link-density . ../again
    expect fail sphinx-build -E -D affilink_fail_on=error . ../again
    says 'findings at or over `error`'
    ! grep -q 'Traceback' <<<"$said" || fail "a traceback: $said"
    sed -i '$d' reviews/mill.md

    # what is excluded is no page of the site
    mkdir drafts
    foreign >drafts/soon.md
    expect fail sphinx-build -E -D affilink_fail_on=error . ../again
    says 'drafts/soon.md:3'
    echo 'exclude_patterns = ["drafts"]' >>conf.py
    expect 0 sphinx-build -E -W -D affilink_fail_on=error . ../again

    follows ../again sphinx-build . ../again
}
