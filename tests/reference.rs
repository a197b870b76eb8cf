//! Keeps `src/model/REFERENCE.md`, the page of every key, in step with the model it is made from.
//! `UPDATE=1 cargo test --test reference` writes it.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use precast::key::KeyPath;
use precast::model::manual::{Entry, Manual};
use serde_json::Value;

#[test]
fn the_reference_page_says_what_the_model_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/REFERENCE.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == written,
        "the page is stale: UPDATE=1 cargo test --test reference"
    );
}

fn page() -> String {
    let manual = Manual::default();
    let mut page = "# Every key\n\n\
        Made from the model's doc comments; `UPDATE=1 cargo test --test reference` writes it anew.\n\
        `precast explain KEY` says the same for one key, and where its value comes from.\n"
        .to_owned();
    let mut section = None;
    for key in manual.leaves() {
        let top: KeyPath = key.steps().iter().take(1).cloned().collect();
        if section.as_ref() != Some(&top) {
            let entry = manual.entry(&top).unwrap();
            let _ = write!(
                page,
                "\n## {top}\n\n{}\n\n| key | meaning | value | default |\n| --- | --- | --- | --- |\n",
                entry.description
            );
            section = Some(top);
        }
        let entry = manual.entry(&key).unwrap();
        let cells = [
            format!("`{key}`"),
            entry.description.clone(),
            kind(&entry),
            default(&key),
        ];
        let _ = writeln!(
            page,
            "| {} |",
            cells.map(|cell| cell.replace('|', "\\|")).join(" | ")
        );
    }
    page
}

fn kind(entry: &Entry) -> String {
    if entry.choices.is_empty() {
        return entry.kind.clone();
    }
    let words: Vec<String> = entry
        .choices
        .iter()
        .map(|(word, _)| format!("`{word}`"))
        .collect();
    let list = if entry.kind.starts_with("a list") {
        "a list of "
    } else {
        ""
    };
    format!("{list}{}", words.join(", "))
}

fn default(key: &KeyPath) -> String {
    let value = precast::explain::key::default(key);
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.is_empty() => String::new(),
        Some(Value::Array(items)) if items.is_empty() => "none".to_owned(),
        Some(Value::Object(map)) if map.is_empty() => "none".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(value) => format!("`{value}`"),
    }
}
