//! What is known and decided about one URL, for people and for programs. Decides words and order; finds nothing out and
//! prints nothing.

mod added;
mod advice;
mod line;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

pub use self::line::{LineView, Unread, UnreadPlace, beside};
pub use self::text::{View, text};
use crate::manifest::Kind;
use crate::plan::{Action, Reason};
use crate::program::{Credit, Layer, UrlFacts};

/// One URL: whose it is, where it leads, what a build makes of it and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'e> {
    /// The URL as it was given, or as it stands on its page.
    pub url: Cow<'e, str>,
    /// What the programs and the catalog know of it; `None` where it is nobody's business.
    pub facts: Option<UrlFacts>,
    /// What a build does.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The program, by its name in the configuration.
    pub program: Option<&'e str>,
    /// The URL that a build writes, where it differs from [`Self::url`].
    pub result: Option<String>,
    /// The `rel` of the link afterwards; `None` for none.
    pub rel: Option<String>,
    /// Whether it should have one that its place or the style of the page's links cannot give it.
    pub lacks_rel: bool,
    /// Where it stands, for a link of a page.
    pub place: Option<Place>,
    /// More, of what is or was no link of the page.
    pub addition: Option<Addition>,
}

/// What there is to know of a mention, a notice, a sentence or a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The product, by its name in the configuration; `None` for what is no mention.
    pub product: Option<String>,
    /// What stands on the page, or what a build puts there.
    pub text: String,
    /// The rule of the linter that stood in the way.
    pub rule: Option<&'static str>,
}

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in code points.
    pub column: usize,
    /// How the link is written.
    pub kind: Kind,
}

/// The object printed for each URL. Its keys are a promise.
#[derive(Serialize)]
struct Object<'o> {
    url: &'o str,
    credit: &'static str,
    layers: Layers<'o>,
    destination: Option<&'o str>,
    program: Option<&'o str>,
    action: Action,
    result: &'o str,
    rel: Option<&'o str>,
    reason: Reason,
}

#[derive(Serialize)]
struct LayerObject<'o> {
    network: &'o str,
    publisher: Option<&'o str>,
    ids: &'o BTreeMap<String, String>,
    subid: Option<&'o str>,
    destination: Option<&'o str>,
}

struct Layers<'o>(&'o [Layer]);

impl Serialize for Layers<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|layer| LayerObject {
            network: &layer.network,
            publisher: layer.publisher.as_deref(),
            ids: &layer.ids,
            subid: layer.subid.as_deref(),
            destination: layer.destination.as_deref(),
        }))
    }
}

impl Explanation<'_> {
    /// Whom the URL credits, in one word.
    pub fn credit(&self) -> &'static str {
        self.facts.as_ref().map_or(Credit::None.name(), |facts| facts.credit.name())
    }

    /// Whether it is about a link, or about what could become one; not about a notice, a sentence or a marker.
    pub fn is_of_link(&self) -> bool {
        self.addition.as_ref().is_none_or(|addition| addition.product.is_some())
    }

    /// The URL that stands there after a build.
    pub fn result(&self) -> &str {
        self.result.as_deref().unwrap_or(&self.url)
    }

    /// Adds the URL as one line of JSON to `out`.
    pub fn json(&self, out: &mut Vec<u8>) {
        let object = Object {
            url: &self.url,
            credit: self.credit(),
            layers: Layers(self.facts.as_ref().map_or(&[], |facts| &facts.layers)),
            destination: self.facts.as_ref().and_then(|facts| facts.destination.as_deref()),
            program: self.program,
            action: self.action,
            result: self.result(),
            rel: self.rel.as_deref(),
            reason: self.reason,
        };
        // nothing in it can fail: its keys are strings and a vector takes all that is written
        let _ = serde_json::to_writer(&mut *out, &object);
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_has_exactly_the_documented_keys_in_their_order() {
        let facts = UrlFacts {
            credit: Credit::Foreign,
            layers: vec![Layer {
                network: "awin".into(),
                publisher: Some("1".into()),
                ids: [("awinaffid".to_owned(), "1".to_owned())].into(),
                subid: None,
                destination: Some("https://shop.example/".into()),
            }],
            destination: Some("https://shop.example/".into()),
            ambiguous: false,
            own_redirect: false,
            own_state: crate::program::OwnState::Right,
            unsafe_url: None,
            candidates: Vec::new(),
            outer: Vec::new(),
            reading: crate::program::Reading::default(),
        };
        let explanation = Explanation {
            url: "https://x.example/\u{1b}\n".into(),
            facts: Some(facts),
            action: Action::Kept,
            reason: Reason::Foreign,
            program: None,
            result: None,
            rel: None,
            lacks_rel: false,
            place: None,
            addition: None,
        };
        let mut out = Vec::new();
        explanation.json(&mut out);
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "{\"url\":\"https://x.example/\\u001b\\n\",\"credit\":\"foreign\",\"layers\":[{\"network\":\"awin\",\
             \"publisher\":\"1\",\"ids\":{\"awinaffid\":\"1\"},\"subid\":null,\"destination\":\"https://shop.example/\"}],\
             \"destination\":\"https://shop.example/\",\"program\":null,\"action\":\"kept\",\
             \"result\":\"https://x.example/\\u001b\\n\",\"rel\":null,\"reason\":\"foreign\"}\n"
        );
    }
}
