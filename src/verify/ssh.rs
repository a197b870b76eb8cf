//! ssh reads what says how a machine reaches others.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const SSH: Program = Program::new(&["ssh"], "Debian package openssh-client");

pub(super) const CHECKER: Checker = Checker {
    name: "ssh",
    programs: &[SSH],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**/ssh.conf"])
}

/// `-G` prints the settings for a host and connects to nothing.
fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.path(desk.main());
    let said = desk.run(&SSH, ["-G", "-F", &file.to_string_lossy(), "host"])?;
    Ok(desk.findings(&said))
}
