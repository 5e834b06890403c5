//! What `lint` says: levels and options of rules, site-wide and page by page. Decides what settings mean; which rules there
//! are is told to it, because rules know pages and this does not.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::findings::{Findings, Place, did_you_mean, listed, quoted};
use super::raw;
use super::raw_values::{Ordered, RuleValue};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The rule is not run.
    #[default]
    Off,
    /// Worth knowing.
    Info,
    /// To be mended.
    Warn,
    /// To be mended before the page is published.
    Error,
}

/// What the configuration needs to know of a rule.
#[derive(Debug)]
pub struct RuleSpec {
    /// Its name, as configurations and suppressions write it.
    pub name: &'static str,
    /// Its level where nothing else is said.
    pub level: Level,
    /// What can be set.
    pub options: &'static [OptionSpec],
}

/// Something of a rule that can be set.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key.
    pub name: &'static str,
    /// Its value where none is given, which also says its type.
    pub default: OptionDefault,
    /// One sentence for users.
    pub meaning: &'static str,
}

/// The default of an option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptionDefault {
    /// A number of 0 or more.
    Number(f64),
    /// One of these words, the first.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts(&'static [&'static str]),
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A word.
    Choice(String),
    /// A list of texts.
    Texts(Vec<String>),
}

/// How one rule is run.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSetting {
    /// How grave its findings are.
    pub level: Level,
    /// The values of its options, in the order of [`RuleSpec::options`].
    pub options: Vec<Setting>,
}

/// Which state of a page is judged (`lint.as`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Judged {
    /// Markdown with a configuration as the build will write it, everything else as it stands.
    #[default]
    Auto,
    /// As the build will write it.
    Built,
    /// As it stands.
    Written,
}

/// What `lint` says for the whole site.
#[derive(Clone, Debug)]
pub struct Lint {
    /// Which state of a page is judged.
    pub judged: Judged,
    /// The level at which findings make a run fail.
    pub fail_on: Level,
    /// The file of known findings, as configured.
    pub baseline: String,
    /// Every rule there is.
    pub specs: &'static [&'static RuleSpec],
    /// How each is run, in the order of `specs`.
    pub rules: Vec<RuleSetting>,
}

/// What an override says of rules: by rule, its level and options if they are said.
#[derive(Clone, Debug, Default)]
pub(super) struct LintChanges(Vec<RuleChange>);

/// What is said of one rule, by its place in the list of rules.
#[derive(Clone, Debug)]
struct RuleChange {
    rule: usize,
    level: Option<Level>,
    options: Vec<(usize, Setting)>,
}

impl Level {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The level called `name`.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Off, Self::Info, Self::Warn, Self::Error].into_iter().find(|level| level.name() == name)
    }
}

impl RuleSpec {
    /// The rule as it is run where nothing is said.
    pub fn setting(&self) -> RuleSetting {
        RuleSetting { level: self.level, options: self.options.iter().map(|option| option.default.value()).collect() }
    }
}

impl OptionDefault {
    fn value(self) -> Setting {
        match self {
            Self::Number(number) => Setting::Number(number),
            Self::Choice(words) => Setting::Choice(words.first().copied().unwrap_or_default().to_owned()),
            Self::Texts(texts) => Setting::Texts(texts.iter().map(|&text| text.to_owned()).collect()),
        }
    }

    fn schema(self) -> Value {
        match self {
            Self::Number(number) => json!({"type": "number", "minimum": 0, "default": number}),
            Self::Choice(words) => {
                let words: Vec<_> = words.iter().map(|word| json!({"const": word})).collect();
                json!({"oneOf": words})
            }
            Self::Texts(texts) => {
                json!({"type": ["string", "array"], "items": {"type": "string"}, "default": texts})
            }
        }
    }

    fn read(self, value: &Value) -> Option<Setting> {
        match (self, value) {
            (Self::Number(_), Value::Number(number)) => {
                number.as_f64().filter(|number| *number >= 0.0).map(Setting::Number)
            }
            (Self::Choice(words), Value::String(word)) => {
                words.contains(&word.as_str()).then(|| Setting::Choice(word.clone()))
            }
            (Self::Texts(_), Value::String(text)) => Some(Setting::Texts(vec![text.clone()])),
            (Self::Texts(_), Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<_>>>().map(Setting::Texts)
            }
            _ => None,
        }
    }
}

impl RuleSetting {
    /// Option `index` as a number; 0 for one that is none.
    pub fn number(&self, index: usize) -> f64 {
        match self.options.get(index) {
            Some(Setting::Number(number)) => *number,
            _ => 0.0,
        }
    }

    /// Whether `count` is more than option `index`, a number.
    #[expect(clippy::cast_precision_loss, reason = "counts of one page")]
    pub fn exceeded_by(&self, index: usize, count: usize) -> bool {
        count as f64 > self.number(index)
    }

    /// Option `index` as a word.
    pub fn choice(&self, index: usize) -> &str {
        match self.options.get(index) {
            Some(Setting::Choice(word)) => word,
            _ => "",
        }
    }

