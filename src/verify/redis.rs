//! Redis starts with its file, on a port nothing else listens on, and is ended once it is ready.
//! Its data, certificates and the file with its password are stand-ins.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;
use super::redis_settings;

const REDIS: Program = Program::new(&["redis-server"], "Debian package redis-server");

pub(super) const CHECKER: Checker = Checker {
    name: "redis-server",
    programs: &[REDIS, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["cache/**redis*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let said = redis_settings::start(desk, &REDIS)?;
    Ok(desk.findings(&said))
}
