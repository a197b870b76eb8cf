//! What each key means, read from the model's doc comments by way of its schema.

use serde_json::Value;

use super::schema::{follow, schema};
use crate::key::{KeyPath, Step};

/// The manual: answers for every key.
#[derive(Debug)]
pub struct Manual(Value);

/// What the manual says about one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is for.
    pub description: String,
    /// The kind of value, in words.
    pub kind: String,
    /// The words it may be, with what each means; empty when it is no choice.
    pub choices: Vec<(String, String)>,
    /// Valid values that differ from each other.
    pub examples: Vec<Value>,
    /// The keys below it, when it is a mapping with fixed keys.
    pub children: Vec<String>,
    /// Whether its keys are names of the user's own, such as environments or headers.
    pub named: bool,
}

impl Default for Manual {
    fn default() -> Self {
        Self(schema())
    }
}

impl Manual {
    /// Looks a key up. Names of environments, headers and the like are any name.
    pub fn entry(&self, key: &KeyPath) -> Option<Entry> {
        let mut node = &self.0;
        for step in key.steps() {
            let map = follow(&self.0, node);
            node = match step {
                Step::Name(name) => map
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .or_else(|| map.get("additionalProperties").filter(|v| v.is_object()))?,
                Step::Index(_) => map.get("items")?,
            };
        }
        Some(self.describe(node))
    }

    /// Returns every key that holds a value, in order. A name of the user's own is `<name>`.
    pub fn leaves(&self) -> Vec<KeyPath> {
        let mut leaves = Vec::new();
        self.collect(&KeyPath::default(), &mut leaves);
        leaves
    }

    fn collect(&self, key: &KeyPath, leaves: &mut Vec<KeyPath>) {
        let Some(entry) = self.entry(key) else { return };
        let below = key.join("<name>");
        let scalars = || {
            self.entry(&below)
                .is_some_and(|item| item.children.is_empty())
        };
        if entry.named && !scalars() {
            self.collect(&below, leaves);
        } else if entry.children.is_empty() {
            leaves.push(key.clone());
        }
        for child in &entry.children {
            self.collect(&key.join(child), leaves);
        }
    }

    fn describe(&self, node: &Value) -> Entry {
        let map = follow(&self.0, node);
        let text = |node: &Value, name: &str| {
            node.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let own = text(node, "description");
        let general = map
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let choices: Vec<(String, String)> = map
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|choice| (text(choice, "const"), text(choice, "description")))
            .collect();
        let children: Vec<String> = map
            .get("properties")
            .and_then(Value::as_object)
            .map(|properties| properties.keys().cloned().collect())
            .unwrap_or_default();
        let named = map
            .get("additionalProperties")
            .is_some_and(Value::is_object);
        let list = map.get("type").and_then(Value::as_str) == Some("array");
        let kind = if !choices.is_empty() {
            "one of these words".to_owned()
        } else if let Some(items) = map.get("items") {
            let item = self.describe(items);
            format!("a list, each item {}", item.kind)
        } else if named || !children.is_empty() {
            "a mapping".to_owned()
        } else {
            general.to_owned()
        };
        let item_choices = map
            .get("items")
            .filter(|_| list)
            .map(|items| self.describe(items).choices)
            .unwrap_or_default();
        Entry {
            description: if own.is_empty() {
                general.to_owned()
            } else {
                own
            },
            kind,
            choices: if list { item_choices } else { choices },
            examples: map
                .get("examples")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            children,
            named,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_documented() {
        let manual = Manual::default();
        for key in manual.leaves() {
            let entry = manual.entry(&key).unwrap();
            assert!(entry.description.ends_with('.'), "{key}: {entry:?}");
            assert!(!entry.kind.is_empty(), "{key}: {entry:?}");
        }
        assert!(manual.leaves().len() > 80);
    }

    #[test]
    fn choices_are_found_in_values_and_lists() {
        let manual = Manual::default();
        let choices = |key: &str| manual.entry(&key.parse().unwrap()).unwrap().choices.len();
        assert_eq!(choices("environment.staging.database.driver"), 3);
        assert_eq!(choices("monitoring.alerts.channels"), 3);
        assert_eq!(choices("scaling.app.servers"), 0);
    }
}
