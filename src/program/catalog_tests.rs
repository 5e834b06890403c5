//! The catalog against `fixtures/networks.tsv`, and every form of it written and read back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proptest::prelude::*;

use super::decode::{Decoder, Maker};
use super::form::{Net, NetForm};
use super::index::Index;
use super::map::{MapInput, ProgramMap};
use super::url::{Change, Place, Split, apply, edit_params};
use super::{Credit, FormSpec, ProgramSpec, RedirectSpec, Status};
use crate::networks::query::{encode, escape_unsafe};
use crate::networks::template::SUBID;
use crate::networks::{self, Chars, Constructible, Network, Unpack};

/// A line of the fixture.
struct Line {
    url: &'static str,
    network: Option<&'static str>,
    publisher: Option<&'static str>,
    destination: Option<&'static str>,
    subid: Option<&'static str>,
}

fn lines() -> Vec<Line> {
    let text = include_str!("../../fixtures/networks.tsv");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = |line: &'static str| {
        let cells: Vec<_> = line.split('\t').map(|cell| Some(cell).filter(|cell| *cell != "-")).collect();
        let &[Some(url), network, publisher, destination, subid] = cells.as_slice() else { panic!("`{line}`") };
        Line { url, network, publisher, destination, subid }
    };
    lines.map(line).collect()
}

fn spec(network: &str, ids: &[(&str, &str)], domain: &str, base: Option<&str>) -> ProgramSpec {
    let ids = ids.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
    let network = networks::find(network).expect("in the catalog");
    ProgramSpec {
        name: network.id.to_owned(),
        form: FormSpec::Network { network, ids, store_ids: BTreeMap::new(), base: base.map(str::to_owned) },
        domains: if domain.is_empty() { Vec::new() } else { vec![domain.to_owned()] },
        paths: Vec::new(),
        pages: Vec::new(),
        status: Status::Active,
        starts: None,
        ends: None,
        priority: 0,
        commission: None,
        cookie_days: None,
        retired_ids: Vec::new(),
        subid: None,
    }
}

fn map(programs: Vec<ProgramSpec>) -> ProgramMap {
    let input = MapInput {
        programs,
        partners: Vec::new(),
        redirects: RedirectSpec::default(),
        own_hosts: Vec::new(),
        date: "2026-11-22".parse().expect("a date"),
    };
    ProgramMap::new(input).expect("good programs")
}

/// With a program of each network whose links say nothing without one.
fn known() -> ProgramMap {
    map(vec![
        spec("rewardful", &[("via", "me")], "rewardful.example", None),
        spec("tolt", &[("ref", "me")], "tolt.example", None),
    ])
}

fn built(map: &ProgramMap, url: &str, subid: Option<&str>) -> String {
    let facts = map.look(url, "page").unwrap_or_else(|| panic!("`{url}` is somebody's business"));
    let edits = map.build(0, url, &facts, subid).unwrap_or_else(|error| panic!("`{url}`: {error}"));
    apply(url, &edits)
}

#[test]
fn every_line_is_read_as_it_says() {
    let map = known();
    for line in lines() {
        let url = line.url;
        let facts = map.look(url, "page");
        let layer = facts.as_ref().and_then(|facts| facts.layers.first());
        assert_eq!(layer.map(|layer| layer.network.as_str()), line.network, "{url}");
        let Some((layer, facts)) = layer.zip(facts.as_ref()) else { continue };
        assert_eq!(layer.publisher.as_deref(), line.publisher, "{url}");
        assert_eq!(facts.destination.as_deref(), line.destination, "{url}");
        assert_eq!(layer.subid.as_deref(), line.subid, "{url}");
        assert!(!facts.ambiguous, "{url}");
        let decoded = map.decoder().decode(url);
        let advertising = decoded.is_some_and(|decoded| match decoded.marks.first().map(|mark| mark.maker) {
            Some(Maker::Network(net, form)) => map.nets[net].forms[form].data.advertising,
            _ => false,
        });
        let nobody = advertising || networks::find(&layer.network).is_none_or(|network| network.credits_nobody);
        let credit = match layer.publisher {
            _ if nobody => Credit::None,
            Some(_) => Credit::Foreign,
            None => facts.credit.clone(),
        };
        assert_eq!(facts.credit, credit, "{url}");
        assert!(nobody || facts.is_affiliate(), "{url}");
    }
}

