//! `HAProxy` checks its files the way it loads them: all together. Certificates are stand-ins.

use std::path::Path;

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL, PATIENCE};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const HAPROXY: Program = Program::new(&["haproxy"], "Debian package haproxy");

pub(super) const CHECKER: Checker = Checker {
    name: "haproxy",
    programs: &[HAPROXY, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::together(files, &["**haproxy**.cfg"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let (certificate, _) = desk.certificate_with_key()?;
    let mut command = desk.command(&HAPROXY)?;
    command.args(["-c", "-q"]);
    // The file with the global section comes first, as on the machine; its defaults hold for the
    // others.
    let global = |path: &&String| !desk.files()[*path].lines().any(|line| line == "global");
    let mut paths: Vec<&String> = desk.judged().iter().collect();
    paths.sort_by_key(global);
    for path in paths {
        let file = desk.adapt(path, |line| adapted(line, &certificate))?;
        command.arg("-f").arg(file);
    }
    let said = desk.finish(&mut command, PATIENCE)?;
    // Warnings are settings that do not do what was meant.
    let warned = said.text.contains("[WARNING]");
    if said.ok && !warned {
        return Ok(Vec::new());
    }
    let text: String = said
        .text
        .lines()
        .filter(|line| !line.contains("[NOTICE]"))
        .map(without_number)
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.complaints(&text, desk.main()))
}

/// Replaces what comes behind words that name certificates.
fn adapted(line: &str, certificate: &Path) -> String {
    let mut adapted = String::with_capacity(line.len());
    let mut before = "";
    for word in line.split_inclusive(' ') {
        match before.trim() {
            "crt" | "ca-file" | "ca-base" | "crt-base" | "ca-verify-file" => {
                adapted.push_str(&certificate.to_string_lossy());
                adapted.push(' ');
            }
            _ => adapted.push_str(word),
        }
        before = word;
    }
    adapted
}

/// Drops the number of the process: `[ALERT]    (1234) : `.
fn without_number(line: &str) -> String {
    match (line.find('('), line.find(") : ")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &line[..from], &line[to + 4..]),
        _ => line.to_owned(),
    }
}
