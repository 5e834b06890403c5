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
}
