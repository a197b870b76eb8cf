//! memcached starts with its options, on a port nothing else listens on.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, is_root};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const MEMCACHED: Program = Program::new(&["memcached"], "Debian package memcached");

pub(super) const CHECKER: Checker = Checker {
    name: "memcached",
    programs: &[MEMCACHED],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["cache/**memcached*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let port = desk.free_port()?.to_string();
    let mut command = desk.command(&MEMCACHED)?;
    for line in desk.files()[desk.main()].lines().map(str::trim) {
        let (option, value) = line.split_once([' ', '=']).unwrap_or((line, ""));
        match option {
            // What is of the machine.
            "-l" | "--listen" | "-p" | "--port" | "-u" | "--user" | "-P" | "--pidfile" | "-d"
            | "--daemon" | "-U" | "--udp-port" | "-s" | "--unix-socket" => {}
            _ if !option.starts_with('-') => {}
            _ if value.is_empty() => {
                command.arg(option);
            }
            _ => {
                command.arg(option).arg(value.trim());
            }
        }
    }
    command.args(["-vv", "-l", "127.0.0.1", "-p", &port]);
    if is_root() {
        command.args(["-u", "root"]);
    }
    let said = desk.begins(&mut command, &["server listening"])?;
    Ok(desk.findings(&said))
}
