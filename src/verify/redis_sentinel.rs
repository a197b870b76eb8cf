//! Redis Sentinel starts with its file, as Redis itself does.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;
use super::redis_settings;

const SENTINEL: Program = Program::new(&["redis-sentinel"], "Debian package redis-sentinel");

pub(super) const CHECKER: Checker = Checker {
    name: "redis-sentinel",
    programs: &[SENTINEL, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["cache/**sentinel*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = redis_settings::start(desk, &SENTINEL)?;
    Ok(desk.findings(&said))
}
