//! JSON for programs. The shape is stable; `version` changes when it does.

use serde::Serialize;

use super::Diagnostics;
use crate::source::Sources;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    key: Option<String>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    hint: Option<&'a str>,
    environment: Option<&'a str>,
}

/// Prints one object that holds all findings; what a finding does not have is `null`.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let diagnostics = diagnostics
        .iter()
        .map(|finding| {
            let place = finding.at.map(|span| sources.line_column(span));
            Entry {
                code: finding.code,
                severity: finding.severity.name(),
                message: &finding.message,
                key: finding.key.as_ref().map(ToString::to_string),
                file: finding
                    .at
                    .map(|span| sources.get(span.source).name.as_str()),
                line: place.map(|(line, _)| line),
                column: place.map(|(_, column)| column),
                hint: finding.hint.as_deref(),
                environment: finding.environment.as_deref(),
            }
        })
        .collect();
    pretty(&Report {
        version: 1,
        diagnostics,
    })
}

/// Writes JSON with an indent of two spaces and a line end.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let mut out = serde_json::to_string_pretty(value).expect("plain fields are valid JSON");
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::text::testing::sample;

    #[test]
    fn every_finding_has_every_field() {
        let (found, sources) = sample();
        assert_eq!(
            print(&found, &sources),
            r#"{
  "version": 1,
  "diagnostics": [
    {
      "code": "L05",
      "severity": "error",
      "message": "`scaling.app.servers` is 4, above 2",
      "key": "scaling.app.servers",
      "file": "inventories/production/scaling.yml",
      "line": 3,
      "column": 14,
      "hint": "lower it to 2",
      "environment": "production"
    },
    {
      "code": "L27",
      "severity": "warning",
      "message": "`php.child_memory` is 1K",
      "key": "php.child_memory",
      "file": "--set",
      "line": 1,
      "column": 18,
      "hint": null,
      "environment": null
    },
    {
      "code": "L31",
      "severity": "info",
      "message": "backups stay here",
      "key": null,
      "file": null,
      "line": null,
      "column": null,
      "hint": null,
      "environment": null
    },
    {
      "code": "L01",
      "severity": "error",
      "message": "`a\u001b[2J\r\n::error::b`, 100%: <C1><BIDI>",
      "key": null,
      "file": "inventories/50% a,b.yml",
      "line": 2,
      "column": 3,
      "hint": null,
      "environment": null
    }
  ]
}
"#
            .replace("<C1>", "\u{9b}")
            .replace("<BIDI>", "\u{202e}")
        );
    }

    #[test]
    fn nothing_found_is_an_empty_list() {
        assert_eq!(
            print(&Diagnostics::default(), &Sources::default()),
            "{\n  \"version\": 1,\n  \"diagnostics\": []\n}\n"
        );
    }
}
