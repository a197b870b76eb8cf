//! `PostgreSQL` reads its settings, and says what it makes of one.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const POSTGRES: Program = Program::new(&["postgres"], "Debian package postgresql");

pub(super) const CHECKER: Checker = Checker {
    name: "postgres",
    programs: &[POSTGRES],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["database/**postgresql*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.adapt(desk.main(), |line| {
        let name = line.split('=').next().unwrap_or_default().trim();
        match name {
            // On the machine only.
            "data_directory" | "hba_file" | "ident_file" | "external_pid_file" => String::new(),
            _ if name.starts_with("include") => String::new(),
            _ => line.to_owned(),
        }
    })?;
    let data = desk.aside("data");
    std::fs::create_dir_all(&data)?;
    let mut said = desk.run_humbly(
        &POSTGRES,
        [
            "-D".to_owned(),
            data.display().to_string(),
            "-C".to_owned(),
            "max_connections".to_owned(),
            format!("--config-file={}", file.display()),
        ],
    )?;
    said.text = said
        .text
        .lines()
        .filter(|line| !line.contains("postgresql.auto.conf") && !line.contains("contains errors"))
        .map(|line| line.split_once("] ").map_or(line, |(_, rest)| rest))
        .collect::<Vec<_>>()
        .join("\n");
    Ok(desk.findings(&said))
}