/// The parts of a link that do not depend on the order of its parameters or the host it stands on.
fn parts(link: &str) -> (String, BTreeSet<(String, String)>) {
    let split = Split::of(link).expect("a URL");
    let path = link[split.path].trim_end_matches('/').to_owned();
    let query = split.query.clone().map_or_else(Vec::new, |query| networks::query::pairs(link, query));
    let named = |pair: &networks::query::Pair| (pair.name_in(link).to_lowercase(), pair.value_in(link).to_owned());
    (path, query.iter().map(named).collect())
}

#[test]
fn what_was_read_is_written_again() {
    let map = known();
    let mut seen = 0;
    let somebodys = |line: &&Line| line.network.is_some() && line.url.contains("https%3A%2F%2Fshop.example%2F");
    for line in lines().iter().filter(somebodys) {
        let decoded = map.decoder().decode(line.url).expect("somebody's link");
        let mark = decoded.marks.first().expect("a layer");
        let Maker::Network(net, form) = mark.maker else { panic!("{}", line.url) };
        let form = &map.nets[net].forms[form];
        if form.data.unpack.is_some() || form.template.is_append() {
            continue;
        }
        let destination = mark.destination.as_deref().unwrap_or_default();
        let encoded_once = line.url.contains(&encode(destination));
        let link =
            form.template.write(destination, &|name| mark.get(name).map(str::to_owned)).expect("all that was read");
        let written: Vec<_> = form.template.names_of_written().map(str::to_lowercase).collect();
        let ((path, ours), (wanted, theirs)) = (parts(&link), parts(line.url));
        let pathless = !form.data.template.trim_start_matches("https://").contains('/');
        assert!(path == wanted || pathless || form.data.last_segment, "{link} {}", line.url);
        let gained = ours.difference(&theirs).filter(|(name, _)| encoded_once && !written.contains(name));
        let gained: Vec<_> =
            gained.filter(|(name, _)| !theirs.iter().any(|(other, _)| same(form, name, other))).collect();
        assert!(gained.is_empty(), "{gained:?} {link} {}", line.url);
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}

/// Whether both are names of one parameter of `form`.
fn same(form: &NetForm, one: &str, other: &str) -> bool {
    let has = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let url: Vec<_> = form.template.names_of_url().collect();
    let subid: Vec<_> = form.template.names_of_subid().collect();
    one != other && [url, subid].iter().any(|names| has(names, one) && has(names, other))
        || form.data.template.contains(&format!("{one}|{other}"))
        || form.data.template.contains(&format!("|{other}="))
}

#[test]
fn no_two_entries_claim_a_line() {
    let claims = |nets: &[Net], url: &str| {
        let index = Index::new(nets);
        let decoded = Decoder { index: &index, nets, programs: &[] }.decode(url);
        decoded.is_some_and(|decoded| !decoded.marks.is_empty() || decoded.opaque)
    };
    let software = ["rewardful", "tolt"];
    // a form that is known anywhere stands back where the host says more
    let anywhere = |network: &Network| !network.markers.is_empty();
    for line in lines() {
        let all = networks::all().iter().chain(networks::redirectors());
        let mut claiming: Vec<_> = all.filter(|network| claims(&[Net::new(network)], line.url)).collect();
        if claiming.iter().any(|network| !anywhere(network)) {
            claiming.retain(|network| !anywhere(network));
        }
        // what stands around a merchant is no claim of the merchant's
        let ids: Vec<_> = claiming.iter().map(|network| network.id).filter(|id| Some(*id) == line.network).collect();
        match line.network {
            // without a merchant inside it a redirector is nobody's business
            Some(network) if networks::find(network).is_none() => {}
            Some(network) if software.contains(&network) => assert!(claiming.is_empty(), "{}", line.url),
            Some(network) => assert_eq!((ids, claiming.len()), (vec![network], 1), "{}", line.url),
            None => assert!(claiming.iter().all(|network| network.credits_nobody), "{}", line.url),
        }
    }
}

#[test]
fn every_entry_is_complete() {
    let map = known();
    let mut seen = BTreeSet::new();
    for line in lines() {
        for mark in map.decoder().decode(line.url).map(|decoded| decoded.marks).unwrap_or_default() {
            if let Maker::Network(net, form) = mark.maker {
                seen.insert((map.nets[net].network.id, form));
            }
        }
        seen.extend(line.network.map(|network| (network, usize::MAX)));
    }
    let mut ids = BTreeSet::new();
    for network in networks::all().iter().chain(networks::redirectors()) {
        let id = network.id;
        assert!(ids.insert(id), "{id} stands twice");
        let known = !network.hosts.is_empty() || !network.short_hosts.is_empty() || !network.markers.is_empty();
        assert!(known || network.is_software(), "{id}: no host and no marker");
        assert!(!network.forms.is_empty() || !network.short_hosts.is_empty(), "{id}: no form");
        assert!(!network.source.is_empty() && !network.name.is_empty(), "{id}: no source");
        assert!(seen.contains(&(id, usize::MAX)), "{id}: no line");
        for (at, form) in network.forms.iter().enumerate() {
            assert!(seen.contains(&(id, at)), "{id}: no line of `{}`", form.template);
        }
        assert!(network.publisher.is_none_or(|name| network.id_named(name).is_some()), "{id}: publisher is no id");
        assert!(network.merchant.is_none_or(|name| network.id_named(name).is_some()), "{id}: merchant is no id");
        let writes = network.forms.iter().any(|form| !form.read_only);
        let writable = matches!(network.constructible, Constructible::FromIds | Constructible::FromBaseLink);
        assert!(writes || !writable, "{id}: nothing can be written");
        assert!(network.constructible != Constructible::Retired || !writes, "{id}: retired and written");
        let markers = network.forms.iter().any(|form| form.anywhere) || network.hosts.is_empty();
        assert!(network.markers.is_empty() || markers, "{id}: markers of no form");
    }
}

#[test]
fn merchants_are_known_by_whole_labels() {
    for (host, want) in [
        ("www.walmart.com", &["impact"][..]),
        ("etsy.com", &["awin"]),
        ("www.booking.com", &["booking", "awin", "cj"]),
        ("www.amazon.de", &["amazon"]),
        ("music.amazon.com", &[]),
        ("gog.com", &["gog", "adtraction"]),
        ("greenmangaming.com", &["tapfiliate"]),
        ("notwalmart.com", &[]),
        ("walmart.com.evil.example", &[]),
        ("store.steampowered.com", &[]),
    ] {
        assert_eq!(networks::carriers(host), want, "{host}");
    }
    assert_eq!(networks::merchants_on("www.target.com").next().and_then(|target| target.id), Some("2092"));
    assert!(networks::is_shortener("bit.ly") && !networks::is_shortener("rabbit.ly"));
    for merchant in networks::merchants() {
        let network = networks::find(merchant.network).expect("in the catalog");
        let fits =
            |id: &str| network.merchant.and_then(|name| network.id_named(name)).is_some_and(|name| name.fits(id));
        assert!(merchant.id.is_none_or(fits), "{}", merchant.name);
        assert!(!merchant.source.is_empty() && !merchant.domains.is_empty(), "{}", merchant.name);
    }
}

#[test]
fn a_copied_link_only_gets_destination_and_subid() {
    let url = "https://shop.example/p/1?a=b";
    let encoded = encode(url);
    let links = [
        ("flexoffers", "https://track.flexlinks.com/a.ashx?foid=1.2&trid=3.4&foc=16&fot=9999&fos=6", "&fobs=s1&url="),
        ("admitad", "https://alitems.com/g/0inventedtoken0/?i=5", "&subid=s1&ulp="),
        ("admitad", "https://go.brand.example/goto/0inventedtoken0/", "?subid=s1&ulp="),
        ("daisycon", "https://jf79.net/c/?si=1&li=2&wi=3", "&ws=s1&dl="),
        ("effiliation", "https://track.effiliation.com/servlet/effi.redir?id_compteur=1", "&url="),
        ("kwanko", "https://action.metaffiliation.com/trk.php?mclic=P1", "&argsite=s1&redir="),
        ("a8", "https://px.a8.net/svt/ejp?a8mat=0NV+1AA+2B+3C", "&a8ejpredirect="),
        ("moshimo", "//af.moshimo.com/af/c/click?a_id=1&p_id=2&pc_id=3&pl_id=4", "&s_v=s1&url="),
        ("pepperjam", "https://www.gopjn.com/t/1-2-3-4", "?sid=s1&url="),
        ("commission_factory", "https://t.cfjump.com/1/t/2", "?UniqueId=s1&Url="),
        ("adtraction", "https://track.adtraction.com/t/t?a=1&as=2&t=2&tk=1", "&epi=s1&url="),
        (
            "partner_ads",
            "https://www.partner-ads.com/dk/x.php?partnerid=1&htmlurl=https%3A%2F%2Fshop.example",
            "&htmlurl=",
        ),
        ("accesstrade", "https://go.isclix.com/deep_link/1", "?url="),
        ("janet", "https://lb.j-a-net.jp/1-2", "//"),
        ("howl", "https://shop-links.co/link/?publisher_slug=x&exclusive=1", "&url="),
        ("impact", "https://brand.pxf.io/c/1/2/3?trafsrc=x", "&subId1=s1&u="),
        ("awin", "https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&platform=x", "&clickref=s1&ued="),
    ];
    for (network, base, added) in links {
        let map = map(vec![spec(network, &[], "shop.example", Some(base))]);
        let link = built(&map, url, Some("s1"));
        let base = base.split("&htmlurl").next().unwrap_or(base);
        let tail = match network {
            "daisycon" => encode("p/1?a=b"),
            "janet" => url.to_owned(),
            _ => encoded.clone(),
        };
        assert_eq!(link, format!("{base}{added}{tail}"), "{network}");
        let facts = map.look(&link, "page").expect("an own link");
        assert_eq!((&facts.credit, facts.destination.as_deref()), (&Credit::Own(0), Some(url)), "{link}");
        assert_eq!(built(&map, &link, Some("other")), link);
    }
    for network in networks::all().iter().filter(|network| network.constructible == Constructible::FromBaseLink) {
        let leads = Net::new(network).forms.iter().any(|form| !form.data.read_only && form.template.has_destination());
        assert_eq!(leads, links.iter().any(|(id, ..)| *id == network.id), "{}", network.id);
    }
}

#[test]
fn a_needle_is_no_burden() {
    for needle in known().needles() {
        // the search goes by the two bytes before a dot
        let dot = needle.find('.').unwrap_or(2);
        assert!(dot >= 2, "{needle}");
    }
}

#[test]
fn what_stands_in_the_merchants_url_is_put_into_the_link() {
    let bookshop = map(vec![spec("bookshop", &[("affiliate", "1111")], "", None)]);
    let url = "https://bookshop.org/p/books/x?ean=9780000000002&x=1";
    assert_eq!(built(&bookshop, url, None), "https://bookshop.org/a/1111/9780000000002");
    let bare = "https://bookshop.org/p/books/x";
    let facts = bookshop.look(bare, "page").expect("a shop");
    assert_eq!(bookshop.build(0, bare, &facts, None), Err(super::NoLink::MissingId("isbn13".to_owned())));
    let gumroad = map(vec![spec("gumroad", &[("affiliate", "22")], "", None)]);
    assert_eq!(built(&gumroad, "https://maker.gumroad.com/l/thing?x=1", None), "https://gumroad.com/a/22/thing");
    let gog = map(vec![spec("gog", &[("as", "33")], "", None)]);
    assert_eq!(built(&gog, "https://www.gog.com/game/x?y=1#z", None), "https://af.gog.com/game/x?y=1&as=33#z");
    assert_eq!(built(&gog, "https://af.gog.com/game/x?as=9&y=1", None), "https://af.gog.com/game/x?as=33&y=1");
    let link = "https://af.gog.com/game/x?as=33";
    let facts = gog.look(link, "page").expect("an own link");
    assert_eq!(facts.credit, Credit::Own(0));
    assert_eq!(apply(link, &gog.clean(link, &facts).expect("readable")), "https://www.gog.com/game/x");
}

#[test]
fn what_follows_the_domain_is_enough_for_its_owner() {
    let ids = &[("c", "1"), ("m", "12"), ("a", "2")];
    let map = map(vec![spec("tradetracker", ids, "shop.example", None)]);
    let link = built(&map, "https://shop.example/p/1?a=b#c", None);
    assert_eq!(link, "https://tc.tradetracker.net/?c=1&m=12&a=2&u=%2Fp%2F1%3Fa%3Db%23c");
    let facts = map.look(&link, "page").expect("an own link");
    assert_eq!(facts.destination.as_deref(), Some("https://shop.example/p/1?a=b#c"));
    assert_eq!(apply(&link, &map.clean(&link, &facts).expect("readable")), "https://shop.example/p/1?a=b#c");
    let foreign = map.look("https://tc.tradetracker.net/?c=1&m=12&a=3&u=%2Fp%2F1", "page").expect("a link");
    assert_eq!((foreign.credit, foreign.destination), (Credit::Foreign, None));
    assert_eq!(foreign.layers[0].destination.as_deref(), Some("/p/1"));
}

#[test]
fn software_is_read_where_a_program_says_so_and_elsewhere_by_its_markers() {
    let map = map(vec![
        spec("rewardful", &[("via", "me")], "shop.example", None),
        spec("lemonsqueezy", &[("aff", "me")], "store.example", None),
    ]);
    for (url, credit) in [
        ("https://shop.example/?via=me", Some(Credit::Own(0))),
        ("https://www.shop.example/?via=you&x=1", Some(Credit::Foreign)),
        ("https://shop.example/?ref=you", Some(Credit::None)),
        ("https://shop.example/?rfsn=11.0a1b2c", Some(Credit::Foreign)),
        ("https://other.example/?via=me", None),
        ("https://store.example/?aff=me", Some(Credit::Own(1))),
        ("https://store.example/?aff=you", Some(Credit::Foreign)),
        ("https://my.lemonsqueezy.com/?aff=me", Some(Credit::Own(1))),
    ] {
        assert_eq!(map.look(url, "page").map(|facts| facts.credit), credit, "{url}");
    }
    assert_eq!(built(&map, "https://shop.example/p?rfsn=11.0a1b2c#x", None), "https://shop.example/p?via=me#x");
}

#[test]
fn a_redirector_credits_whoever_stands_inside_it() {
    let map = map(vec![spec("amazon", &[("tag", "mysite-20")], "", None)]);
    let google = |url: &str| format!("https://www.google.com/url?sa=t&q={}", encode(url));
    for (url, credit) in [
        ("https://www.amazon.com/dp/B000000000", Credit::None),
        ("https://www.amazon.com/dp/B000000000?tag=mysite-20", Credit::Own(0)),
        ("https://www.amazon.com/dp/B000000000?tag=other-20", Credit::Foreign),
        ("https://amzn.to/1nvent", Credit::Unknown),
    ] {
        let facts = map.look(&google(url), "page").expect("a merchant inside");
        assert_eq!((facts.credit.clone(), facts.is_redirected()), (credit, true), "{url}");
        assert_eq!(facts.layers[0].network, "google");
    }
    for url in ["https://other.example/", "https://shop.example/?ref=x"] {
        assert_eq!(map.look(&google(url), "page"), None, "{url}");
    }
    assert_eq!(map.look("https://me@www.google.com/url?q=x", "page"), None);
}

static KNOWN: OnceLock<ProgramMap> = OnceLock::new();

/// The next of a sequence that looks random and is the same for the same seed.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap_or(0)
}

