//! Stage 2: turns each document into a tree of values. The only module that names the YAML
//! parsers: one gives values fast, the other gives places and runs only when something must be
//! located.

mod places;
mod value;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

pub use self::places::Place;
use self::places::index;
use self::value::Node;
use crate::diag::{Diagnostic, Diagnostics};
use crate::key::{KeyPath, Step};
use crate::load::{Document, Layer, Loaded, VARIABLE_PREFIX};
use crate::source::{Sources, Span};

/// One document's values.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Where it came from.
    pub document: Document,
    /// Its mappings, lists and scalars, from the top of the inventory.
    pub root: Value,
    /// Where each key stands, once somebody has asked.
    places: OnceLock<BTreeMap<KeyPath, Place>>,
}

impl Tree {
    fn new(document: &Document, root: Value) -> Self {
        Self {
            document: document.clone(),
            root,
            places: OnceLock::new(),
        }
    }

    /// Finds where `key` stands, or the nearest key around it that does.
    pub fn locate(&self, sources: &Sources, key: &KeyPath) -> Option<Place> {
        let span = self.document.span;
        let text = &sources.get(span.source).text[span.start..span.end];
        if matches!(self.document.layer, Layer::Variable | Layer::Argument) {
            let name_end = text.find('=').unwrap_or(text.len());
            let value_start = (name_end + 1).min(text.len());
            return Some(Place {
                key: Span {
                    end: span.start + name_end,
                    ..span
                },
                value: Span {
                    start: span.start + value_start,
                    ..span
                },
                plain: false,
            });
        }
        let places = self.places.get_or_init(|| index(text, span).0);
        let mut wanted = key.clone();
        loop {
            if let Some(place) = places.get(&wanted) {
                return Some(*place);
            }
            wanted = wanted.parent()?;
        }
    }
}

/// Parses every document. Those that are not YAML are reported and left out.
pub fn parse(loaded: &Loaded, diagnostics: &mut Diagnostics) -> Vec<Tree> {
    loaded
        .documents
        .iter()
        .filter_map(|document| {
            let root = match document.layer {
                Layer::Shared | Layer::Environment(_) => {
                    yaml_document(document, &loaded.sources, diagnostics)
                }
                Layer::Variable | Layer::Argument => {
                    assignment(document, &loaded.sources, diagnostics)
                }
            }?;
            Some(Tree::new(document, root))
        })
        .collect()
}

fn yaml_document(
    document: &Document,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let span = document.span;
    let text = &sources.get(span.source).text[span.start..span.end];
    match serde_yaml::from_str::<Node>(text) {
        Ok(Node(Value::Null)) => None,
        Ok(Node(mut root @ Value::Object(_))) => {
            let repeated = merge_single_keys(&mut root);
            if repeated {
                report_duplicates(text, span, diagnostics);
            }
            (!repeated).then_some(root)
        }
        Ok(_) => {
            diagnostics.push(
                Diagnostic::error(
                    "L01",
                    "the top of an inventory file is a mapping of sections",
                )
                .at(first_line(text, span))
                .hint("begin with a section, such as `scaling:`"),
            );
            None
        }
        Err(error) => {
            if !report_duplicates(text, span, diagnostics) {
                diagnostics.push(syntax_error(&error, text, span));
            }
            None
        }
    }
}

/// Reports every key that stands twice in one mapping, and says whether there is one.
fn report_duplicates(text: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let (_, twice) = index(text, span);
    let found = !twice.is_empty();
    for (key, first, second) in twice {
        diagnostics.push(
            Diagnostic::error("L01", format!("`{key}` is given twice"))
                .key(key)
                .at(second)
                .label("again here")
                .related(first, "first here")
                .hint("remove one of the two"),
        );
    }
    found
}

