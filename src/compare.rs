//! The keys in which two environments differ.

use std::fmt::Write as _;

use serde_json::Value;

use crate::key::{KeyPath, Step};
use crate::resolve::Resolved;

/// Returns a table of every key whose value differs, defaults included.
pub fn compare(left: &Resolved<'_>, right: &Resolved<'_>) -> String {
    let mut rows = Vec::new();
    differences(&typed(left), &typed(right), &KeyPath::default(), &mut rows);
    if rows.is_empty() {
        return format!("{} and {} do not differ\n", left.name, right.name);
    }
    let header = [
        "key".to_owned(),
        left.name.to_string(),
        right.name.to_string(),
    ];
    let all = || std::iter::once(&header).chain(&rows);
    let width = |column: usize| {
        all()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [key, left, right] in all() {
        let _ = writeln!(text, "{key:first$}  {left:second$}  {right}");
    }
    text
}

/// Returns the inventory as values, with the environment's own section under the same name for
/// both sides.
fn typed(resolved: &Resolved<'_>) -> Value {
    let mut value = serde_json::to_value(&resolved.inventory).unwrap_or_default();
    if let Some(Value::Object(section)) = value.get_mut("environment")
        && let Some(own) = section.remove(resolved.name.as_str())
    {
        section.insert("<name>".to_owned(), own);
    }
    value
}

fn differences(left: &Value, right: &Value, key: &KeyPath, rows: &mut Vec<[String; 3]>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let side = |map: &serde_json::Map<String, Value>| {
                    map.get(name).cloned().unwrap_or(Value::Null)
                };
                let below: KeyPath = key
                    .steps()
                    .iter()
                    .cloned()
                    .chain([Step::Name(name.clone())])
                    .collect();
                differences(&side(a), &side(b), &below, rows);
            }
        }
        (a, b) if a != b => {
            rows.push([key.to_string(), inline(a), inline(b)]);
        }
        _ => {}
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