    /// Option `index` as a list of texts.
    pub fn texts(&self, index: usize) -> &[String] {
        match self.options.get(index) {
            Some(Setting::Texts(texts)) => texts,
            _ => &[],
        }
    }
}

impl Lint {
    /// Every rule as it is run on a page that `changes` apply to, in order, and whose front matter ignores `ignored`.
    pub(super) fn on_page<'c>(
        &self,
        changes: impl Iterator<Item = &'c LintChanges>,
        ignored: &[String],
    ) -> Vec<RuleSetting> {
        let mut rules = self.rules.clone();
        for change in changes {
            change.apply(&mut rules);
        }
        for (spec, rule) in self.specs.iter().zip(&mut rules) {
            if ignored.iter().any(|name| name == spec.name) {
                rule.level = Level::Off;
            }
        }
        rules
    }
}

impl LintChanges {
    fn apply(&self, rules: &mut [RuleSetting]) {
        for change in &self.0 {
            let Some(rule) = rules.get_mut(change.rule) else { continue };
            rule.level = change.level.unwrap_or(rule.level);
            for (option, value) in &change.options {
                if let Some(slot) = rule.options.get_mut(*option) {
                    slot.clone_from(value);
                }
            }
        }
    }
}

/// The settings of the whole site.
pub(super) fn lint(
    raw: &raw::Lint,
    specs: &'static [&'static RuleSpec],
    at: Place<'_>,
    findings: &mut Findings,
) -> Lint {
    let mut rules: Vec<_> = specs.iter().map(|spec| spec.setting()).collect();
    changes(&raw.rules, specs, at.key("rules"), findings).apply(&mut rules);
    if raw.baseline.trim().is_empty() && at.key("baseline").is_given() {
        findings.push(at.key("baseline").span(), "`lint.baseline` names no file");
    }
    Lint {
        judged: match raw.judged {
            raw::Judged::Auto => Judged::Auto,
            raw::Judged::Built => Judged::Built,
            raw::Judged::Written => Judged::Written,
        },
        fail_on: match raw.fail_on {
            raw::FailOn::Error => Level::Error,
            raw::FailOn::Warn => Level::Warn,
            raw::FailOn::Info => Level::Info,
        },
        baseline: raw.baseline.clone(),
        specs,
        rules,
    }
}

/// What `raw` changes of the rules.
pub(super) fn changes(
    raw: &Ordered<RuleValue>,
    specs: &'static [&'static RuleSpec],
    at: Place<'_>,
    findings: &mut Findings,
) -> LintChanges {
    let mut changes = Vec::new();
    for (name, value) in &raw.0 {
        let place = at.key(name);
        let Some(rule) = specs.iter().position(|spec| spec.name == name) else { continue };
        match value {
            RuleValue::Level(text) => match Level::named(text) {
                Some(level) => changes.push(RuleChange { rule, level: Some(level), options: Vec::new() }),
                None => unknown_level(text, place, findings),
            },
            RuleValue::Options(map) => {
                let level = map.get("level").and_then(Value::as_str).and_then(Level::named);
                changes.push(RuleChange { rule, level, options: options(map, specs[rule], place, findings) });
            }
        }
    }
    LintChanges(changes)
}

fn options(
    map: &BTreeMap<String, Value>,
    spec: &RuleSpec,
    at: Place<'_>,
    findings: &mut Findings,
) -> Vec<(usize, Setting)> {
    let mut options = Vec::new();
    for (index, option) in spec.options.iter().enumerate() {
        let Some(value) = map.get(option.name) else { continue };
        if let Some(setting) = option.default.read(value) {
            options.push((index, setting));
        } else {
            let message = format!("{} cannot be {}", quoted(option.name), quoted(&value.to_string()));
            findings.push_help(at.key(option.name).span(), message, "write a number of 0 or more");
        }
    }
    options
}

fn unknown_level(text: &str, at: Place<'_>, findings: &mut Findings) {
    let levels = ["off", "info", "warn", "error"];
    let help = did_you_mean(text, levels).unwrap_or_else(|| format!("the levels are {}", listed(levels, "and")));
    findings.push_help(at.span(), format!("{} is no level", quoted(text)), help);
}

/// The schema of `lint.rules`.
pub(super) fn rules_schema(specs: &[&RuleSpec]) -> Value {
    let rules: Map<String, Value> = specs.iter().map(|spec| (spec.name.to_owned(), rule_schema(spec))).collect();
    json!({"type": ["object", "null"], "properties": rules, "additionalProperties": false})
}

fn rule_schema(spec: &RuleSpec) -> Value {
    let level: Vec<_> = ["off", "info", "warn", "error"].iter().map(|level| json!({"const": level})).collect();
    let mut properties = Map::new();
    let about = "How grave its findings are.";
    properties.insert("level".into(), json!({"description": about, "default": spec.level.name(), "oneOf": level}));
    for option in spec.options {
        let mut schema = option.default.schema();
        schema["description"] = option.meaning.into();
        properties.insert(option.name.into(), schema);
    }
    let about = format!("A level, or a map with `level` and options. Default level: {}.", spec.level.name());
    json!({
        "description": about,
        "type": ["string", "object"],
        "properties": properties,
        "additionalProperties": false,
    })
}
