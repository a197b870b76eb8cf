//! openssl makes the certificate that is asked for, signed by itself.

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
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    let request = [
        "req",
        "-x509",
        "-nodes",
        "-keyout",
        &key,
        "-out",
        "/dev/null",
    ];
    let asked = ["-extensions", "certificate", "-config", desk.main()];
    let words = request.into_iter().chain(curve).chain(asked);
    let mut said = desk.run(&OPENSSL, words)?;
    // Codes are of this process: `80DB1B15D47F0000:error:`.
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains(":error:") && !line.starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.findings(&said))
}
