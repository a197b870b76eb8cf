//! Reads merged values into the model's types and words what cannot be read.

use std::collections::BTreeSet;

use serde::Deserialize as _;
use serde_json::{Value, json};
use serde_path_to_error::Segment;

use super::{Resolved, lay_over};
use crate::diag::{Diagnostic, Diagnostics};
use crate::key::{KeyPath, Step};
use crate::model::{Inventory, Settings};
use crate::suggest::nearest;
use crate::units::Refusal;

/// Problems reported per environment before the rest is only mentioned. Serde stops at the first
/// one, so each costs another pass.
const MOST_PROBLEMS: usize = 200;

/// Reads the merged tree on top of the defaults. What cannot be read is reported, taken out, and
/// left to its default.
pub(super) fn read(
    resolved: &Resolved<'_>,
    defaults: &Value,
    diagnostics: &mut Diagnostics,
) -> Inventory {
    let mut tree = defaults.clone();
    lay_over(&mut tree, &resolved.tree);
    let mut expected = defaults.clone();
    expected["environment"] = json!({
        resolved.name.as_str(): serde_json::to_value(Settings::default()).unwrap_or_default()
    });
    let mut lists = Vec::new();
    find_lists(&tree, &expected, &KeyPath::default(), &mut lists);
    for key in lists {
        let value = key.find(&tree).cloned().unwrap_or_default();
        diagnostics.push(word(resolved, &key, &value, "expected a map"));
        key.remove(&mut tree);
    }
    let mut unknown = BTreeSet::new();
    for _ in 0..MOST_PROBLEMS {
        keep_environment(&mut tree, resolved.name.as_str());
        match attempt(&tree, &mut unknown) {
            Ok(inventory) => {
                report_unknown(resolved, &unknown, &inventory, diagnostics);
                return inventory;
            }
            Err((path, why)) => {
                let key = existing(&tree, path);
                let value = key.find(&tree).cloned().unwrap_or(Value::Null);
                let finding = word(resolved, &key, &value, &why);
                diagnostics.push(finding);
                if !key.remove(&mut tree) {
                    break;
                }
            }
        }
    }
    diagnostics.push(
        Diagnostic::error(
            "L01",
            format!("more than {MOST_PROBLEMS} values cannot be read"),
        )
        .hint("mend the ones shown and run again"),
    );
    minimal(resolved)
}

/// Finds lists where mappings are expected. Serde would take their items for fields in order.
fn find_lists(tree: &Value, expected: &Value, key: &KeyPath, found: &mut Vec<KeyPath>) {
    match (tree, expected) {
        (Value::Array(_), Value::Object(_)) => found.push(key.clone()),
        (Value::Object(tree), Value::Object(expected)) => {
            for (name, value) in tree {
                if let Some(expected) = expected.get(name) {
                    find_lists(value, expected, &key.join(name), found);
                }
            }
        }
        _ => {}
    }
}

/// Makes sure that the environment has settings: those that cannot be read at all are taken out.
fn keep_environment(tree: &mut Value, name: &str) {
    if !tree["environment"].is_object() {
        tree["environment"] = json!({});
    }
    if tree["environment"].get(name).is_none() {
        tree["environment"][name] = json!({});
    }
}

/// An inventory of defaults, so that later stages have something to look at.
fn minimal(resolved: &Resolved<'_>) -> Inventory {
    let tree = json!({ "environment": { resolved.name.as_str(): {} } });
    Inventory::deserialize(tree).unwrap_or_default()
}

fn attempt(tree: &Value, unknown: &mut BTreeSet<KeyPath>) -> Result<Inventory, (KeyPath, String)> {
    let mut note = |path: serde_ignored::Path<'_>| {
        unknown.insert(ignored_key(&path));
    };
    let deserializer = serde_ignored::Deserializer::new(tree, &mut note);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                Segment::Map { key } => Some(Step::Name(key.clone())),
                Segment::Seq { index } => Some(Step::Index(*index)),
                Segment::Enum { .. } | Segment::Unknown => None,
            })
            .collect();
        (path, error.into_inner().to_string())
    })
}

