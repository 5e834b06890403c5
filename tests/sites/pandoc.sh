need() {
    if ! command -v pandoc >/dev/null; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 77
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends pandoc || return 77
    fi
    mkdir "$WORK/bin"
    ln -s "$AFFILINK_BIN" "$WORK/bin/pandoc-affilink"
}

plain() {
    mkdir "$1"
    pandoc page.md --standalone --wrap=none -o "$1/page.html"
}

built() {
    mkdir "$1"
    pandoc page.md --standalone --wrap=none --filter "$WORK/bin/pandoc-affilink" -o "$1/page.html"
}

extra() {
    local filter="$WORK/bin/pandoc-affilink"
    # between two runs it does the same
    pandoc page.md -t json | "$AFFILINK_BIN" pandoc html | pandoc -f json --wrap=none -t html >between.html
    expect 0 pandoc page.md --wrap=none --filter "$filter" -t html
    [ "$said" = "$(cat between.html)" ] || fail 'a pipe and a filter differ'
    # every output gets the URLs; attributes and raw HTML only what has them
    for format in latex docx odt epub gfm rst; do
        expect 0 pandoc page.md --filter "$filter" -o "page.$format" --to $format
    done
    for part in page.docx:word/_rels/document.xml.rels page.odt:content.xml; do
        python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())' "${part%%:*}" "${part#*:}" >part
        grep -q 'B000HANDGR?th=1.*tag=mysite-20' part || fail "$part: no own link"
    done
    # a row of a table and a heading stay on their lines
    printf '# A heading of many words, with [a mill of many words](https://www.amazon.com/dp/B000HANDGR) behind them, and more\n\n| a | b |\n|---|---|\n| [a mill](https://www.amazon.com/dp/B000HANDGR) | y |\n' >table.md
    pandoc table.md --filter "$filter" -t gfm -o table.gfm 2>said
    grep -q '^# A heading .*\[a mill of many words\](.*tag=mysite-20) behind them, and more$' table.gfm || fail 'gfm: the heading is torn'
    grep -q '^| \[a mill\](.*tag=mysite-20) *| y *|$' table.gfm || fail 'gfm: the table is torn'
    grep -q '2 links in headings and tables get no `rel`' said || fail "gfm: $(cat said)"
    grep -q 'tag=mysite-20' page.latex || fail 'latex: no own link'
    ! grep -q 'sponsored' page.latex || fail 'latex: attributes'
    sed -i 's/tag:/tga:/' affiliates.yaml
    expect fail pandoc page.md --filter "$filter" -o again.html
    says 'affiliates.yaml:3'
    [ ! -e again.html ] || fail 'a page was written'
    sed -i 's/tga:/tag:/' affiliates.yaml
    expect fail pandoc page.md --metadata affilink=maybe --filter "$filter" -o again.html
    says 'document.md: `affilink` must be'
}
