//! SARIF 2.1.0, which code hosts and editors read.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Diagnostic, Diagnostics, Severity, json, text};
use crate::source::{Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'a str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    help: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'a str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Default, Serialize)]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<PhysicalLocation>,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

/// Prints one run with one result for each finding.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut codes: Vec<&str> = diagnostics.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = diagnostics
        .iter()
        .map(|finding| Outcome {
            rule_id: finding.code,
            rule_index: codes.binary_search(&finding.code).unwrap_or_default(),
            level: level(finding.severity),
            message: Message {
                text: message(finding),
            },
            locations: location(finding, sources).into_iter().collect(),
            related_locations: related(finding, sources),
        })
        .collect();
    let rules = codes
        .iter()
        .map(|code| Rule {
            id: code,
            help: Message {
                text: format!("Run `precast explain {code}` to read what it means."),
            },
        })
        .collect();
    json::pretty(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "precast",
                    version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Puts everything a finding says into one text, because viewers show little else.
fn message(finding: &Diagnostic) -> String {
    let mut out = finding.message.clone();
    for note in &finding.notes {
        out.push_str("\nnote: ");
        out.push_str(note);
    }
    if let Some(environment) = &finding.environment {
        let _ = write!(out, "\nnote: in environment `{environment}`");
    }
    if let Some(hint) = &finding.hint {
        out.push_str("\nhint: ");
        out.push_str(hint);
    }
    out
}

fn location(finding: &Diagnostic, sources: &Sources) -> Option<Location> {
    let physical = finding.at.and_then(|span| physical(span, sources));
    let logical: Vec<LogicalLocation> = finding
        .key
        .iter()
        .map(|key| LogicalLocation {
            fully_qualified_name: key.to_string(),
        })
        .collect();
    (physical.is_some() || !logical.is_empty()).then(|| Location {
        physical,
        logical,
        ..Location::default()
    })
}

fn related(finding: &Diagnostic, sources: &Sources) -> Vec<Location> {
    finding
        .related
        .iter()
        .enumerate()
        .map(|(position, (span, label))| Location {
            id: Some(position),
            physical: physical(*span, sources),
            message: Some(Message {
                text: label.clone(),
            }),
            ..Location::default()
        })
        .collect()
}

/// Returns the place of a span in a file; overrides have none that could be opened.
fn physical(span: Span, sources: &Sources) -> Option<PhysicalLocation> {
    let source = sources.get(span.source);
    if !text::is_file(source) {
        return None;
    }
    let (start_line, start_column) = sources.line_column(span);
    let end = span.end.max(span.start);
    let (end_line, end_column) = sources.line_column(Span { start: end, ..span });
    Some(PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: uri(&source.name),
        },
        region: Region {
            start_line,
            start_column,
            end_line,
            end_column,
        },
    })
}

/// Encodes a relative path as a URI: everything but unreserved characters and slashes.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::text::testing::sample;

    #[test]
    fn one_run_holds_all_results() {
        let (found, sources) = sample();
        let expected = include_str!("sarif_sample.json")
            .replace("<version>", env!("CARGO_PKG_VERSION"))
            .replace("<C1>", "\u{9b}")
            .replace("<BIDI>", "\u{202e}");
        assert_eq!(print(&found, &sources), expected);
    }
}
