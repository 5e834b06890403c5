//! The types of `affiliates.yaml`, as in YAML. Decides keys, types and defaults, once: the JSON Schema is generated from
//! here and the file is checked against the schema; doc comments are the schema's descriptions, so they speak to users.
//!
//! Every field has a default, so that what is right in a file can be read although something else in it is wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::raw_values::{IdOrNumber, Ids, Ordered, Percent, RuleValue, Size, Texts, Urls};

/// The map of affiliate programs of a site, and what affilink does with its links.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "affiliates.yaml", extend("required" = ["version"]))]
pub struct Raw {
    /// The version of this format: 1.
    #[schemars(extend("const" = 1))]
    pub version: u64,
    /// The site that the pages are of.
    pub site: Site,
    /// Your memberships in affiliate programs, each by a name of your choice.
    pub programs: Ordered<Program>,
    /// Guest authors and co-owners, each by a name of your choice: their links stay, are disclosed and are never an error.
    pub partners: Ordered<Partner>,
    /// The products whose names become links.
    pub products: Vec<Product>,
    /// What is a link, and what becomes of affiliate links.
    pub links: Links,
    /// The notice on pages with affiliate links, and what else such links need to be told from others.
    pub disclosure: Disclosure,
    /// What `affilink check` reports.
    pub lint: Lint,
    /// Where the names of products become links, and how many.
    pub mentions: Mentions,
    /// Which files are pages.
    pub files: Files,
    /// Where the content of an HTML page stands. CSS selectors.
    pub html: Html,
    /// Other settings for some pages. Maps merge, lists replace, later entries win, a page's front matter wins over all.
    pub overrides: Vec<Override>,
}

/// The site that the pages are of.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Where the site is published, such as `https://example.com`. Links to this host are internal.
    pub url: Option<String>,
    /// The language of pages that do not say theirs, such as `en` or `pt-BR`. Front matter, `<html lang>` and paths like
    /// `/de/` win.
    pub language: Option<String>,
}

/// One membership in an affiliate program. Keys beside the ones listed are ids, named as the network names them: `tag`,
/// `awinaffid`, `campid`. With an `s`, such as `tags`, they are ids for single stores: `tags: {amazon.de: mysite-21}`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("additionalProperties" = id_schema()))]
pub struct Program {
    /// The network that forms the links, such as `amazon` or `awin`. Leave it out for a merchant's own scheme and give
    /// `set` or `template`.
    #[schemars(extend("enum" = network_ids()))]
    pub network: Option<String>,
    /// The merchant's domains; subdomains are included. Needed unless the network says them itself, as Amazon does.
    pub domains: Texts,
    /// Only merchant URLs with these paths, such as `/products/**`; `/products/` is all that lies below it. Default: every
    /// path.
    pub paths: Texts,
    /// Only on these pages, such as `reviews/**`. Default: every page.
    pub pages: Texts,
    /// Append form: parameters added to the merchant's URL, such as `{ref: mysite, sub: "{subid}"}`. The first says
    /// whom a link credits: with another value it is somebody else's link.
    pub set: Option<Ordered<IdOrNumber>>,
    /// Redirect form: the link, with `{url}` (the destination, encoded) or `{+url}` (as it is) and `{subid}`.
    pub template: Option<String>,
    /// A link to the merchant copied from the network, for networks whose links cannot be formed from ids alone.
    pub link: Option<String>,
    /// Whether the program is in use.
    pub status: Status,
    /// The first day it is in use, such as `2026-01-31`.
    pub starts: Option<String>,
    /// The last day it is in use, such as `2026-12-31`.
    pub ends: Option<String>,
    /// Where several programs serve a merchant, the highest priority wins; then commission, then cookie days.
    pub priority: i64,
    /// What the program pays, in per cent, such as `5%`.
    pub commission: Option<Percent>,
    /// How long a click counts, in days.
    #[schemars(extend("minimum" = 0))]
    pub cookie_days: Option<f64>,
    /// Ids you no longer use: links with them are yours, and get the first of today's ids.
    pub retired_ids: Ids,
    /// The sub-ID of this program's links, instead of `links.subid`. Placeholders: {page} {link} {program} {product} {date}.
    pub subid: Option<String>,
}

/// Whether a program is in use.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// New links are made.
    #[default]
    Active,
    /// No new links; existing ones stay.
    Paused,
    /// No new links; existing ones become plain links.
    Ended,
}

/// Somebody whose affiliate links stay. Keys beside `network` are ids, named as the network names them.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["network"], "additionalProperties" = partner_id_schema()))]
pub struct Partner {
    /// The network that the ids are of, such as `amazon` or `awin`.
    #[schemars(extend("enum" = network_ids()))]
    pub network: Option<String>,
}

