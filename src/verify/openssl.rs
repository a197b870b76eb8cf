//! openssl makes a request for a certificate as it is asked to.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;

pub(super) const CHECKER: Checker = Checker {
    name: "openssl",
    programs: &[OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**certificate.cnf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let key = desk.aside("request.key").display().to_string();
    let request = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ];
    let rest = [
        "-nodes",
        "-keyout",
        &key,
        "-reqexts",
        "certificate",
        "-config",
        desk.main(),
    ];
    let said = desk.run(
        &OPENSSL,
        request.into_iter().chain(rest).chain(["-out", "/dev/null"]),
    )?;
    Ok(desk.findings(&said))
}
