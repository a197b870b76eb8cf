//! Patroni validates its settings.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PATRONI: Program = Program::new(&["patroni"], "Debian package patroni");

pub(super) const CHECKER: Checker = Checker {
    name: "patroni",
    programs: &[PATRONI],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["database/**patroni.yml"])
}

/// It also asks whether the ports are free on this computer, which is not the one the file is for,
/// and wants `pg_hba` below `bootstrap`, where it would be read once only.
fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut said = desk.run(&PATRONI, ["--validate-config", desk.main()])?;
    let about_the_file = |line: &&str| {
        !line.trim().is_empty()
            && !line.contains("is already in use")
            && !line.starts_with("bootstrap.pg_hba")
    };
    let lines: Vec<String> = said
        .text
        .lines()
        .filter(about_the_file)
        .map(str::to_owned)
        .collect();
    said.ok |= lines.is_empty();
    said.text = lines.join("\n");
    Ok(desk.findings(&said))
}
