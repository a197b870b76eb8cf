//! sysctl reads settings of the kernel and says what it would write. Which there are depends on the
//! kernel and its modules.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const SYSCTL: Program = Program::new(&["sysctl"], "Debian package procps");

pub(super) const CHECKER: Checker = Checker {
    name: "sysctl",
    programs: &[SYSCTL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**sysctl**.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&SYSCTL, ["--dry-run", "--load", desk.main()])?;
    let complaints: String = said
        .text
        .lines()
        .filter(|line| line.starts_with("sysctl:") && !line.contains("No such file or directory"))
        .collect::<Vec<_>>()
        .join("\n");
    if complaints.is_empty() {
        return Ok(Vec::new());
    }
    Ok(desk.complaints(&complaints, desk.main()))
}
