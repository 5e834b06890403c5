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
}
