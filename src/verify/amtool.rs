//! amtool checks the configuration of Alertmanager.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const AMTOOL: Program = Program::new(&["amtool"], "Debian package prometheus-alertmanager");

pub(super) const CHECKER: Checker = Checker {
    name: "amtool",
    programs: &[AMTOOL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let judged = matching(files, &["monitoring/alertmanager/alertmanager.yml"]);
    if judged.is_empty() {
        return Vec::new();
    }
    let read = matching(files, &["monitoring/alertmanager/**"]);
    vec![Job::new(files, judged, &read)]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let here = format!("{}/", desk.path("monitoring/alertmanager").display());
    desk.adapt(desk.main(), |line| {
        line.replace("/etc/prometheus/", &here)
            .replace("/etc/alertmanager/", &here)
    })?;
    let said = desk.run(&AMTOOL, ["check-config", desk.main()])?;
    Ok(desk.findings(&said))
}
