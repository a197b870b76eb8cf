//! rsyslogd validates its rules. Certificates are stand-ins.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::Files;
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
    Job::each(files, &["**/rsyslog/*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let (certificate, key) = desk.certificate()?;
    let file = desk.adapt(desk.main(), |line| {
        let with = |line: &str, name: &str, path: &std::path::Path| match line.split_once(name) {
            Some((before, rest)) => {
                let rest = rest.trim_start_matches(['=', '"']);
                let rest = rest.split_once('"').map_or("", |(_, rest)| rest);
                format!("{before}{name}=\"{}\"{rest}", path.display())
            }
            None => line.to_owned(),
        };
        let line = with(line, "streamDriver.CAFile", &certificate);
        let line = with(&line, "streamDriver.CertFile", &certificate);
        let line = with(&line, "streamDriver.KeyFile", &key);
        let line = with(&line, "DefaultNetstreamDriverCAFile", &certificate);
        let line = with(&line, "DefaultNetstreamDriverCertFile", &certificate);
        let line = with(&line, "DefaultNetstreamDriverKeyFile", &key);
        with(&line, "workDirectory", &desk.aside(""))
    })?;
    let mut said = desk.run(&RSYSLOGD, ["-N1", "-f", &file.to_string_lossy()])?;
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains("config validation run"))
        .map(|line| format!("{}\n", line.trim_start_matches("rsyslogd: ")))
        .collect();
    Ok(desk.findings(&said))
}
