//! sshd tests its settings, with a host key that is made for it.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const SSHD: Program = Program::new(&["sshd"], "Debian package openssh-server");

const SSH_KEYGEN: Program = Program::new(&["ssh-keygen"], "Debian package openssh-client");

pub(super) const CHECKER: Checker = Checker {
    name: "sshd",
    programs: &[SSHD, SSH_KEYGEN],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**/sshd*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let key = desk.aside("host_key");
    let made = desk.run(
        &SSH_KEYGEN,
        [
            "-q".into(),
            "-t".into(),
            "ed25519".into(),
            "-N".into(),
            String::new(),
            "-f".into(),
            key.display().to_string(),
        ],
    )?;
    if !made.ok {
        return Ok(desk.findings(&made));
    }
    let key = key.display().to_string();
    let mut said = desk.run(
        &SSHD,
        [
            "-t",
            "-f",
            &desk.path(desk.main()).to_string_lossy(),
            "-h",
            &key,
        ],
    )?;
    // The last thing it looks for, after the settings; the service makes it.
    said.ok |= said.text.trim() == "Missing privilege separation directory: /run/sshd";
    Ok(desk.findings(&said))
}
