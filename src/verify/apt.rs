//! apt reads its settings.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const APT_CONFIG: Program = Program::new(&["apt-config"], "Debian package apt");

pub(super) const CHECKER: Checker = Checker {
    name: "apt-config",
    programs: &[APT_CONFIG],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["system/*upgrades.conf", "system/apt/*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = desk.run(&APT_CONFIG, ["-c", desk.main(), "dump"])?;
    // The settings of this computer, which it prints as well, are nobody's business.
    let complaints: String = said
        .text
        .lines()
        .filter(|line| line.starts_with("E:") || line.starts_with("W:"))
        .collect::<Vec<_>>()
        .join("\n");
    if complaints.is_empty() && said.ok {
        return Ok(Vec::new());
    }
    Ok(desk.complaints(&complaints, desk.main()))
}
