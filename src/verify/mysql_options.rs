//! What MySQL and MariaDB have in common: option files, and complaints that name an option but no
//! line.

use super::desk::{Desk, Said};
use super::finding::Finding;

/// Words before the name of an option that is refused.
const BEFORE: &[&str] = &[
    "variable '",
    "option '--",
    "option '",
    "value '",
    "value for ",
];

/// Leaves out what names files of the machine.
pub(super) fn adapted(line: &str) -> String {
    let name = line.split('=').next().unwrap_or_default().trim();
    match canonical(name).as_str() {
        "user" | "datadir" | "log_error" | "ssl_ca" | "ssl_cert" | "ssl_key"
        | "secure_file_priv" => String::new(),
        _ if line.starts_with("!include") => String::new(),
        _ => line.to_owned(),
    }
}

/// Reads complaints. Warnings about a value that was adjusted count.
pub(super) fn findings(desk: &Desk<'_>, said: &Said) -> Vec<Finding> {
    let text = &desk.files()[desk.main()];
    let mut findings: Vec<Finding> = said
        .text
        .lines()
        .filter(|line| line.contains("[ERROR]") || line.contains("adjusted to"))
        .filter(|line| !line.contains("Aborting"))
        .map(|line| {
            let message = message(line);
            Finding {
                file: desk.main().to_owned(),
                line: named(message).and_then(|name| number(text, &name)),
                message: message.to_owned(),
            }
        })
        .collect();
    if findings.is_empty() {
        findings = desk.findings(said);
    }
    findings
}

/// Drops date, thread and severity.
fn message(line: &str) -> &str {
    line.rsplit_once("] ").map_or(line, |(_, message)| message)
}

fn named(message: &str) -> Option<String> {
    BEFORE.iter().find_map(|before| {
        let (_, rest) = message.split_once(before)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        Some(canonical(&rest[..end.unwrap_or(rest.len())]))
    })
}

fn number(text: &str, option: &str) -> Option<usize> {
    let line = text
        .lines()
        .position(|line| canonical(line.split('=').next().unwrap_or_default().trim()) == option)?;
    Some(line + 1)
}

/// Spells an option one way: dashes and underscores are the same to both programs.
fn canonical(name: &str) -> String {
    name.to_ascii_lowercase()
        .replace('-', "_")
        .trim_start_matches("loose_")
        .to_owned()
}