fn ignored_key(path: &serde_ignored::Path<'_>) -> KeyPath {
    use serde_ignored::Path;
    match path {
        Path::Root => KeyPath::default(),
        Path::Seq { parent, index } => ignored_key(parent).at(*index),
        Path::Map { parent, key } => ignored_key(parent).join(key),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => ignored_key(parent),
    }
}

/// Shortens a path to the part that the tree holds.
fn existing(tree: &Value, mut path: KeyPath) -> KeyPath {
    while path.find(tree).is_none() {
        match path.parent() {
            Some(parent) => path = parent,
            None => break,
        }
    }
    path
}

fn report_unknown(
    resolved: &Resolved<'_>,
    unknown: &BTreeSet<KeyPath>,
    inventory: &Inventory,
    diagnostics: &mut Diagnostics,
) {
    if unknown.is_empty() {
        return;
    }
    // The typed inventory names every key there is, absent ones as null.
    let known = serde_json::to_value(inventory).unwrap_or_default();
    for key in unknown {
        let siblings: Vec<&str> = key
            .parent()
            .and_then(|parent| parent.find(&known).and_then(Value::as_object))
            .map(|map| map.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let name = match key.steps().last() {
            Some(Step::Name(name)) => name.as_str(),
            _ => "",
        };
        let hint = if name == "<<" {
            "merge keys are not part of YAML 1.2; write the keys out".to_owned()
        } else {
            match nearest(name, siblings.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if siblings.is_empty() => "remove it".to_owned(),
                None => format!("keys known here are {}", siblings.join(", ")),
            }
        };
        let places = resolved.origins(key);
        let at = places
            .last()
            .and_then(|(tree, _)| tree.locate(resolved.sources(), key))
            .map(|place| place.key);
        let mut finding = Diagnostic::error("L01", format!("unknown key `{key}`"))
            .key(key.clone())
            .at(at)
            .hint(hint);
        finding.environment = Some(resolved.name.to_string());
        diagnostics.push(finding);
    }
}

/// Turns serde's words into a finding.
fn word(resolved: &Resolved<'_>, key: &KeyPath, value: &Value, why: &str) -> Diagnostic {
    let (code, message, hint) = if let Some((code, message, hint)) = Refusal::from_serde(why) {
        (stable(&code), format!("`{key}`: {message}"), hint)
    } else if let Some((_, choices)) = why
        .strip_prefix("unknown variant `")
        .and_then(|rest| rest.split_once("`, expected "))
    {
        let choices: Vec<&str> = choices.split('`').skip(1).step_by(2).collect();
        let given = plain(value);
        let hint = match nearest(&given, choices.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("choose one of {}", choices.join(", ")),
        };
        ("L01", format!("`{key}` cannot be `{given}`"), hint)
    } else {
        let expected = why
            .split_once("expected ")
            .map_or("something else", |(_, expected)| expected);
        let expected = match expected {
            "a sequence" => "a list",
            "a map" => "a mapping",
            text if text.starts_with("struct ") => "a mapping",
            text if text.contains("enum") => "one word",
            // A unit's description may go on after its first clause.
            text => text.split([';', ':']).next().unwrap_or(text),
        };
        let found = match value {
            Value::Null => "is empty".to_owned(),
            Value::Array(_) => "is a list".to_owned(),
            Value::Object(_) => "is a mapping".to_owned(),
            scalar => format!("is `{}`", plain(scalar)),
        };
        (
            "L01",
            format!("`{key}` {found} where {expected} is expected"),
            "give it such a value, or remove the key to use its default".to_owned(),
        )
    };
    let mut finding = Diagnostic::error(code, message)
        .key(key.clone())
        .at(resolved.place(key).map(|place| place.value))
        .hint(hint);
    finding.environment = Some(resolved.name.to_string());
    finding
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Codes are static; the few that units carry come back from serde as text.
fn stable(code: &str) -> &'static str {
    ["L01", "L02", "L13", "L34", "L45"]
        .into_iter()
        .find(|known| *known == code)
        .unwrap_or("L02")
}
