//! The blackbox exporter checks its modules.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const BLACKBOX: Program = Program::new(
    &["prometheus-blackbox-exporter", "blackbox_exporter"],
    "Debian package prometheus-blackbox-exporter",
);

pub(super) const CHECKER: Checker = Checker {
    name: "blackbox-exporter",
    programs: &[BLACKBOX],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["monitoring/blackbox/*.yml"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = format!("--config.file={}", desk.main());
    let mut said = desk.run(&BLACKBOX, ["--config.check", file.as_str()])?;
    // Its complaint is one field of one line, with its own lines escaped.
    if let Some((_, error)) = said.text.split_once("err=\"") {
        said.text = error.replace("\\n", "\n").replace('"', "");
    }
    Ok(desk.findings(&said))
}
