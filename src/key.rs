//! Key paths: `scaling.database.read_replicas`, `system.os[1]`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// The path of a key from the top of an inventory, outermost name first.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(Vec<Step>);

/// One step of a [`KeyPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a mapping, by name.
    Name(String),
    /// Into a list, by zero-based position.
    Index(usize),
}

impl KeyPath {
    /// Returns this path extended by a mapping key.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        self.with(Step::Name(name.to_owned()))
    }

    /// Returns this path extended by a position in a list.
    #[must_use]
    pub fn at(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Returns the steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Returns the path of the enclosing mapping or list, or `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// Returns whether this path is `other` or lies inside it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Returns the value this path leads to.
    pub fn find<'a>(&self, tree: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(tree, |node, step| match step {
            Step::Name(name) => node.get(name),
            Step::Index(index) => node.get(index),
        })
    }

    /// Removes the value this path leads to, and says whether there was one.
    pub fn remove(&self, tree: &mut Value) -> bool {
        let Some((last, parents)) = self.0.split_last() else {
            return false;
        };
        let parent = parents.iter().try_fold(tree, |node, step| match step {
            Step::Name(name) => node.get_mut(name),
            Step::Index(index) => node.get_mut(index),
        });
        match (parent, last) {
            (Some(Value::Object(map)), Step::Name(name)) => map.remove(name).is_some(),
            (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
                true
            }
            _ => false,
        }
    }

    /// Returns a tree that holds `value` at this path and nothing else.
    pub fn wrap(&self, value: Value) -> Value {
        self.0.iter().rev().fold(value, |inner, step| match step {
            Step::Name(name) => Value::Object([(name.clone(), inner)].into_iter().collect()),
            Step::Index(_) => Value::Array(vec![inner]),
        })
    }
}

impl FromIterator<Step> for KeyPath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Name(name) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    if name.is_empty() || name.contains(['.', '[', '"', ' ']) {
                        write!(f, "{name:?}")?;
                    } else {
                        f.write_str(name)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl FromStr for KeyPath {
    type Err = String;

    /// Parses a dotted path; a name that holds a dot is written in double quotes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let (digits, after) = after
                    .split_once(']')
                    .ok_or_else(|| format!("`{text}` has a `[` without its `]`"))?;
                let index = digits
                    .parse()
                    .map_err(|_| format!("`[{digits}]` in `{text}` is not a position in a list"))?;
                steps.push(Step::Index(index));
                rest = after;
            } else if let Some(after) = rest.strip_prefix('"') {
                let (name, after) = after
                    .split_once('"')
                    .ok_or_else(|| format!("`{text}` has a quote that is not closed"))?;
                steps.push(Step::Name(name.to_owned()));
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                if end == 0 || rest[..end].contains('"') {
                    return Err(format!("`{text}` has an empty or half-quoted name"));
                }
                steps.push(Step::Name(rest[..end].to_owned()));
                rest = &rest[end..];
            }
            match rest.strip_prefix('.') {
                Some("") => return Err(format!("`{text}` ends with a dot")),
                Some(after) => rest = after,
                None if rest.is_empty() || rest.starts_with('[') => {}
                None => return Err(format!("`{text}` is not a key path")),
            }
        }
        if steps.is_empty() {
            return Err("the key is empty".to_owned());
        }
        Ok(Self(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_being_printed() {
        for text in [
            "scaling.database.read_replicas",
            "system.os[1]",
            r#"php.settings."opcache.jit""#,
        ] {
            assert_eq!(text.parse::<KeyPath>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn malformed_paths_are_refused() {
        for text in ["", ".", "a.", "a..b", "a[x]", "a[1", "a\"b", "\"a\"b"] {
            assert!(text.parse::<KeyPath>().is_err(), "{text}");
        }
    }
}
