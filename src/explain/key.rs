//! Where a key's value comes from, layer by layer.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::key::{KeyPath, Step};
use crate::model::manual::{Entry, Manual};
use crate::resolve::Resolved;
use crate::suggest::nearest;

/// Explains a key in every environment asked for.
///
/// # Errors
/// When there is no such key; the text says which one may be meant.
pub fn explain(inventories: &Inventories<'_>, key: &KeyPath) -> Result<String, String> {
    let manual = Manual::default();
    let Some(entry) = manual.entry(key) else {
        return Err(unknown(&manual, key));
    };
    let mut text = format!("{key}\n");
    describe(&mut text, &entry);
    let mut ignored = Diagnostics::default();
    let mut answers: Vec<(String, Vec<String>)> = Vec::new();
    for name in &inventories.wanted {
        let own = key.steps().get(1);
        let foreign = key.steps().first() == Some(&Step::Name("environment".to_owned()))
            && own.is_some_and(|step| *step != Step::Name(name.to_string()));
        if foreign {
            continue;
        }
        let resolved = inventories.resolve(name, &mut ignored);
        let answer = layers(&resolved, key, &entry);
        match answers.iter_mut().find(|(_, same)| *same == answer) {
            Some((names, _)) => {
                let _ = write!(names, ", {name}");
            }
            None => answers.push((name.to_string(), answer)),
        }
    }
    for (names, lines) in answers {
        let _ = write!(text, "\nin {names}:\n");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    Ok(text)
}

fn describe(text: &mut String, entry: &Entry) {
    let _ = writeln!(text, "  {}", entry.description);
    if !entry.kind.is_empty() && entry.kind != entry.description {
        let _ = writeln!(text, "  Takes {}.", entry.kind);
    }
    let width = entry.choices.iter().map(|(word, _)| word.len()).max();
    for (word, meaning) in &entry.choices {
        let _ = writeln!(
            text,
            "    {word:width$}  {meaning}",
            width = width.unwrap_or(0)
        );
    }
    if !entry.children.is_empty() {
        let _ = writeln!(text, "  Keys: {}.", entry.children.join(", "));
    }
}

/// Returns a line per layer that sets the key or something below it, the winner first.
fn layers(resolved: &Resolved<'_>, key: &KeyPath, entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    let mut origins = resolved.origins(key);
    origins.reverse();
    for (tree, value) in origins {
        let place = tree.locate(resolved.sources(), key).map_or_else(
            || "somewhere".to_owned(),
            |place| resolved.sources().place(place.value),
        );
        lines.push((inline(value), place));
    }
    let default = default(key).filter(|value| !value.is_null() || lines.is_empty());
    if let Some(value) = default {
        lines.push((inline(&value), "default".to_owned()));
    }
    let merges = !entry.children.is_empty() || entry.named;
    let width = lines
        .iter()
        .map(|(value, _)| value.chars().count())
        .max()
        .unwrap_or(0);
    let mut lines: Vec<String> = lines
        .into_iter()
        .enumerate()
        .map(|(position, (value, place))| {
            let fate = match position {
                0 => "",
                _ if merges => "  (below it)",
                _ => "  (overridden)",
            };
            format!("{value:width$}  {place}{fate}")
        })
        .collect();
    if merges && let Some(value) = resolved.value(key) {
        lines.insert(0, format!("{}  merged", inline(&value)));
    }
    lines
}

/// Returns a key's default value.
pub fn default(key: &KeyPath) -> Option<Value> {
    match key.steps() {
        [Step::Name(section), Step::Name(_), rest @ ..] if section == "environment" => {
            let settings = serde_json::to_value(crate::model::Settings::default()).ok()?;
            rest.iter()
                .cloned()
                .collect::<KeyPath>()
                .find(&settings)
                .cloned()
        }
        _ => key.find(&crate::model::defaults()).cloned(),
    }
}

/// Writes a value on one line, without quotes where it is a word.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unknown(manual: &Manual, key: &KeyPath) -> String {
    let leaves: BTreeSet<String> = manual.leaves().iter().map(KeyPath::to_string).collect();
    let text = key.to_string();
    // A bare name is enough to find the key that ends in it.
    let last = |leaf: &str| leaf.rsplit('.').next().unwrap_or(leaf).to_owned();
    let names: BTreeSet<String> = leaves.iter().map(|leaf| last(leaf)).collect();
    let near = nearest(&text, leaves.iter().map(String::as_str)).or_else(|| {
        let name = nearest(&text, names.iter().map(String::as_str))?;
        leaves
            .iter()
            .map(String::as_str)
            .find(|leaf| last(leaf) == name)
    });
    match near {
        Some(near) => format!("there is no key `{text}`, did you mean `{near}`?"),
        None => format!("there is no key `{text}`; `precast schema` lists them all"),
    }
}