/// A product whose name becomes a link, or a file of products.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Product {
    /// What it is called.
    pub name: Option<String>,
    /// What else it is called.
    pub aliases: Texts,
    /// Where it can be bought: the merchant's own URL, which becomes your link.
    pub url: Option<String>,
    /// Several places: the first with an active program is taken. As a map of languages, `{de: ..., en: ...}`, the page's
    /// language comes first, then `url`.
    pub urls: Urls,
    /// How upper and lower case must agree.
    pub case: Case,
    /// Only on pages that also hold one of these words.
    pub context: Texts,
    /// Phrases with the name in them that mean something else, such as `Echo Park`.
    pub not: Texts,
    /// Only on these pages, such as `reviews/**`. Default: every page.
    pub pages: Texts,
    /// The most links to it on a page, instead of `mentions.per_product`.
    pub per_page: Option<u64>,
    /// A CSV file of products beside this one, with a header row: `name`, `url` and, where wanted, `aliases`, `case`,
    /// `context`, `not`, `pages`, `per_page`, and `url_de` and the like. `|` stands between several values of a cell.
    pub from: Option<String>,
}

/// How upper and lower case of a product's name must agree.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// A name in lower case stands for any case; any other for itself and for itself in capitals.
    #[default]
    Smart,
    /// As the name is written.
    Exact,
    /// Any case.
    Ignore,
}

/// Where the names of products become links, and how many. Links that stand on a page already count.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mentions {
    /// Whether names become links at all.
    pub enabled: bool,
    /// The most links to products on a page.
    pub per_page: u64,
    /// The most links to one product on a page.
    pub per_product: u64,
    /// The most links to products in a paragraph, a list item or a table cell.
    pub per_paragraph: u64,
    /// How many words lie between two links to products at least; 0 for no such limit.
    pub per_words: u64,
    /// Where names stay names. Links, code, buttons, labels and shortcodes are always left alone.
    pub skip: Vec<SkipPlace>,
    /// Built HTML pages whose names become links though they are no single article, such as `guides/**`.
    pub pages: Texts,
}

impl Default for Mentions {
    fn default() -> Self {
        Self {
            enabled: true,
            per_page: 3,
            per_product: 1,
            per_paragraph: 1,
            per_words: 100,
            skip: vec![SkipPlace::Headings, SkipPlace::Quotes, SkipPlace::Captions, SkipPlace::Summary],
            pages: Texts::default(),
        }
    }
}

/// A kind of place where names can be left alone.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SkipPlace {
    /// Headings.
    Headings,
    /// Quotations.
    Quotes,
    /// Captions of figures and tables.
    Captions,
    /// The line that stands for folded-up details.
    Summary,
}

/// What is a link, and what becomes of affiliate links.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Links {
    /// Whether merchant URLs in running text that a program wins become links.
    pub bare_urls: bool,
    /// Front-matter keys that hold links, such as `affiliate_link` or `products[].url`.
    pub front_matter: Texts,
    /// Shortcode arguments that hold links, by shortcode name: names, or positions from 0, such as `{cta: [url], buy: [0]}`.
    pub shortcodes: Ordered<Ids>,
    /// MDX component attributes that hold links, by component name, such as `{LinkCard: [href]}`.
    pub components: Ordered<Texts>,
    /// The site's own redirects.
    pub redirects: Redirects,
    /// What becomes of somebody else's affiliate links.
    pub foreign: Foreign,
    /// Whether the destination behind a redirector is taken out, so that own programs apply to it.
    pub unwrap: bool,
    /// The sub-ID of new links, such as `{page}-{link}`; empty for none. Of a page name without Latin
    /// letters and digits `{page}` is a hash. Placeholders: {page} {link} {program} {product} {date}.
    pub subid: String,
    /// The `rel` tokens of affiliate links, merged into what the author wrote.
    pub rel: Texts,
    /// What becomes of the `target` of affiliate links.
    pub target: Target,
    /// How attributes get into Markdown.
    pub markdown: Markdown,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            bare_urls: true,
            front_matter: Texts::default(),
            shortcodes: Ordered::default(),
            components: Ordered::default(),
            redirects: Redirects::default(),
            foreign: Foreign::default(),
            unwrap: false,
            subid: String::new(),
            rel: Texts::of(&["sponsored", "nofollow"]),
            target: Target::default(),
            markdown: Markdown::default(),
        }
    }
}

/// The site's own redirects: recognised, with their destination where it is known.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Redirects {
    /// Paths of the own site that are redirects, such as `/go/**`.
    pub paths: Texts,
    /// Hosts that hold nothing but redirects, such as `l.example.com`.
    pub hosts: Texts,
    /// Files with redirects, beside this one: `_redirects` (Netlify, Cloudflare) or `.csv` with the columns `from,to`.
    pub from: Texts,
}

