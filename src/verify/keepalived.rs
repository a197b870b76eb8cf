//! keepalived tests its settings. The interface is one of this computer, and the scripts it asks
//! are stand-ins.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const KEEPALIVED: Program = Program::new(&["keepalived"], "Debian package keepalived");

pub(super) const CHECKER: Checker = Checker {
    name: "keepalived",
    programs: &[KEEPALIVED],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["nginx/keepalived/*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.path(desk.main()).display().to_string();
    let mut said = desk.run(&KEEPALIVED, ["-t", "-f", &file])?;
    said.ok &= said.text.trim().is_empty();
    Ok(desk.findings(&said))
}
