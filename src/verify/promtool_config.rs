//! promtool checks the configuration of Prometheus with the rules it names. Certificates and
//! passwords are stand-ins.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL};
use super::files::{Files, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PROMTOOL: Program = Program::new(&["promtool"], "Debian package prometheus");

pub(super) const CHECKER: Checker = Checker {
    name: "promtool-config",
    programs: &[PROMTOOL, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    let judged = matching(files, &["monitoring/prometheus/prometheus.yml"]);
    if judged.is_empty() {
        return Vec::new();
    }
    let read = matching(files, &["monitoring/prometheus/**"]);
    vec![Job::new(files, judged, &read)]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let (certificate, key) = desk.certificate()?;
    let secret = desk.write_aside("secret", "stand-in\n")?;
    let here = format!("{}/", desk.path("monitoring/prometheus").display());
    desk.adapt(desk.main(), |line| {
        let name = line.trim_start().trim_start_matches("- ");
        let name = name.split(':').next().unwrap_or_default();
        let stand_in = match name {
            "key_file" => &key,
            "ca_file" | "cert_file" => &certificate,
            "credentials_file" | "password_file" | "bearer_token_file" => &secret,
            _ => return line.replace("/etc/prometheus/", &here),
        };
        let indent = line.split(name).next().unwrap_or_default();
        format!("{indent}{name}: {}", stand_in.display())
    })?;
    let said = desk.run(&PROMTOOL, ["check", "config", desk.main()])?;
    Ok(desk.findings(&said))
}
