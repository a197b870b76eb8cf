//! For a terminal: a table of what was judged, and below it what failed.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::Outcome;
use super::trace::Traced;

const HEADER: [&str; 4] = ["environment", "checker", "files", "result"];

/// Prints checks. How long they took is not said, so that equal results print alike.
pub fn print(checks: &[Traced], styled: bool) -> String {
    let rows: Vec<([String; 3], &Outcome)> = checks
        .iter()
        .map(|Traced { check, .. }| {
            let cells = [
                check.environment.clone(),
                check.checker.to_owned(),
                check.files.len().to_string(),
            ];
            (cells, &check.outcome)
        })
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|(cells, _)| cells[column].chars().count())
            .chain([HEADER[column].len()])
            .max()
            .unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let mut text = String::new();
    let [environment, checker, files, result] = HEADER;
    let _ = writeln!(
        text,
        "{environment:first$}  {checker:second$}  {files:>third$}  {result}"
    );
    for ([environment, checker, files], outcome) in &rows {
        let result = worded(outcome, styled);
        let _ = writeln!(
            text,
            "{environment:first$}  {checker:second$}  {files:>third$}  {result}"
        );
    }
    failures(checks, &mut text);
    let count =
        |wanted: fn(&Outcome) -> bool| rows.iter().filter(|(_, outcome)| wanted(outcome)).count();
    let _ = writeln!(
        text,
        "\n{} passed, {} failed, {} skipped",
        count(|outcome| matches!(outcome, Outcome::Passed)),
        count(|outcome| matches!(outcome, Outcome::Failed(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    );
    text
}

fn worded(outcome: &Outcome, styled: bool) -> String {
    let (color, word, reason) = match outcome {
        Outcome::Passed => (AnsiColor::Green, "passed", None),
        Outcome::Failed(_) => (AnsiColor::Red, "failed", None),
        Outcome::Skipped(reason) => (AnsiColor::Yellow, "skipped", Some(reason)),
    };
    let style = Style::new().fg_color(Some(color.into()));
    let word = if styled {
        format!("{style}{word}{style:#}")
    } else {
        word.to_owned()
    };
    reason.map_or_else(|| word.clone(), |reason| format!("{word}: {reason}"))
}

fn failures(checks: &[Traced], text: &mut String) {
    for Traced { check, failures } in checks {
        for failure in failures {
            let finding = &failure.finding;
            let line = finding
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            let _ = writeln!(
                text,
                "\nout/{}/{}{line}\n  {} says: {}",
                check.environment, finding.file, check.checker, finding.message
            );
            if !failure.text.is_empty() {
                let _ = writeln!(text, "  the line: {}", failure.text);
                let keys = if failure.keys.is_empty() {
                    "none; it is the template's own".to_owned()
                } else {
                    failure.keys.join(", ")
                };
                let _ = writeln!(text, "  keys behind it: {keys}");
            }
        }
    }
}
