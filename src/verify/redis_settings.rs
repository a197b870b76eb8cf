//! What Redis and its Sentinel have in common: settings, a word a line.

use anyhow::Result;

use super::desk::{Desk, Said};
use super::program::Program;

/// What they say when they are ready.
const READY: &[&str] = &["Ready to accept connections", "Sentinel ID is"];

/// Starts a server with its file until it is ready.
pub(super) fn start(desk: &Desk<'_>, program: &Program) -> Result<Said> {
    let (certificate, key) = desk.certificate()?;
    let nothing = desk.write_aside("nothing", "")?;
    let port = desk.free_port()?;
    let file = desk.adapt(desk.main(), |line| {
        let name = line.split_whitespace().next().unwrap_or_default();
        let value = match name {
            "port" | "tls-port" if line.trim_end().ends_with(" 0") => return line.to_owned(),
            "port" | "tls-port" => port.to_string(),
            "bind" => "127.0.0.1".to_owned(),
            "dir" => desk.aside("").display().to_string(),
            "include" | "aclfile" => nothing.display().to_string(),
            "tls-cert-file" | "tls-client-cert-file" | "tls-ca-cert-file" => {
                certificate.display().to_string()
            }
            "tls-key-file" | "tls-client-key-file" => key.display().to_string(),
            "daemonize" | "syslog-enabled" | "supervised" => "no".to_owned(),
            // Of the machine, and no business of a trial.
            "pidfile" | "logfile" | "unixsocket" | "unixsocketperm" | "bind-source-addr"
            | "tls-ca-cert-dir" => return String::new(),
            _ => return line.to_owned(),
        };
        format!("{name} {value}")
    })?;
    let mut command = desk.command(program)?;
    // Whatever the file says: a server that only warns does not say that it is ready.
    command.arg(file).args(["--loglevel", "notice"]);
    let mut said = desk.begins(&mut command, READY)?;
    if !said.ok {
        // Its log has dates and process numbers; a refusal of a setting has none.
        said.text = said
            .text
            .lines()
            .skip_while(|line| !line.contains("FATAL CONFIG"))
            .collect::<Vec<_>>()
            .join("\n")
            .replace("*** FATAL CONFIG FILE ERROR (", "(");
    }
    Ok(said)
}
