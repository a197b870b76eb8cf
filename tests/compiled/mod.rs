//! Inventories taken through every stage in memory.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use precast::compile::{Inventories, render_all};
use precast::diag::{Diagnostics, Severity};
use precast::environment::Environment;
use precast::load::{Document, Layer, Loaded, Overrides, load};
use precast::parse::parse;
use precast::render::Templates;
use precast::resolve::lay_over;
use precast::source::Span;
use precast::topology::topology;
use precast::verify::{Check, Outcome, Subject};
use serde_json::{Map, Value};

/// The folder of the project that holds the reference document and nothing else.
pub(crate) const REFERENCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cases/reference-document/in"
);

/// What an inventory comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Compiled {
    /// Texts by path, by environment. None when there are errors.
    pub(crate) files: BTreeMap<String, BTreeMap<String, String>>,
    /// What is said about it, without places.
    pub(crate) diagnostics: BTreeSet<String>,
    /// The codes of the errors among it.
    pub(crate) errors: BTreeSet<&'static str>,
}

/// Reads a project's shared files into one tree of values.
pub(crate) fn tree(project: &str) -> Value {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(Path::new(project), &Overrides::default(), &mut diagnostics);
    let mut root = Value::Object(Map::new());
    for tree in parse(&loaded, &mut diagnostics) {
        assert_eq!(tree.document.layer, Layer::Shared);
        lay_over(&mut root, &tree.root);
    }
    root
}

/// Takes a tree through every stage. JSON is YAML.
pub(crate) fn compile(templates: &Templates, tree: &Value, environments: &[String]) -> Compiled {
    let text = tree.to_string();
    let mut loaded = Loaded::default();
    let end = text.len();
    let source = loaded.sources.add("inventories/all.yml", text);
    loaded.documents.push(Document {
        layer: Layer::Shared,
        span: Span {
            source,
            start: 0,
            end,
        },
    });
    compile_loaded(templates, &loaded, environments)
}

/// Takes the bundled inventory through every stage, with these arguments of `--set`.
pub(crate) fn compile_bundled(templates: &Templates, arguments: &[&str]) -> Compiled {
    let overrides = Overrides {
        arguments: arguments.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    };
    let mut diagnostics = Diagnostics::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = load(root, &overrides, &mut diagnostics);
    assert!(!diagnostics.has_errors());
    compile_loaded(templates, &loaded, &[])
}

fn compile_loaded(templates: &Templates, loaded: &Loaded, environments: &[String]) -> Compiled {
    let mut diagnostics = Diagnostics::default();
    let inventories = Inventories::new(loaded, environments, &mut diagnostics);
    let resolved = inventories.check(&mut diagnostics);
    let mut compiled = Compiled::default();
    if !diagnostics.has_errors() {
        for resolved in &resolved {
            let environment = Environment {
                topology: topology(resolved),
                resolved,
            };
            let files = render_all(templates, &environment, &mut diagnostics)
                .into_iter()
                .map(|(path, file)| (path, file.text))
                .collect();
            compiled.files.insert(environment.name().to_owned(), files);
        }
    }
    for diagnostic in diagnostics.iter() {
        if diagnostic.severity == Severity::Error {
            compiled.errors.insert(diagnostic.code);
        }
        compiled.diagnostics.insert(format!(
            "{} {:?} {:?} {} {:?}",
            diagnostic.code,
            diagnostic.environment,
            diagnostic.key.as_ref().map(ToString::to_string),
            diagnostic.message,
            diagnostic.notes
        ));
    }
    compiled
}

/// Parses the built-in templates.
pub(crate) fn templates() -> Templates {
    let mut diagnostics = Diagnostics::default();
    let templates = Templates::load(Path::new("/nonexistent"), &mut diagnostics);
    assert!(!diagnostics.has_errors());
    templates
}

/// Returns what `verify` judges.
pub(crate) fn subjects(compiled: &Compiled) -> Vec<Subject> {
    compiled
        .files
        .iter()
        .map(|(environment, files)| Subject {
            environment: environment.clone(),
            files: files.clone(),
        })
        .collect()
}

/// Demands that nothing failed, and in CI that nothing was skipped either.
pub(crate) fn demand_passed(checks: &[Check], about: &str) {
    assert!(!checks.is_empty());
    for check in checks {
        match &check.outcome {
            Outcome::Passed => {}
            Outcome::Skipped(reason) => assert!(
                std::env::var_os("CI").is_none(),
                "{about}: {} was skipped: {reason}",
                check.checker
            ),
            Outcome::Failed(findings) => panic!(
                "{about}: {} found in {}: {findings:#?}",
                check.checker, check.environment
            ),
        }
    }
}