/// What becomes of somebody else's affiliate links.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Foreign {
    /// They stay.
    #[default]
    Keep,
    /// They become yours where a program of yours serves the merchant.
    Replace,
    /// They become plain links.
    Strip,
}

/// What becomes of the `target` of affiliate links.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// It stays as written.
    #[default]
    Keep,
    /// They open in a new window, with `noopener`.
    Blank,
}

/// How attributes get into Markdown.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Markdown {
    /// As the site's generator reads them; `plain` where it is unknown or Hugo.
    #[default]
    Auto,
    /// A link becomes `<a href="..." rel="...">`.
    Html,
    /// `[text](url){: rel="..."}`, for Jekyll.
    Kramdown,
    /// `[text](url){rel="..."}`, for Pandoc and Quarto.
    Pandoc,
    /// Not at all: the URL alone changes.
    Plain,
}

/// What `affilink check` reports.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lint {
    /// Which state of a page is judged: as `affilink build` will write it, or as it stands.
    #[serde(rename = "as")]
    pub judged: Judged,
    /// Findings of this level and above make `affilink check` exit with 1.
    pub fail_on: FailOn,
    /// The file of known findings, beside this one; it is used when it exists.
    pub baseline: String,
    /// Levels and options of rules, such as `{link-density: {level: warn, per_1000_words: 10}}` or `{static-price: info}`.
    /// `affilink rules` lists them.
    pub rules: Ordered<RuleValue>,
}

impl Default for Lint {
    fn default() -> Self {
        Self {
            judged: Judged::default(),
            fail_on: FailOn::default(),
            baseline: "affilink-baseline.jsonl".into(),
            rules: Ordered::default(),
        }
    }
}

/// Which state of a page is judged.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judged {
    /// Markdown with a configuration as it will be built, everything else as it stands.
    #[default]
    Auto,
    /// As it will be built.
    Built,
    /// As it stands.
    Written,
}

/// The level at which findings make a run fail.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings, too.
    Warn,
    /// Every finding.
    Info,
}

/// The notice on pages with affiliate links, and what else such links need to be told from others.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Disclosure {
    /// Where the notice stands on a page with affiliate links.
    pub place: NoticePlace,
    /// The notice by language, such as `{en: "We earn a commission if you buy through links on this page."}`. Built in for
    /// en, es, de, ja, fr, pt, ru, it, nl and pl.
    pub text: Ordered<String>,
    /// How the notice is written in Markdown; `{text}` stands for it. Several lines may stand around it.
    pub markdown: String,
    /// How the notice is written in HTML; `{text}` stands for it.
    pub html: String,
    /// Who shows the sentences that programs require, such as Amazon's.
    pub statement: StatementPlace,
    /// What shows a notice on its own: CSS selectors, names of components, names of shortcodes.
    pub recognize: Texts,
    /// By which standard a wording counts as clear.
    pub standard: Standard,
    /// What stands after each affiliate link outside headings, such as ` (paid link)`; empty for nothing.
    pub marker: String,
}

impl Default for Disclosure {
    fn default() -> Self {
        Self {
            place: NoticePlace::default(),
            text: Ordered::default(),
            markdown: "*{text}*".into(),
            html: "<p class=\"disclosure\">{text}</p>".into(),
            statement: StatementPlace::default(),
            recognize: Texts::default(),
            standard: Standard::default(),
            marker: String::new(),
        }
    }
}

/// Where the notice stands on a page with affiliate links.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticePlace {
    /// Before the first affiliate link: in Markdown directly before its block, in HTML at the top of its article.
    #[default]
    Auto,
    /// At the top of the content, behind its title.
    Top,
    /// At the end of the content.
    Bottom,
    /// Nowhere: the theme shows it.
    None,
}

/// Who shows the sentences that programs require.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatementPlace {
    /// The page: they are added where a link of the program stands and the page lacks them.
    #[default]
    Page,
    /// The theme.
    Theme,
}

/// By which standard a wording counts as clear.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standard {
    /// The United States' Federal Trade Commission.
    #[default]
    Ftc,
    /// The United Kingdom's Advertising Standards Authority.
    Asa,
    /// German practice.
    De,
}

/// Which files are pages.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Globs of files that are pages.
    pub include: Texts,
    /// Globs of files that are left alone, such as `drafts/**`.
    pub exclude: Texts,
    /// Globs of `.md` files that are MDX.
    pub mdx: Texts,
    /// Larger files are skipped.
    pub max_size: Size,
    /// What a page that cannot be edited safely does to the exit code.
    pub on_refused: OnRefused,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            include: Texts::of(&["**/*.{md,markdown,mdx,html,htm}"]),
            exclude: Texts::default(),
            mdx: Texts::default(),
            max_size: Size("64MiB".into()),
            on_refused: OnRefused::default(),
        }
    }
}