/// A value of `chars`.
fn value_of(chars: Chars, seed: &mut u64) -> String {
    let all: Vec<_> = (0..128).map(|byte: u8| byte).filter(|byte| chars.allows(*byte)).collect();
    let (min, max) = (usize::from(chars.min), usize::from(chars.max));
    let len = min + next(seed) % (max.min(min + 9) - min + 1);
    let mut value: Vec<u8> = (0..len).map(|_| all[next(seed) % all.len()]).collect();
    if let (Some(inside), true) = (chars.inside, len > 2) {
        let at = 1 + next(seed) % (len - 2);
        value[at] = inside;
    }
    String::from_utf8(value).expect("ASCII")
}

/// A link of form `at` of `net` to `destination`, and the captures in it.
fn written(net: &Net, at: usize, destination: &str, subid: &str, seed: &mut u64) -> (String, Vec<(String, String)>) {
    let form = &net.forms[at];
    let host = host_of(net.network, form, seed);
    let names = net.network.ids.iter().map(|id| id.name).chain(net.network.fields.iter().map(|(name, _)| *name));
    let mut captures: Vec<(String, String)> = Vec::new();
    for name in names.filter(|name| form.template.captures(name)) {
        let chars = net.network.chars_of(name).expect("known");
        let value = if name == "host" { host.clone() } else { value_of(chars, seed) };
        // hosts are compared in lower case
        let in_host = form.data.template.starts_with("https://{") && !form.template.captures("host");
        let value = if in_host { value.to_lowercase() } else { value };
        captures.push((name.to_owned(), value));
    }
    if form.template.captures(SUBID) {
        captures.push((SUBID.to_owned(), subid.to_owned()));
    }
    let value = |name: &str| captures.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let link = if form.template.is_append() {
        let url = Split::of(destination).expect("a URL");
        let settings = form.template.settings("", &value).expect("all known");
        let changes: Vec<_> = settings.iter().map(|(name, value)| Change::Set(name, value)).collect();
        let place = Place { in_fragment: form.template.in_fragment(), any_case: true };
        let link = apply(destination, &edit_params(&url, place, &changes));
        link.replacen(&destination[url.host], &host, 1)
    } else {
        let link = form.template.write(destination, &value).expect("all known");
        let hostless = link.strip_prefix("https:///").map(|rest| format!("https://{host}/{rest}"));
        hostless.unwrap_or(link)
    };
    (packed(form.data.unpack, link), captures)
}

