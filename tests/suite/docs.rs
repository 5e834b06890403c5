//! README, schema and layout in step with the code. `AFFILINK_BLESS=1` writes generated parts anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use affilink::plan::Reason;

use crate::support::{Tree, config, files, root, run};

fn generated(readme: &str, name: &str, made: &str) -> String {
    let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
    let (head, rest) = readme.split_once(&begin).unwrap();
    let (_, tail) = rest.split_once(&end).unwrap();
    format!("{head}{begin}{made}{end}{tail}")
}

fn reasons() -> String {
    let mut table = String::new();
    for reason in Reason::ALL {
        let _ = writeln!(table, "| {} | `{}` | {} |", reason.action().name(), reason.name(), reason.sentence());
    }
    table
}

#[test]
fn readme_tables_are_the_codes() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let made = generated(&readme, "defaults", &affilink::config::defaults_table());
    let made = generated(&made, "reasons", &reasons());
    if std::env::var_os("AFFILINK_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made, "AFFILINK_BLESS=1 writes the tables");
}

#[test]
fn yaml_in_the_readme_is_a_configuration() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks: Vec<_> = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        config(block);
    }
}

#[test]
fn every_command_and_flag_is_in_the_readme_or_its_help() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let help = run(root(), ["--help"]).expect(0).out;
    for command in [
        "build",
        "audit",
        "strip",
        "resolve",
        "filter",
        "mdbook",
        "pandoc",
        "explain",
        "networks",
        "schema",
        "completions",
        "man",
    ] {
        assert!(help.contains(command) && readme.contains(&format!("`{command}")), "{command}");
        run(root(), [command, "--help"]).expect(0);
    }
}

#[test]
fn the_readmes_first_command_does_the_main_job() {
    let tree = Tree::new();
    let out = tree.at("coffee-notes");
    let ran = run(root(), ["build", "fixtures/sites/coffee-notes", "--out", out.to_str().unwrap()]).expect(0);
    let made = files(&out);
    assert_eq!(made.len(), files(&root().join("fixtures/sites/coffee-notes")).len());
    let page = String::from_utf8(made["posts/grinders.md"].clone()).unwrap();
    assert!(page.contains("tag=mysite-20") && page.contains("awin1.com/cread.php"), "{page}");
    assert!(ran.err.contains("files: ") && ran.out.starts_with("rewrote "), "{}{}", ran.out, ran.err);
    assert!(ran.out.lines().count() < 40, "one screen");
}

#[test]
fn what_ci_reads_is_yaml_and_runs_nobodys_input() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let parse = |text: &str| serde_yaml::from_str::<serde_json::Value>(text).unwrap();
    let hooks = parse(&read(".pre-commit-hooks.yaml"));
    for hook in hooks.as_array().unwrap() {
        assert!(hook["entry"].as_str().unwrap().starts_with("affilink check"), "{hook}");
    }
    let action = parse(&read("action.yml"));
    for step in action["runs"]["steps"].as_array().unwrap() {
        // an expression in a script is run by the shell, whatever a pull request made of it
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
    }
    let recipes = read("docs/ci.md");
    let blocks: Vec<_> = recipes.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 3);
    for block in blocks {
        assert!(parse(block).is_object(), "{block}");
    }
    for hook in hooks.as_array().unwrap() {
        assert!(recipes.contains(&format!("`{}`", hook["id"].as_str().unwrap())), "{hook}");
    }
    for input in action["inputs"].as_object().unwrap().keys() {
        assert!(recipes.contains(&format!("`{input}`")), "{input}");
    }
    for format in affilink::report::findings::Format::ALL {
        assert!(recipes.contains(&format!("`{format}`")), "{format}");
    }
}

/// Which modules a module may use: those before it, and those of its own place. See CONTRIBUTING.md.
const LAYERS: &[&[&str]] = &[
    &["span"],
    &["printable"],
    &["source", "diagnostic", "yaml"],
    &["networks"],
    &["program"],
    &["document", "generator", "prefilter", "product", "disclosure"],
    &["config"],
    &["survey", "notice"],
    &["edit"],
    &["plan", "lint", "audit", "init"],
    &["manifest", "walk", "fsio", "git", "interrupt"],
    &["report"],
    &["pipeline"],
    &["explain", "adapters"],
];

/// Uses that go against the layers, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    // a policy holds sub-ID patterns ready to be filled
    ("config", "plan"),
];

#[test]
fn modules_use_lower_modules_only() {
    let layer: BTreeMap<&str, usize> =
        LAYERS.iter().enumerate().flat_map(|(depth, names)| names.iter().map(move |name| (*name, depth))).collect();
    let mut wrong = Vec::new();
    for (file, bytes) in files(&root().join("src")) {
        let module = file.split(['/', '.']).next().unwrap().to_owned();
        // tests may look at anything
        if ["lib", "main", "cli"].contains(&module.as_str()) || file.ends_with("tests.rs") {
            continue;
        }
        let own = *layer.get(module.as_str()).unwrap_or_else(|| panic!("{module} has no layer"));
        let text = String::from_utf8(bytes).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(&depth) = layer.get(used.as_str()) else { continue };
            let allowed = used == module || depth < own || ALLOWED.contains(&(module.as_str(), used.as_str()));
            // neighbours may use each other where neither uses the other back
            if !allowed && depth != own {
                wrong.push(format!("{file} uses crate::{used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
