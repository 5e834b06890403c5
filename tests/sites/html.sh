# a folder of pages, written by hand
need() { :; }

plain() {
    mkdir "$1"
    cp -r index.html mill.svg posts "$1"
}

built() {
    plain "$1"
    "$AFFILINK_BIN" build "$1" --in-place
}
