//! Where each key of a YAML document stands.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::key::{KeyPath, Step};
use crate::source::Span;

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

/// Every key and its place, and every key that stands twice with both places.
pub(super) type Index = (BTreeMap<KeyPath, Place>, Vec<(KeyPath, Span, Span)>);

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
pub(super) fn index(text: &str, span: Span) -> Index {
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

/// Returns whether a list of single-key mappings at this path means one mapping:
/// `dependencies.cache: [{redis: ">=6.0"}, {memcached: ">=1.6"}]`.
fn is_list_of_single_keys(steps: &[Step]) -> bool {
    matches!(steps, [Step::Name(section), Step::Name(_)] if section == "dependencies")
}
