//! systemd-tmpfiles reads its lines, and looks for what to remove in an empty folder.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const TMPFILES: Program = Program::new(&["systemd-tmpfiles"], "Debian package systemd");

pub(super) const CHECKER: Checker = Checker {
    name: "systemd-tmpfiles",
    programs: &[TMPFILES],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(
        files,
        &["monitoring/mtail/log-lines.conf", "**tmpfiles**.conf"],
    )
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let root = desk.aside("root");
    std::fs::create_dir_all(&root)?;
    let root = format!("--root={}", root.display());
    let file = desk.path(desk.main()).display().to_string();
    let mut said = desk.run(&TMPFILES, ["--remove", &root, &file])?;
    // Users are made on the machine.
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains("Failed to resolve"))
        .collect::<Vec<_>>()
        .join("\n");
    said.ok |= said.text.is_empty();
    Ok(desk.findings(&said))
}
