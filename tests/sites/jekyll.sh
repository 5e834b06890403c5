need() {
    command -v jekyll >/dev/null || {
        [ "$(id -u)" = 0 ] || return 77
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends jekyll || return 77
    }
    export RUBYLIB=$ROOT/plugins/jekyll/lib
}

plain() {
    sed -i '/^plugins/d; s/^exclude: \[/&affiliates.yaml, /' _config.yml
    jekyll build --quiet --destination "$1"
    sed -i 's/affiliates.yaml, //' _config.yml
    echo 'plugins: [jekyll-affilink]' >>_config.yml
}

built() {
    jekyll build --destination "$1"
}

extra() {
    owes _posts/2026-03-02-mill.md jekyll build --destination ../again
    honours names.md ../again/names/index.html jekyll build --destination ../again
    echo 'affilink: {fail_on: error}' >>_config.yml
    expect fail jekyll build --destination ../again
    says 'findings at or over `error`'
    sed -i '$d' _posts/2026-03-02-mill.md

    # a page that is refused because of its layout: the site is left as Jekyll wrote it, and the user's file is named
    sed -i 's#<title>#<meta name="affilink" content="7">&#' _layouts/default.html
    expect fail jekyll build --destination ../again
    says 'error: mill/index.html (made of `_posts/2026-03-02-mill.md`)'
    ! grep -q 'jekyll-affilink\.rb:' <<<"$said" || fail "the plugin's backtrace: $said"
    ! grep -rq 'kitchen-20' ../again || fail 'half of the site was rewritten'
    sed -i 's#<meta name="affilink" content="7">##' _layouts/default.html

    # drafts, hidden pages and those of the future are no pages of the site
    mkdir _drafts
    { printf -- '---\ntitle: Soon\n---\n' && foreign; } | tee _drafts/soon.md _posts/2999-01-01-soon.md >_posts/2026-03-04-soon.md
    expect fail jekyll build --destination ../again
    says '_posts/2026-03-04-soon.md:6'
    sed -i '2ipublished: false' _posts/2026-03-04-soon.md
    expect 0 jekyll build --destination ../again
    ! grep -q 'soon.md:' <<<"$said" || fail "a draft was looked at: $said"
    expect fail jekyll build --drafts --destination ../again
    says '_drafts/soon.md:6'
    rm -r _drafts _posts/*-soon.md

    # pages that are copied
    printf '<main><p><a href="https://www.amazon.com/dp/B000HANDGR">a mill</a></p></main>' >copied.html
    expect 0 jekyll build --incremental --destination ../again
    expect 0 jekyll build --incremental --destination ../again
    follows ../again jekyll build --incremental --destination ../again
    echo 'affilink: {fail: error}' >>_config.yml
    expect fail jekyll build --destination ../again
    says '`affilink.fail` is no option'

    # without a Gemfile, as the plugin's README says
    sed -i '/^plugins/d; /^affilink/d' _config.yml
    cp -r "$ROOT/plugins/jekyll/lib" _plugins
    expect 0 env -u RUBYLIB jekyll build --destination ../again
    says 'Affilink:'
}
