//! Which keys shape a line of a rendered file.
//!
//! Every key is changed in turn and the file rendered again; the keys whose change moves the line
//! are the ones that shape it. So the answer holds for computed values too, whatever the template
//! or the arithmetic behind them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::environment::Environment;
use crate::explain::key::inline;
use crate::key::{KeyPath, Step};
use crate::model::manual::Manual;
use crate::render::Templates;
use crate::resolve::Resolved;
use crate::targets::{self, Target};
use crate::topology::topology;
use crate::units::Name;
use crate::validate::fits;

/// A line of a rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The environment.
    pub environment: String,
    /// The file's path below `out/<environment>/`.
    pub path: String,
    /// The line, from one.
    pub number: usize,
}

impl Line {
    /// Reads `out/<environment>/<path>:<line>`; whatever stands before `out/` is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let (file, number) = text.rsplit_once(':')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        let below = match file.strip_prefix("out/") {
            Some(below) => below,
            None => file.rsplit_once("/out/")?.1,
        };
        let (environment, path) = below.split_once('/')?;
        Some(Self {
            environment: environment.to_owned(),
            path: path.to_owned(),
            number,
        })
    }
}

/// Names the keys that shape a line.
///
/// # Errors
/// When the environment renders no such file, or the file has no such line.
pub fn explain(
    inventories: &Inventories<'_>,
    templates: &Templates,
    line: &Line,
) -> Result<String, String> {
    let name = inventories
        .names
        .iter()
        .find(|name| name.as_str() == line.environment)
        .ok_or_else(|| format!("there is no environment `{}`", line.environment))?;
    let resolved = inventories.resolve(name, &mut Diagnostics::default());
    let base = render(templates, &resolved, &line.path)
        .ok_or_else(|| format!("`{}` is not rendered for `{}`", line.path, line.environment))?;
    let lines: Vec<&str> = base.lines().collect();
    let Some(words) = lines.get(line.number - 1) else {
        return Err(format!(
            "`{}` has {} lines, there is no line {}",
            line.path,
            lines.len(),
            line.number
        ));
    };
    let shaping = shaping(
        templates,
        &resolved,
        &line.path,
        &base,
        name,
        Some(line.number - 1),
    );
    let mut text = format!(
        "out/{}/{}:{}\n  {}\n",
        line.environment,
        line.path,
        line.number,
        words.trim()
    );
    if shaping.is_empty() {
        text.push_str("\nno key shapes this line; it is the template's own\n");
        return Ok(text);
    }
    text.push_str("\nshaped by\n");
    let rows: Vec<(String, String, String)> = shaping
        .into_keys()
        .map(|key| {
            let value = resolved
                .value(&key)
                .map_or_else(String::new, |v| inline(&v));
            let place = resolved.place(&key).map_or_else(
                || "default".to_owned(),
                |place| resolved.sources().place(place.value),
            );
            (key.to_string(), value, place)
        })
        .collect();
    let width = |column: fn(&(String, String, String)) -> &String| {
        rows.iter()
            .map(|row| column(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (first, second) = (width(|row| &row.0), width(|row| &row.1));
    for (key, value, place) in &rows {
        let _ = writeln!(text, "  {key:first$}  {value:second$}  {place}");
    }
    Ok(text)
}

/// Returns the keys whose change moves a line, or any line when none is named, each with the
/// lines it moves.
pub fn shaping(
    templates: &Templates,
    resolved: &Resolved<'_>,
    path: &str,
    base: &str,
    name: &Name,
    line: Option<usize>,
) -> BTreeMap<KeyPath, Vec<usize>> {
    let manual = Manual::default();
    let mut found = BTreeMap::new();
    for key in keys(&manual, resolved, name) {
        for value in alternatives(&manual, resolved, &key) {
            let Some(changed) = resolved.with(&key, &value) else {
                continue;
            };
            if !fits(&changed) {
                continue;
            }
            let moved = match render(templates, &changed, path) {
                Some(text) if text == base => continue,
                Some(text) => moved_lines(base, &text),
                // The key decides whether the file is there at all.
                None => (0..base.lines().count()).collect(),
            };
            if line.is_none_or(|line| moved.contains(&line)) {
                found.entry(key.clone()).or_insert(moved);
                break;
            }
        }
    }
    found
}

/// Returns every key of this environment, the user's own names filled in.
fn keys(manual: &Manual, resolved: &Resolved<'_>, name: &Name) -> Vec<KeyPath> {
    let typed = serde_json::to_value(&resolved.inventory).unwrap_or_default();
    let mut keys = Vec::new();
    for key in manual.leaves() {
        let key: KeyPath = key
            .steps()
            .iter()
            .map(|step| match step {
                Step::Name(step) if step == "<name>" => Step::Name(name.to_string()),
                step => step.clone(),
            })
            .collect();
        match key.find(&typed) {
            Some(Value::Object(entries)) => {
                keys.extend(entries.keys().map(|entry| key.join(entry)));
            }
            _ => keys.push(key),
        }
    }
    keys
}

/// Returns values a key could have instead.
fn alternatives(manual: &Manual, resolved: &Resolved<'_>, key: &KeyPath) -> Vec<Value> {
    let Some(entry) = manual.entry(key) else {
        return Vec::new();
    };
    let current = resolved.value(key).unwrap_or(Value::Null);
    let mut values: Vec<Value> = entry
        .choices
        .iter()
        .map(|(word, _)| Value::from(word.as_str()))
        .chain(entry.examples.iter().cloned())
        .collect();
    if let Value::Array(items) = &current {
        let item = manual.entry(&key.at(0)).map(|item| item.examples);
        let mut longer = items.clone();
        longer.extend(item.into_iter().flatten().take(1));
        let shorter = items.iter().skip(1).cloned().collect();
        values = vec![Value::Array(longer), Value::Array(shorter), json!([])];
    }
    values.retain(|value| *value != current);
    values
}

fn render(templates: &Templates, resolved: &Resolved<'_>, path: &str) -> Option<String> {
    let environment = Environment {
        topology: topology(resolved),
        resolved,
    };
    // A target may place a file in another's folder: its variables for Ansible, say. The one whose
    // folder it is comes first, because it is the likely one.
    let folder = path.split('/').next()?;
    let (likely, others): (Vec<&Target>, Vec<&Target>) = targets::ALL
        .iter()
        .partition(|target| target.name == folder);
    let artifact = likely
        .into_iter()
        .chain(others)
        .flat_map(|target| (target.lower)(&environment))
        .find(|artifact| artifact.path == path)?;
    templates.render(&artifact).ok()
}

/// Returns the lines of `base`, from zero, that are gone or different in `text`.
fn moved_lines(base: &str, text: &str) -> Vec<usize> {
    TextDiff::from_lines(base, text)
        .iter_all_changes()
        .filter(|change| change.tag() == ChangeTag::Delete)
        .filter_map(|change| change.old_index())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn places_are_found_in_any_spelling() {
        let line = Line {
            environment: "production".to_owned(),
            path: "php/fpm/app.conf".to_owned(),
            number: 12,
        };
        for text in [
            "out/production/php/fpm/app.conf:12",
            "./out/production/php/fpm/app.conf:12",
            "/srv/shop/out/production/php/fpm/app.conf:12",
        ] {
            assert_eq!(Line::parse(text).as_ref(), Some(&line), "{text}");
        }
        for text in [
            "scaling.app.servers",
            "out/production:1",
            "out/a/b:0",
            "a/b:1",
        ] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
    }
}
