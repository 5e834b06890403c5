need() {
    export PATH="$WORK/bin:$PATH:$CACHE/mdbook/bin"
    command -v mdbook >/dev/null ||
        cargo install mdbook --version 0.5.4 --locked --no-default-features --root "$CACHE/mdbook" || return 77
    mkdir "$WORK/bin"
    ln -s "$AFFILINK_BIN" "$WORK/bin/affilink"
}

plain() {
    cp book.toml whole.toml
    sed -i '/^\[preprocessor.affilink\]/,$d' book.toml
    mdbook build --dest-dir "$1"
    mv whole.toml book.toml
}

built() {
    mdbook build --dest-dir "$1"
}

extra() {
    expect fail env PATH="${PATH#"$WORK/bin:"}" mdbook build --dest-dir ../again
    sed -i 's/tag:/tga:/' affiliates.yaml
    expect fail mdbook build --dest-dir ../again
    says 'affiliates.yaml:3'
    sed -i 's/tga:/tag:/' affiliates.yaml
    # a refused chapter: nothing is written
    printf -- '---\naffilink: 7\n---\n' >src/thanks.md
    expect fail mdbook build --dest-dir ../again
    says 'src/thanks.md'
    [ ! -e ../again ] || fail 'half a book was written'
    printf '# Thanks\n\nA friend has [a stand](https://www.amazon.com/dp/B000STAND0?tag=jane-20).\n' >src/thanks.md
    expect 0 mdbook build --dest-dir ../again
    says 'src/thanks.md:3:24: error[foreign-affiliate-id]'
    # what an include puts in stands on the line that includes it
    printf '\n[A mill](https://www.amazon.com/dp/B000STAND0?tag=jane-20)\n' >>src/parts/table.md
    expect 0 mdbook build --dest-dir ../again
    says 'src/guides/grinders.md:7:1: error[foreign-affiliate-id]'
    echo 'fail-on = "error"' >>book.toml
    expect fail mdbook build --dest-dir ../again
    says 'fail-on'
}
