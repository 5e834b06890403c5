//! What other programs call: one process for many pages, hosts' own protocols.

mod mdbook;
mod pandoc;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support::{Ran, Tree, affilink};

const CONFIG: &str = "\
version: 1
programs:
  shop: {domains: [shop.example], set: {ref: me}, subid: \"{page}-{link}\"}
  old: {domains: [old.example], set: {ref: me}, status: ended}
links: {markdown: html, rel: [sponsored, nofollow]}
disclosure: {place: none}
files: {exclude: [drafts/**]}
";

/// A process that answers lines.
struct Asked {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Asked {
    fn start(tree: &Tree, args: &[&str]) -> Self {
        let mut command = affilink(tree.path(), args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (requests, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, requests, answers: BufReader::new(answers) }
    }

    /// Asks one line and waits for the answer to it.
    fn ask(&mut self, line: impl std::fmt::Display) -> Value {
        writeln!(self.requests, "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{answer:?}: {error}"))
    }

    fn end(self) -> Ran {
        drop(self.requests);
        Ran::of(&self.child.wait_with_output().unwrap())
    }
}

/// Runs the binary with `input`.
fn piped(tree: &Tree, args: &[&str], input: &str) -> Ran {
    let mut child = affilink(tree.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // it may end before it has read everything
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ran::of(&child.wait_with_output().unwrap())
}

fn site() -> Tree {
    Tree::of(&[("affiliates.yaml", CONFIG)])
}

#[test]
fn one_process_serves_all_pages() {
    let tree = site();
    let mut server = Asked::start(&tree, &["filter", "--serve"]);
    let answer = server.ask(r#"{"id":1e2,"path":"a.md","text":"[x](https://shop.example/)\n"}"#);
    assert_eq!(answer["outcome"], "edited");
    assert!(answer["text"].as_str().unwrap().starts_with("<a href=\"https://shop.example/?ref=me\" rel="), "{answer}");
    let answer = server.ask(json!({"path": "a.md", "text": "nothing\n", "id": [null, {"b": 1}]}));
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "changed fail findings id links messages notice outcome path reason text";
    assert_eq!(keys.join(" "), expected);
    assert_eq!(
        (&answer["outcome"], &answer["text"], &answer["id"]),
        (&json!("same"), &json!(null), &json!([null, {"b": 1}]))
    );
    for (request, outcome) in [
        (json!({"path": "drafts/a.md", "text": "[x](https://shop.example/)"}), "skipped"),
        (json!({"path": "a.css", "text": "[x](https://shop.example/)"}), "skipped"),
        (json!({"path": "a.css", "text": "[x](https://shop.example/)", "format": "markdown"}), "edited"),
        (json!({"path": "a.md", "text": "<a href='https://shop.example/'>x</a>", "format": "html"}), "edited"),
        (json!({"path": "a.html", "text": "<p>{{ content }}</p>"}), "skipped"),
        (json!({"path": "a.md", "text": "nul \0 and more"}), "skipped"),
    ] {
        let answer = server.ask(&request);
        assert_eq!((&answer["outcome"], &answer["fail"]), (&json!(outcome), &json!(false)), "{request}: {answer}");
    }
    server.end().expect(0);
}

#[test]
fn nothing_on_a_line_ends_the_process() {
    let tree = site();
    let mut server = Asked::start(&tree, &["filter", "--serve"]);
    for odd in [
        "garbage",
        "{}",
        "[1]",
        "\"x\"",
        r#"{"path":"a.md"}"#,
        r#"{"text":"a"}"#,
        r#"{"path":"a.md","text":"a","links":[]}"#,
        r#"{"path":"a.md","links":[{"rel":"x"}]}"#,
        r#"{"path":"a.md","links":[{"url":"x","href":"y"}]}"#,
        r#"{"path":"a.md","text":7}"#,
        r#"{"path":"a.md","text":"\ud800"}"#,
        r#"{"path":"a.md","text":"a","format":"rst"}"#,
        r#"{"path":"a.md","txt":"a"}"#,
        &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        &format!(r#"{{"id":{}{},"path":"a.md","text":3}}"#, "[".repeat(100_000), "]".repeat(100_000)),
    ] {
        // a blank line is no request
        let answer = server.ask(format!("\n \t\r\n{odd}"));
        assert_eq!((&answer["outcome"], &answer["fail"]), (&json!("error"), &json!(true)), "{odd:.100}: {answer}");
        assert!(answer["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{answer}");
    }
    let answer = server.ask(json!({"path": "a.md", "text": "---\naffilink: 7\n---\nx\n"}));
    assert_eq!((&answer["outcome"], &answer["messages"][0]["level"]), (&json!("refused"), &json!("error")));
    assert_eq!(server.ask(json!({"path": "a.md", "text": "x\n"}))["outcome"], "same");
    let ran = server.end().expect(2);
    assert!(ran.err.is_empty(), "{}", ran.err);
}

#[test]
fn a_request_that_makes_no_sense_is_answered_by_its_name_and_in_words() {
    let tree = site();
    let mut server = Asked::start(&tree, &["filter", "--serve"]);
    for (request, id, path, reason) in [
        (r#"{"path":"a.md","text":"x","id":3,"txt":1}"#, json!(3), json!("a.md"), "unknown key `txt`"),
        (r#"{"id":[7],"text":"x"}"#, json!([7]), json!(null), "missing key `path`"),
        (r#"{"id":7,"path":3,"text":"x"}"#, json!(7), json!(null), "expected a string"),
        (r#"{"id":8,"path":"a.md","links":[3]}"#, json!(8), json!("a.md"), "expected a link, which is an object"),
        (r#"{"id":8,"path":"a.md","#, json!(null), json!(null), "the line ends within it, at byte 22"),
        ("[1]", json!(null), json!(null), "this is no request, which is a JSON object"),
    ] {
        let answer = server.ask(request);
        assert_eq!((&answer["id"], &answer["path"]), (&id, &path), "{request}: {answer}");
        let said = answer["reason"].as_str().expect("a reason");
        assert!(said.contains(reason) && !said.contains("struct"), "{request}: {said}");
    }
    server.end().expect(2);
}

#[test]
fn a_line_beyond_the_limit_is_answered_and_not_held() {
    let tree = Tree::of(&[("affiliates.yaml", CONFIG.replace("files: {", "files: {max_size: 1KiB, "))]);
    let mut server = Asked::start(&tree, &["filter", "--serve"]);
    let answer = server.ask(json!({"path": "a.md", "text": "x".repeat(2000)}));
    assert_eq!((&answer["outcome"], &answer["reason"]), (&json!("skipped"), &json!("over files.max_size")));
    let answer = server.ask(json!({"path": "a.md", "text": "x".repeat(1 << 20)}));
    assert_eq!(answer["outcome"], "error");
    assert_eq!(server.ask(json!({"path": "a.md", "text": "x"}))["outcome"], "same");
    server.end().expect(2);
}

#[test]
fn places_are_the_users_files() {
    let tree = site();
    tree.put("docs/a.md", "---\ntitle: A\n---\n\n# A\n\n{{ include }}\n\nAn [x](https://old.example/1?ref=me) here.\n");
    let mut server = Asked::start(&tree, &["filter", "--serve", "--findings", "--fail-on", "warn"]);
    let text = "\n# A\n\n[click here](https://shop.example/2)\n\nAn [x](https://old.example/1?ref=me) here.\n";
    let request = json!({"path": "a/index.md", "source": "docs/a.md", "text": text, "front_matter": {"title": "A"}});
    let answer = server.ask(&request);
    let places: Vec<_> = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (finding["rule"].as_str().unwrap(), finding["path"].as_str().unwrap(), finding["line"].as_u64().unwrap())
        })
        .collect();
    // what an include put in is where it was put in
    assert!(places.contains(&("vague-link-text", "docs/a.md", 7)), "{places:?}");
    assert_eq!(answer["fail"], true);
    let without = server.ask(json!({"path": "a.md", "text": text, "findings": false}));
    assert_eq!(without["findings"], json!([]));
    // the front matter that was cut off counts, and stands in no line of the answer
    let off = server.ask(json!({"path": "a.md", "text": text, "front_matter": {"affilink": false, "tags": ["x"]}}));
    assert_eq!((&off["outcome"], &off["text"]), (&json!("same"), &json!(null)));
    let built = "<main><p>An <a href=\"https://shop.example/1\">x</a></p></main>";
    let named = server.ask(json!({"path": "a.html", "text": built, "front_matter": {"lang": "de"}}));
    assert!(named["text"].as_str().unwrap().starts_with("<main>"), "{named}");
    let off = server.ask(json!({"path": "a.html", "text": built, "front_matter": {"affilink": false}}));
    assert_eq!((&off["outcome"], &off["text"]), (&json!("same"), &json!(null)));
    let rule = json!({"path": "a.md", "text": "---\n[x](https://shop.example/)\n---\n", "front_matter": {}});
    let rule = server.ask(&rule);
    assert!(rule["text"].as_str().unwrap().starts_with("---\n<a href="), "{rule}");
    server.end().expect(1);
}

#[test]
fn many_requests_are_answered_in_order() {
    let tree = site();
    let mut server = Asked::start(&tree, &["filter", "--serve", "--jobs", "4"]);
    let mut requests = server.requests;
    let writer = std::thread::spawn(move || {
        for id in 0..500 {
            let text = format!("[x](https://shop.example/{id})\n").repeat(id % 50);
            writeln!(requests, "{}", json!({"id": id, "path": "a.md", "text": text})).unwrap();
        }
    });
    let mut ids = Vec::new();
    for line in (&mut server.answers).lines() {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        ids.push(answer["id"].as_u64().unwrap());
    }
    writer.join().unwrap();
    assert_eq!(ids, (0..500).collect::<Vec<_>>());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn a_broken_configuration_answers_nothing() {
    let tree = Tree::of(&[("affiliates.yaml", "version: 1\nprogramms: {}\n")]);
    let ran = Asked::start(&tree, &["filter", "--serve"]).end().expect(2);
    assert!(ran.out.is_empty() && ran.err.contains("programms"), "{ran:?}");
}

#[test]
fn urls_come_alone_or_with_their_page() {
    let tree = site();
    tree.put("affiliates.yaml", CONFIG.replace("set: {ref: me}, subid", "set: {ref: me}, pages: [reviews/**], subid"));
    let mut teller = Asked::start(&tree, &["explain", "-", "--format", "json", "--path", "about.md"]);
    let url = "https://shop.example/x";
    assert_eq!(teller.ask(url)["reason"], "other-pages");
    assert_eq!(teller.ask(json!({"url": url}))["reason"], "other-pages");
    assert_eq!(teller.ask(json!({"url": url, "path": "reviews/a.md"}))["result"], "https://shop.example/x?ref=me");
    for odd in [r#"{"url":1}"#, r#"{"path":"a.md"}"#, "{\"", "{}", r#"{"url":"x","more":1}"#] {
        let answer = teller.ask(odd);
        assert_eq!(answer["url"], odd);
        assert!(answer["error"].is_string(), "{answer}");
    }
    for template in ["{{ url }}", "{% link x %}", ""] {
        assert_eq!(teller.ask(template)["reason"], "no-url");
    }
    teller.end().expect(0);
}

#[test]
fn links_alone_are_judged_as_on_a_page() {
    let tree = site();
    let shown = CONFIG.replace("place: none", "marker: \" (paid)\", text: {de: \"Bezahlt & mehr.\"}");
    tree.put("affiliates.yaml", shown);
    let mut server = Asked::start(&tree, &["filter", "--serve", "--fail-on", "error"]);
    let links = json!([
        {"url": "https://somebody.example/"},
        {"url": "https://shop.example/a?x=1&y=\"", "rel": "noopener", "target": "_top", "text": "a <b>"},
        {"url": "https://shop.example/a?x=1&y=\""},
        {"url": "https://shop.example/off", "off": true},
        {"url": ""}, {"url": "#top"}, {"url": "mailto:a@b.example"}, {"url": "{{ url }}"}, {"url": "java\nscript:alert(1)"},
    ]);
    let answer = server.ask(json!({"id": 7, "path": "a.md", "language": "de", "links": links}));
    assert_eq!(
        (&answer["outcome"], &answer["changed"], &answer["text"]),
        (&json!("edited"), &json!(true), &json!(null))
    );
    let told = answer["links"].as_array().unwrap();
    let url = |index: usize| told[index]["url"].as_str().unwrap();
    assert_eq!(told.len(), links.as_array().unwrap().len());
    assert_eq!(url(1), "https://shop.example/a?x=1&y=\"&ref=me");
    assert_eq!((&told[1]["rel"], &told[1]["target"]), (&json!("noopener sponsored nofollow"), &json!("_top")));
    assert_eq!(told[1]["marker"], " (paid)");
    assert_eq!((&told[3]["changed"], &told[3]["reason"]), (&json!(false), &json!("opt-out-attribute")));
    for index in [0, 4, 5, 6, 7, 8] {
        assert_eq!((&told[index]["url"], &told[index]["changed"]), (&links[index]["url"], &json!(false)));
    }
    let notice = &answer["notice"];
    assert_eq!((&notice["before"], &notice["text"]), (&json!(1), &json!("Bezahlt & mehr.")));
    assert_eq!(notice["html"], "<p class=\"disclosure\">Bezahlt &amp; mehr.</p>");
    assert_eq!(notice["markdown"], "*Bezahlt &amp; mehr.*");
    // what stands there says it already; a page may be left alone
    let said = json!({"path": "a.md", "links": links, "prose": "x\n\nWe earn a commission if you buy."});
    assert_eq!(server.ask(said)["notice"], json!(null));
    let off = json!({"path": "a.md", "links": links, "front_matter": {"affilink": false}});
    assert_eq!(server.ask(off)["outcome"], "same");
    let wrong = server.ask(json!({"path": "a.md", "links": links, "front_matter": {"affilink": 3}}));
    assert_eq!((&wrong["outcome"], &wrong["fail"]), (&json!("refused"), &json!(true)));
    server.end().expect(2);
}

#[test]
fn sub_ids_tell_equal_links_of_a_page_apart() {
    let tree = site();
    tree.put("affiliates.yaml", CONFIG.replace("set: {ref: me}, subid", "set: {ref: me, sub: \"{subid}\"}, subid"));
    let mut server = Asked::start(&tree, &["filter", "--serve"]);
    let link = json!({"url": "https://shop.example/"});
    let answer = server.ask(json!({"path": "posts/a.md", "links": [link, link]}));
    let page =
        server.ask(json!({"path": "posts/a.md", "text": "[x](https://shop.example/) [x](https://shop.example/)\n"}));
    let urls: Vec<_> = answer["links"].as_array().unwrap().iter().map(|link| link["url"].as_str().unwrap()).collect();
    assert_ne!(urls[0], urls[1]);
    for url in urls {
        assert!(page["text"].as_str().unwrap().contains(&url.replace('&', "&amp;")), "{url} is not on {page}");
    }
    server.end().expect(0);
}