/// What a page that cannot be edited safely does to the exit code.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnRefused {
    /// Exit 2.
    #[default]
    Fail,
    /// It is reported; exit 0.
    Warn,
}

/// Where the content of an HTML page stands.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Html {
    /// The elements that hold the content; where none is found, it is `body`.
    pub content: String,
    /// Elements inside the content that are none of it; may be empty.
    pub skip: String,
    /// Elements whose links are never edited.
    pub ignore: String,
}

impl Default for Html {
    fn default() -> Self {
        Self {
            content: "main, article, [role=main]".into(),
            skip: "nav, header, footer, aside".into(),
            ignore: String::new(),
        }
    }
}

/// Other settings for some pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["files"]))]
pub struct Override {
    /// Globs of the pages that this is about, such as `guides/**`.
    pub files: Texts,
    /// What kind of page they are.
    pub kind: Option<Kind>,
    /// Other settings for links.
    pub links: OverrideLinks,
    /// Other settings for the notice.
    pub disclosure: OverrideDisclosure,
    /// Other levels and options of rules.
    pub lint: OverrideLint,
    /// Other settings for the names of products.
    pub mentions: OverrideMentions,
    /// Other selectors.
    pub html: OverrideHtml,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Found out from where its links stand.
    #[default]
    Auto,
    /// Running text.
    Article,
    /// A list of products.
    Roundup,
}

/// The keys of `links` that may differ between pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverrideLinks {
    /// Instead of `links.bare_urls`.
    pub bare_urls: Option<bool>,
    /// Instead of `links.foreign`.
    pub foreign: Option<Foreign>,
    /// Instead of `links.unwrap`.
    pub unwrap: Option<bool>,
    /// Instead of `links.subid`.
    pub subid: Option<String>,
    /// Instead of `links.rel`.
    pub rel: Option<Texts>,
    /// Instead of `links.target`.
    pub target: Option<Target>,
    /// Instead of `links.markdown`.
    pub markdown: Option<Markdown>,
}

/// The keys of `lint`, for some pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverrideLint {
    /// Levels and options of rules; what is not named stays.
    pub rules: Ordered<RuleValue>,
}

/// The keys of `disclosure`, for some pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverrideDisclosure {
    /// Instead of `disclosure.place`.
    pub place: Option<NoticePlace>,
    /// Beside and instead of `disclosure.text`, by language.
    pub text: Ordered<String>,
    /// Instead of `disclosure.markdown`.
    pub markdown: Option<String>,
    /// Instead of `disclosure.html`.
    pub html: Option<String>,
    /// Instead of `disclosure.statement`.
    pub statement: Option<StatementPlace>,
    /// Instead of `disclosure.recognize`.
    pub recognize: Option<Texts>,
    /// Instead of `disclosure.standard`.
    pub standard: Option<Standard>,
    /// Instead of `disclosure.marker`.
    pub marker: Option<String>,
}

/// The keys of `mentions`, for some pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverrideMentions {
    /// Instead of `mentions.enabled`.
    pub enabled: Option<bool>,
    /// Instead of `mentions.per_page`.
    pub per_page: Option<u64>,
    /// Instead of `mentions.per_product`.
    pub per_product: Option<u64>,
    /// Instead of `mentions.per_paragraph`.
    pub per_paragraph: Option<u64>,
    /// Instead of `mentions.per_words`.
    pub per_words: Option<u64>,
    /// Instead of `mentions.skip`.
    pub skip: Option<Vec<SkipPlace>>,
    /// Instead of `mentions.pages`.
    pub pages: Option<Texts>,
}

/// The keys of `html`, for some pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverrideHtml {
    /// Instead of `html.content`.
    pub content: Option<String>,
    /// Instead of `html.skip`.
    pub skip: Option<String>,
    /// Instead of `html.ignore`.
    pub ignore: Option<String>,
}

/// The networks of the catalog, for editors to complete.
fn network_ids() -> Vec<&'static str> {
    crate::networks::all().iter().map(|network| network.id).collect()
}

/// One id, several of them (the first is written, all are yours), or a map of stores.
fn id_schema() -> serde_json::Value {
    let one = serde_json::json!(["string", "integer"]);
    serde_json::json!({
        "description": "An id of the network, or a list: the first is written, all are yours. A name with an `s` takes a map of stores.",
        "type": ["string", "integer", "array", "object"],
        "items": {"type": one},
        "additionalProperties": {"type": ["string", "integer", "array"], "items": {"type": one}},
    })
}

fn partner_id_schema() -> serde_json::Value {
    serde_json::json!({
        "description": "An id of the network, or a list of them.",
        "type": ["string", "integer", "array"],
        "items": {"type": ["string", "integer"]},
    })
}