fn host_of(network: &Network, form: &NetForm, seed: &mut u64) -> String {
    let own = form.data.hosts.first().map(|host| (host.trim_start_matches('='), host.starts_with('=')));
    let listed: Vec<_> = network.hosts.iter().map(|host| (host.domain, host.exact)).collect();
    let mut of_network = || listed.get(next(seed) % listed.len().max(1)).copied();
    let anywhere = form.data.anywhere || listed.is_empty();
    let (host, exact) = own.or_else(|| if anywhere { None } else { of_network() }).unwrap_or(("any.example", true));
    let label = form.data.label.map(|label| format!("{label}.")).unwrap_or_default();
    format!("{}{host}", if exact { "" } else { label.as_str() })
}

fn packed(unpack: Option<Unpack>, link: String) -> String {
    let Some((front, query)) = link.split_once('?') else { return link };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    match unpack {
        None => link,
        Some(Unpack::Parens) => {
            format!("{front}?{}", pairs.map(|(name, value)| [name, "(", value, ")"].concat()).collect::<String>())
        }
        Some(Unpack::Base64Json(name)) => {
            let member = |(name, value): (&str, &str)| {
                (name.to_owned(), serde_json::Value::String(networks::query::decode(value).into_owned()))
            };
            let object: serde_json::Map<_, _> = pairs.map(member).collect();
            let text = serde_json::to_string(&object).expect("JSON");
            format!("{front}?{name}={}", base64(text.as_bytes()))
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let sixes = (0..=chunk.len()).map(|at| DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        out.extend(sixes.map(char::from));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_form_that_is_written_is_read_back(
        path in "(/[a-zA-Z0-9._~!$&'()*+,;=:@é-]{0,8}|/%[0-9A-F][0-9A-F]){0,4}",
        query in proptest::option::of("(z[a-z]{1,3}=[a-zA-Z0-9%2F/?:@é.~-]{0,6}&){0,4}zz=1"),
        fragment in proptest::option::of("[a-zA-Z0-9/?é-]{1,8}"),
        nested in 0_usize..3,
        subid in "[a-z0-9]{1,12}",
        seed in any::<u64>(),
    ) {
        let tail = [Some(format!("/q{path}")), query.map(|query| format!("?{query}")), fragment.clone().map(|f| format!("#{f}"))];
        let tail: String = tail.into_iter().flatten().collect();
        let map = KNOWN.get_or_init(known);
        let mut seed = seed;
        for (number, net) in map.nets.iter().enumerate() {
            for (at, form) in net.forms.iter().enumerate() {
                let needs_program = net.network.is_software() && net.network.hosts.is_empty() && net.network.markers.is_empty();
                if needs_program || form.clean.is_some() {
                    continue;
                }
                let tagged = form.template.is_append();
                let mut destination = format!("https://www.shop.example{tail}");
                if form.template.in_fragment() {
                    destination.truncate(destination.find('#').unwrap_or(destination.len()));
                }
                let path_only = ["{url:path}", "{url:barepath}"].iter().any(|url| form.data.template.contains(url));
                for _ in 0..if tagged || path_only { 0 } else { nested } {
                    destination = format!("https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued={}", encode(&destination));
                }
                let (link, captures) = written(net, at, &destination, &subid, &mut seed);
                let facts = map.look(&link, "page");
                let plain = net.network.credits_nobody && !net.network.shop && facts.is_none();
                prop_assert!(facts.is_some() || plain, "{} {link}", net.network.id);
                let Some(decoded) = map.decoder().decode(&link) else { continue };
                let mark = decoded.marks.first().ok_or_else(|| TestCaseError::fail(link.clone()))?;
                prop_assert!(matches!(mark.maker, Maker::Network(one, _) if one == number), "{} {link}", net.network.id);
                for (name, value) in &captures {
                    prop_assert_eq!(mark.get(name), Some(value.as_str()), "{} `{}` {}", net.network.id, name, link);
                }
                prop_assert!(!decoded.ambiguous, "{link}");
                let wanted = match form.data.swap {
                    _ if tagged => Some(destination.replacen("www.shop.example", "", 1)),
                    _ if path_only => Some(tail.clone()),
                    _ => form.template.has_destination().then_some(destination),
                };
                let found = mark.destination.clone().or_else(|| mark.path.clone());
                let found = found.map(|found| match () {
                    () if tagged => format!("https://{}", found.split_once("//").and_then(|(_, rest)| rest.split_once('/')).map(|(_, rest)| format!("/{rest}")).unwrap_or_default()),
                    () if path_only && !found.starts_with('/') => format!("/{found}"),
                    () => found,
                });
                if let Some(wanted) = wanted {
                    prop_assert_eq!(found.as_deref().map(escape_unsafe), Some(escape_unsafe(&wanted)), "{} {}", net.network.id, link);
                }
            }
        }
    }
}
