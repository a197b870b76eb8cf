//! For programs: numbers and consequences, unchanged files included.

use serde::Serialize;

use super::Options;
use super::hunks::{Depth, change};
use crate::plan::{Plan, Status};

#[derive(Serialize)]
struct Report<'a> {
    version: u8,
    environments: Vec<Environment<'a>>,
}

#[derive(Serialize)]
struct Environment<'a> {
    name: &'a str,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: String,
    status: &'static str,
    added: usize,
    removed: usize,
    impact: &'a [String],
}

/// Prints plans as one JSON document.
///
/// An unchanged file has no `impact`: nothing of it is deployed.
pub fn print(plans: &[Plan], _options: Options) -> String {
    let environments = plans
        .iter()
        .map(|plan| Environment {
            name: &plan.environment,
            files: plan
                .files
                .iter()
                .map(|file| {
                    let change = change(&plan.environment, file, Depth::Lines);
                    File {
                        path: format!("{}/{}", plan.environment, file.path),
                        status: file.status.name(),
                        added: change.added,
                        removed: change.removed,
                        impact: match file.status {
                            Status::Unchanged => &[],
                            _ => &file.impacts,
                        },
                    }
                })
                .collect(),
        })
        .collect();
    let report = Report {
        version: 1,
        environments,
    };
    let mut text = serde_json::to_string_pretty(&report).expect("strings and numbers serialize");
    text.push('\n');
    text
}
