//! For programs.

use serde::Serialize;

use super::Outcome;
use super::trace::Traced;

#[derive(Serialize)]
struct Report<'a> {
    version: u8,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    environment: &'a str,
    checker: &'a str,
    program: &'a str,
    files: Vec<String>,
    result: &'static str,
    reason: Option<&'a str>,
    failures: Vec<Failure<'a>>,
}

#[derive(Serialize)]
struct Failure<'a> {
    file: String,
    line: Option<usize>,
    message: &'a str,
    keys: &'a [String],
}

/// Prints checks as one JSON document. Paths are relative to `out/`.
pub fn print(checks: &[Traced]) -> String {
    let checks = checks
        .iter()
        .map(|traced| {
            let check = &traced.check;
            let path = |file: &str| format!("{}/{file}", check.environment);
            let (result, reason) = match &check.outcome {
                Outcome::Passed => ("passed", None),
                Outcome::Failed(_) => ("failed", None),
                Outcome::Skipped(reason) => ("skipped", Some(reason.as_str())),
            };
            Check {
                environment: &check.environment,
                checker: check.checker,
                program: check.program,
                files: check.files.iter().map(|file| path(file)).collect(),
                result,
                reason,
                failures: traced
                    .failures
                    .iter()
                    .map(|failure| Failure {
                        file: path(&failure.finding.file),
                        line: failure.finding.line,
                        message: &failure.finding.message,
                        keys: &failure.keys,
                    })
                    .collect(),
            }
        })
        .collect();
    let report = Report { version: 1, checks };
    let mut text = serde_json::to_string_pretty(&report).expect("strings and numbers serialize");
    text.push('\n');
    text
}
