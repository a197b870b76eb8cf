//! rsyslogd validates its rules. Certificates are stand-ins.

use std::path::Path;

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const RSYSLOGD: Program = Program::new(&["rsyslogd"], "Debian packages rsyslog and rsyslog-gnutls");

pub(super) const CHECKER: Checker = Checker {
    name: "rsyslogd",
    programs: &[RSYSLOGD, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let inputs = matching(files, &["monitoring/rsyslog/inputs/*.conf"]);
    matching(files, &["monitoring/rsyslog/*.conf"])
        .into_iter()
        .map(|main| Job::new(files, [vec![main], inputs.clone()].concat(), &[]))
        .collect()
}

/// What rsyslog reads its own inputs from.
const INPUTS: &str = "/etc/rsyslog.inputs.d/";

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let (certificate, key) = desk.certificate()?;
    let inputs = format!("{}/", desk.path("monitoring/rsyslog/inputs").display());
    std::fs::create_dir_all(desk.aside("spool"))?;
    let file = desk.adapt(desk.main(), |line| {
        let line = line.replace(INPUTS, &inputs);
        let line = with(&line, "CAFile=", &certificate);
        let line = with(&line, "CertFile=", &certificate);
        let line = with(&line, "KeyFile=", &key);
        with(&line, "workDirectory=", &desk.aside("spool"))
    })?;
    let mut said = desk.run(&RSYSLOGD, ["-N1", "-f", &file.to_string_lossy()])?;
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains("config validation run"))
        .map(|line| line.trim_start_matches("rsyslogd: "))
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.findings(&said))
}

/// Puts another path behind a parameter's name.
fn with(line: &str, name: &str, path: &Path) -> String {
    match line.split_once(name) {
        Some((before, rest)) if rest.starts_with('"') => {
            let rest = rest[1..].split_once('"').map_or("", |(_, rest)| rest);
            format!("{before}{name}\"{}\"{rest}", path.display())
        }
        _ => line.to_owned(),
    }
}
