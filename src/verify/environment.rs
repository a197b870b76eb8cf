//! precast itself reads files of environment variables, as systemd does.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;

pub(super) const CHECKER: Checker = Checker {
    name: "environment",
    programs: &[],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::together(files, &["**.env", "**/default"])
}

#[expect(clippy::unnecessary_wraps, reason = "others fail")]
fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in desk.files() {
        let mut continued = false;
        for (number, line) in text.lines().enumerate() {
            let first = !continued;
            continued = line.ends_with('\\');
            if first && !line.is_empty() && !line.starts_with(['#', ';']) && !is_assignment(line) {
                findings.push(Finding {
                    file: path.clone(),
                    line: Some(number + 1),
                    message: "it is no `NAME=value`".to_owned(),
                });
            }
        }
    }
    Ok(findings)
}

fn is_assignment(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}
