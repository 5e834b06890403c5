need() {
    command -v jekyll >/dev/null || {
        [ "$(id -u)" = 0 ] || return 77
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends jekyll || return 77
    }
    export RUBYLIB=$ROOT/plugins/jekyll/lib
}

plain() {
    sed -i '/^plugins/d' _config.yml
    jekyll build --quiet --destination "$1"
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
    echo 'affilink: {fail: error}' >>_config.yml
    expect fail jekyll build --destination ../again
    says '`affilink.fail` is no option'

    # without a Gemfile, as the plugin's README says
    sed -i '/^plugins/d; /^affilink/d' _config.yml
    cp -r "$ROOT/plugins/jekyll/lib" _plugins
    expect 0 env -u RUBYLIB jekyll build --destination ../again
    says 'Affilink:'
}