fn syntax_error(error: &serde_yaml::Error, text: &str, span: Span) -> Diagnostic {
    // A scanner's complaint ends in " at line 3 column 4", which the excerpt shows better.
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or("not YAML");
    let at = error.location().map(|location| {
        let start = (span.start + location.index()).min(span.end);
        let start = floor_char_boundary(text, start - span.start) + span.start;
        Span {
            start,
            end: start,
            ..span
        }
    });
    let hint = if text.contains('\t') {
        "YAML is indented with spaces, not tabs"
    } else if words.contains("recursion") {
        "inventories are at most a few levels deep; remove the nesting"
    } else if words.contains("repetition") {
        "write the values out instead of using aliases of aliases"
    } else if words.contains("more than one document") {
        "put each document into a file of its own"
    } else {
        "check indentation, colons and quotes on this line and the one above"
    };
    Diagnostic::error("F04", format!("this is not YAML: {words}"))
        .at(at.or_else(|| Some(first_line(text, span))))
        .hint(hint)
}

fn first_line(text: &str, span: Span) -> Span {
    let length = text.lines().next().map_or(0, str::len);
    Span {
        end: span.start + length,
        ..span
    }
}

fn floor_char_boundary(text: &str, mut index: usize) -> usize {
    index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// Reads `PRECAST__SECTION__KEY=value` or `section.key=value`; the value is YAML.
fn assignment(
    document: &Document,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let span = document.span;
    let text = &sources.get(span.source).text;
    let whole = Span {
        start: 0,
        end: text.len(),
        ..span
    };
    let refuse =
        |message: String, hint: &str| Diagnostic::error("F05", message).at(whole).hint(hint);
    let Some((name, value)) = text.split_once('=') else {
        diagnostics.push(refuse(
            format!("`{text}` sets nothing"),
            "write a key and a value, such as scaling.app.servers=3",
        ));
        return None;
    };
    match assigned_key(&document.layer, name) {
        Err(why) => {
            diagnostics.push(refuse(
                why,
                "write the key as in the inventory, section first",
            ));
            None
        }
        Ok(key) => {
            // What is not YAML, such as `>=8.2`, is text; its type judges it.
            let value = match serde_yaml::from_str::<Node>(value) {
                Ok(Node(value)) => value,
                Err(_) => value.into(),
            };
            Some(key.wrap(value))
        }
    }
}

fn assigned_key(layer: &Layer, name: &str) -> Result<KeyPath, String> {
    if *layer == Layer::Variable {
        let path = name.strip_prefix(VARIABLE_PREFIX).unwrap_or(name);
        let steps: Vec<Step> = path
            .split("__")
            .map(|step| Step::Name(step.to_ascii_lowercase()))
            .collect();
        if steps.contains(&Step::Name(String::new())) {
            return Err(format!("`{name}` names no key"));
        }
        return Ok(steps.into_iter().collect());
    }
    let key: KeyPath = name.trim().parse()?;
    if key
        .steps()
        .iter()
        .any(|step| matches!(step, Step::Index(_)))
    {
        return Err(format!("`{key}` is inside a list; set the whole list"));
    }
    Ok(key)
}

/// Turns lists of single keys into the mappings they mean, and says whether one repeats a key.
fn merge_single_keys(root: &mut Value) -> bool {
    let Some(Value::Object(section)) = root.get_mut("dependencies") else {
        return false;
    };
    let mut repeated = false;
    for value in section.values_mut() {
        let Value::Array(items) = value else { continue };
        let single = |item: &Value| item.as_object().is_some_and(|map| map.len() == 1);
        if items.is_empty() || !items.iter().all(single) {
            continue;
        }
        let mut merged = Map::new();
        for (key, value) in items.iter().filter_map(Value::as_object).flatten() {
            repeated |= merged.insert(key.clone(), value.clone()).is_some();
        }
        *value = Value::Object(merged);
    }
    repeated
}

/// Writes a tree as YAML.
pub fn to_yaml(root: &Value) -> String {
    serde_yaml::to_string(root).expect("a tree of JSON values is YAML")
}
