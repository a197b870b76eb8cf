//! logrotate reads what it would do. Logs need not exist, nor the users who own them.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::{Files, fits};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const LOGROTATE: Program = Program::new(&["logrotate"], "Debian package logrotate");

pub(super) const CHECKER: Checker = Checker {
    name: "logrotate",
    programs: &[LOGROTATE],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**/logrotate/*"])
        .into_iter()
        // What has a dot in its name is about the timer.
        .filter(|job| !fits("**.conf", &job.judged[0]))
        .collect()
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    desk.adapt(desk.main(), |line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["su", ..] => String::new(),
            ["create" | "createolddir", mode, _, ..] => format!("  {} {mode}", words[0]),
            _ => line.to_owned(),
        }
    })?;
    let state = desk.aside("state").display().to_string();
    let file = desk.path(desk.main()).display().to_string();
    let mut said = desk.run(&LOGROTATE, ["-d", "-s", &state, &file])?;
    let errors: Vec<&str> = said
        .text
        .lines()
        .filter(|line| line.starts_with("error:") && !line.contains("No such file or directory"))
        .collect();
    said.ok = errors.is_empty();
    said.text = errors.join("\n");
    Ok(desk.findings(&said))
}
