//! mtail compiles its programs.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const MTAIL: Program = Program::new(&["mtail"], "Debian package mtail");

pub(super) const CHECKER: Checker = Checker {
    name: "mtail",
    programs: &[MTAIL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**.mtail"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    // With logs to read it would not end, and it listens even so: on any port that is free.
    let mut said = desk.run(
        &MTAIL,
        [
            "--compile_only",
            "--logtostderr",
            "--port",
            "0",
            "--progs",
            desk.main(),
        ],
    )?;
    // Lines that begin with `I` tell what it does. Now and then it fails at its own end, after it
    // has compiled the program and said nothing but those.
    said.text = said
        .text
        .lines()
        .filter(|line| {
            !(line.starts_with('I') && line.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
        })
        .collect::<Vec<_>>()
        .join("\n");
    said.ok |= said.text.trim().is_empty();
    Ok(desk.findings(&said))
}
