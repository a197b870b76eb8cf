//! Workflow commands, which GitHub shows beside the lines of a pull request.

use std::fmt::Write as _;

use super::{Diagnostics, Severity, text};
use crate::source::Sources;

/// Prints `::error file=…,line=…,col=…,title=…::message` for each finding.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for finding in diagnostics.iter() {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = String::new();
        let mut message = finding.message.clone();
        if let Some(span) = finding.at {
            let source = sources.get(span.source);
            if text::is_file(source) {
                let (line, column) = sources.line_column(span);
                properties = format!("file={},line={line},col={column},", property(&source.name));
            } else {
                // GitHub would look for a file of this name.
                message = format!("{message} (from {})", source.name);
            }
        }
        let environment = finding
            .environment
            .iter()
            .map(|name| format!("in environment `{name}`"));
        let hint = finding.hint.iter().map(|hint| format!("hint: {hint}"));
        for line in finding.notes.iter().cloned().chain(environment).chain(hint) {
            message.push('\n');
            message.push_str(&line);
        }
        properties.push_str("title=");
        properties.push_str(&property(&format!("precast {}", finding.code)));
        let _ = writeln!(out, "::{command} {properties}::{}", data(&message));
    }
    out
}

/// Escapes a message. Line ends survive as such; other control characters are shown.
fn data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            other => out.push(text::visible(other)),
        }
    }
    out
}

/// Escapes a property, whose end is a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::text::testing::sample;

    #[test]
    fn findings_are_workflow_commands() {
        let (found, sources) = sample();
        assert_eq!(
            print(&found, &sources),
            "\
::error file=inventories/production/scaling.yml,line=3,col=14,title=precast L05::`scaling.app.servers` is 4, above 2%0A`scaling.cache.servers` has its default value%0Ain environment `production`%0Ahint: lower it to 2
::warning title=precast L27::`php.child_memory` is 1K (from --set)
::notice title=precast L31::backups stay here
::error file=inventories/50%25 a%2Cb.yml,line=2,col=3,title=precast L01::`a␛[2J%0D%0A::error::b`, 100%25: \u{fffd}\u{fffd}
"
        );
    }
}
