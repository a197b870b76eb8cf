//! Stage 2: turns each document into a tree of values. The only module that names the YAML
//! parsers: one gives values fast, the other gives places and runs only when something must be
//! located.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

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
            if let Ok(Node(value)) = serde_yaml::from_str::<Node>(value) {
                Some(key.wrap(value))
            } else {
                diagnostics.push(refuse(
                    format!("the value of `{key}` is not YAML"),
                    "put it in quotes",
                ));
                None
            }
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

/// Returns whether a list of single-key mappings at this path means one mapping:
/// `dependencies.cache: [{redis: ">=6.0"}, {memcached: ">=1.6"}]`.
fn is_list_of_single_keys(steps: &[Step]) -> bool {
    matches!(steps, [Step::Name(section), Step::Name(_)] if section == "dependencies")
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

/// A YAML value. Unlike `serde_json::Value` it refuses a key that stands twice.
struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Self)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping, a list or a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        // `.inf` and `.nan` have no JSON form; as text every type refuses them by name.
        Ok(Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Node(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Node(key)) = entries.next_key()? {
            let key = match key {
                Value::String(key) => key,
                Value::Object(_) | Value::Array(_) => {
                    return Err(A::Error::custom("a key is a word, not a mapping or a list"));
                }
                other => other.to_string(),
            };
            let Node(value) = entries.next_value()?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key is given twice"));
            }
        }
        Ok(Value::Object(map))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(A::Error::custom(
            "tags such as `!name` have no meaning here",
        ))
    }
}

/// Where a key and its value stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The key, or the item of a list.
    pub key: Span,
    /// The value; the first line of a mapping or list.
    pub value: Span,
    /// Whether the value is a scalar without quotes.
    pub plain: bool,
}

type Index = (BTreeMap<KeyPath, Place>, Vec<(KeyPath, Span, Span)>);

/// A mapping or list that is being read.
struct Frame {
    path: KeyPath,
    container: Container,
}

enum Container {
    /// A mapping, and the key whose value comes next.
    Mapping(Option<(KeyPath, Span)>),
    /// A list, and how many items it had so far.
    List(usize),
    /// An item of a list of single keys, which counts as the mapping around it.
    Single(Option<(KeyPath, Span)>),
}

/// Reads a document as events and notes where each key stands. Stops at the first syntax error.
fn index(text: &str, span: Span) -> Index {
    let lines: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let offset = |marker: &saphyr_parser::Marker| {
        let start = lines
            .get(marker.line().saturating_sub(1))
            .copied()
            .unwrap_or(text.len());
        let column = text[start..]
            .char_indices()
            .nth(marker.col())
            .map_or(text.len() - start, |(at, _)| at);
        span.start + start + column
    };
    let mut places = BTreeMap::new();
    let mut twice = Vec::new();
    let mut stack: Vec<Frame> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, extent)) = event else { break };
        let here = Span {
            start: offset(&extent.start),
            end: offset(&extent.end).max(offset(&extent.start)),
            ..span
        };
        let (scalar, plain) = match &event {
            Event::Scalar(text, style, ..) => {
                (Some(text.to_string()), *style == ScalarStyle::Plain)
            }
            Event::Alias(_) => (Some(String::new()), false),
            Event::MappingStart(..) | Event::SequenceStart(..) => (None, false),
            Event::MappingEnd | Event::SequenceEnd => {
                stack.pop();
                continue;
            }
            _ => continue,
        };
        // A scalar in a mapping that waits for a key is that key.
        if let (Some(name), Some(frame)) = (&scalar, stack.last_mut())
            && let Container::Mapping(waiting @ None) | Container::Single(waiting @ None) =
                &mut frame.container
        {
            *waiting = Some((frame.path.join(name), here));
            continue;
        }
        let (path, key) = match stack.last_mut() {
            None => (KeyPath::default(), here),
            Some(frame) => match &mut frame.container {
                Container::Mapping(waiting) | Container::Single(waiting) => {
                    waiting.take().unwrap_or((frame.path.clone(), here))
                }
                Container::List(count) => {
                    *count += 1;
                    (frame.path.at(*count - 1), here)
                }
            },
        };
        let single = matches!(event, Event::MappingStart(..))
            && stack.last().is_some_and(|frame| {
                matches!(frame.container, Container::List(_))
                    && is_list_of_single_keys(frame.path.steps())
            });
        if !path.steps().is_empty() && !single {
            let place = Place {
                key,
                value: one_line(here, text, span),
                plain,
            };
            if let Some(first) = places.insert(path.clone(), place) {
                twice.push((path.clone(), first.key, key));
            }
        }
        let container = match event {
            Event::MappingStart(..) if single => Container::Single(None),
            Event::MappingStart(..) => Container::Mapping(None),
            Event::SequenceStart(..) => Container::List(0),
            _ => continue,
        };
        let path = if single {
            stack
                .last()
                .map(|frame| frame.path.clone())
                .unwrap_or_default()
        } else {
            path
        };
        stack.push(Frame { path, container });
    }
    (places, twice)
}

/// Cuts a span at the end of its first line, so that a caret never runs on.
fn one_line(place: Span, text: &str, span: Span) -> Span {
    let inside = &text[place.start - span.start..place.end - span.start];
    let length = inside
        .lines()
        .next()
        .map_or(0, |line| line.trim_end().len());
    Span {
        end: place.start + length,
        ..place
    }
}
