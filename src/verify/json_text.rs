//! precast itself reads JSON.

use anyhow::Result;
use serde_json::Value;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;

pub(super) const CHECKER: Checker = Checker {
    name: "json",
    programs: &[],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::together(files, &["**.json"])
}

#[expect(clippy::unnecessary_wraps, reason = "others fail")]
fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    Ok(desk
        .files()
        .iter()
        .filter_map(|(path, text)| {
            let error = serde_json::from_str::<Value>(text).err()?;
            Some(Finding {
                file: path.clone(),
                line: Some(error.line()),
                message: error.to_string(),
            })
        })
        .collect())
}
