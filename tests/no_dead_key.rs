//! Every leaf key of the reference document matters: another valid value changes a rendered file,
//! or a diagnostic says why not.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

mod compiled;

use compiled::{Compiled, REFERENCE, compile, templates, tree};
use precast::key::{KeyPath, Step};
use precast::model::manual::Manual;
use precast::render::Templates;
use precast::resolve::lay_over;
use rayon::prelude::*;
use serde_json::{Value, json};

/// What must be so for a key to be of any consequence: the document describes programs that it does
/// not choose.
const WHERE: &[(&str, &str)] = &[
    (
        "dependencies.cache.memcached",
        r#"{
            "environment": {
                "development": { "cache": { "driver": "memcached" } },
                "staging": { "cache": { "driver": "memcached" } },
                "production": { "cache": { "driver": "memcached" } }
            },
            "scaling": { "cache": { "replication": false, "failover": false } },
            "system": { "php": { "extensions": ["pdo", "pdo_mysql", "memcached"] } }
        }"#,
    ),
    (
        "dependencies.database.postgresql",
        r#"{
            "environment": {
                "development": { "database": { "driver": "postgresql" } },
                "staging": { "database": { "driver": "postgresql" } },
                "production": { "database": { "driver": "postgresql" } }
            },
            "system": { "php": { "extensions": ["pdo", "pdo_pgsql", "redis"] } }
        }"#,
    ),
];

/// Valid values for those whose own spelling does not lead to others.
const VALUES: &[(&str, &[&str])] = &[
    // Above the smallest disk a machine gets whatever is recommended.
    ("recommended", &["64G"]),
    ("error_reporting", &["E_ALL", "E_ALL & ~E_WARNING"]),
    ("extensions", &["intl", "memcached"]),
    ("os", &["linux", "windows"]),
    ("channels", &["email", "slack"]),
    ("driver", &["memcached", "mariadb", "postgresql"]),
    ("eviction_policy", &["volatile-lru", "noeviction"]),
    ("level", &["debug", "warning", "error"]),
    ("rotation", &["hourly", "weekly"]),
    ("schedule", &["30 3 * * *", "0 4 * * 1"]),
    ("host", &["other-host", "10.1.2.3"]),
];

#[test]
fn every_key_of_the_reference_document_matters() {
    let tree = tree(REFERENCE);
    let templates = templates();
    let manual = Manual::default();
    let base = compile(&templates, &tree, &[]);
    assert!(base.errors.is_empty(), "{:?}", base.diagnostics);
    let mut leaves = Vec::new();
    collect(&tree, &KeyPath::default(), &mut leaves);
    assert!(leaves.len() > 90, "{} leaves are too few", leaves.len());
    let dead: Vec<String> = leaves
        .par_iter()
        .filter(|(key, value)| {
            let other = WHERE.iter().find(|(known, _)| *known == key.to_string());
            let other = other.map(|(_, condition)| {
                let mut tree = tree.clone();
                lay_over(&mut tree, &serde_json::from_str(condition).unwrap());
                let base = compile(&templates, &tree, &[]);
                assert!(base.errors.is_empty(), "{:?}", base.diagnostics);
                (tree, base)
            });
            let (tree, base) = other.as_ref().map_or((&tree, &base), |(t, b)| (t, b));
            !alternatives(&manual, key, value)
                .iter()
                .any(|value| matters(&templates, tree, base, key, value))
        })
        .map(|(key, _)| key.to_string())
        .collect();
    assert!(dead.is_empty(), "these keys are dead: {dead:#?}");
}

/// Returns every leaf with its value; a list is a leaf, and so is each of its items.
fn collect(node: &Value, key: &KeyPath, leaves: &mut Vec<(KeyPath, Value)>) {
    match node {
        Value::Object(entries) => {
            for (name, value) in entries {
                collect(value, &key.join(name), leaves);
            }
        }
        Value::Array(items) => {
            leaves.push((key.clone(), node.clone()));
            for (index, item) in items.iter().enumerate() {
                collect(item, &key.at(index), leaves);
            }
        }
        leaf => leaves.push((key.clone(), leaf.clone())),
    }
}

/// Returns whether a key's new value is accepted and changes something, or is refused with a reason
/// that is about more than its spelling.
fn matters(
    templates: &Templates,
    tree: &Value,
    base: &Compiled,
    key: &KeyPath,
    value: &Value,
) -> bool {
    let mut changed = tree.clone();
    let place = place(&mut changed, key);
    *place = value.clone();
    let seen = compile(templates, &changed, &[]);
    if seen.errors.is_empty() {
        return seen != *base;
    }
    // Codes below 10 are about spelling: such a value was not valid.
    seen.errors.iter().all(|code| {
        code.starts_with('L') && code[1..].parse().is_ok_and(|number: u32| number >= 10)
    })
}

fn place<'a>(tree: &'a mut Value, key: &KeyPath) -> &'a mut Value {
    key.steps().iter().fold(tree, |node, step| match step {
        Step::Name(name) => &mut node[name.as_str()],
        Step::Index(index) => &mut node[*index],
    })
}

/// Returns other values, the nearest first.
fn alternatives(manual: &Manual, key: &KeyPath, value: &Value) -> Vec<Value> {
    let mut values = match value {
        Value::Bool(on) => vec![json!(!on)],
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            [number + 1, number - 1, number + 2, number * 2, number / 2]
                .map(Value::from)
                .to_vec()
        }
        Value::String(text) => texts(text),
        Value::Array(items) => vec![json!(items[1..]), json!([])],
        _ => Vec::new(),
    };
    let name = key.steps().iter().rev().find_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    let known = VALUES.iter().filter(|(known, _)| Some(*known) == name);
    for (_, words) in known {
        match value {
            Value::Array(items) => values.extend(words.iter().map(|word| {
                let mut longer = items.clone();
                longer.push(json!(word));
                json!(longer)
            })),
            Value::String(_) => values.extend(words.iter().map(|word| json!(word))),
            _ => {}
        }
    }
    if let Some(entry) = manual.entry(key) {
        values.extend(entry.choices.iter().map(|(word, _)| json!(word)));
    }
    values.retain(|other| other != value);
    values
}

/// Counts the first number in a text up and down: `"512M"`, `">=8.1"`, `"755"`.
fn texts(text: &str) -> Vec<Value> {
    let Some(from) = text.find(|c: char| c.is_ascii_digit()) else {
        return Vec::new();
    };
    let digits = text[from..]
        .find(|c: char| !c.is_ascii_digit())
        .map_or(text.len(), |length| from + length);
    let number: i64 = text[from..digits].parse().unwrap();
    let with = |number: i64| json!(format!("{}{number}{}", &text[..from], &text[digits..]));
    let mut values: Vec<Value> = [number + 1, number - 1, number * 2, number * 4, number - 5]
        .into_iter()
        .filter(|number| *number >= 0)
        .map(with)
        .collect();
    // The last number of a version: `>=8.1`.
    if let Some((front, last)) = text.rsplit_once('.')
        && let Ok(last) = last.parse::<i64>()
    {
        values.insert(0, json!(format!("{front}.{}", last + 1)));
    }
    values
}
