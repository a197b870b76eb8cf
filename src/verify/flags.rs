//! Programs of the monitoring whose whole configuration is a command line: each is asked for its
//! version with these arguments, and refuses those it does not know.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::{Files, name};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PROMETHEUS: Program = Program::new(&["prometheus"], "Debian package prometheus");

pub(super) const CHECKER: Checker = Checker {
    name: "prometheus",
    programs: PROGRAMS,
    root: false,
    jobs,
    judge,
};

/// Files of the names of the programs that read them.
const PROGRAMS: &[Program] = &[
    PROMETHEUS,
    package(&["prometheus-alertmanager"]),
    package(&["prometheus-blackbox-exporter"]),
    package(&["prometheus-mysqld-exporter"]),
    package(&["prometheus-nginx-exporter"]),
    package(&["prometheus-node-exporter"]),
    package(&["prometheus-postgres-exporter"]),
    package(&["prometheus-redis-exporter"]),
];

const fn package(commands: &'static [&'static str]) -> Program {
    Program::new(commands, "Debian package of the same name")
}

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["monitoring/**"])
        .into_iter()
        .filter(|job| program(&job.judged[0]).is_some())
        .collect()
}

fn program(path: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name() == name(path))
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let text = &desk.files()[desk.main()];
    let Some(program) = program(desk.main()) else {
        return Ok(Vec::new());
    };
    let (before, arguments) = text.split_once("ARGS=").unwrap_or((text, ""));
    let arguments = arguments.trim_start().trim_start_matches('"');
    let arguments = arguments.split('"').next().unwrap_or_default();
    let arguments = arguments.replace("\\\n", " ");
    let words = arguments.split_whitespace().chain(["--version"]);
    let said = desk.run(program, words)?;
    if said.ok {
        return Ok(Vec::new());
    }
    // It names the argument, not the line.
    let first = said.text.lines().next().unwrap_or_default();
    let named = first
        .split(|c: char| c.is_whitespace() || "'\"`,".contains(c))
        .find(|word| word.starts_with('-'))
        .unwrap_or_default()
        .trim_start_matches('-')
        .to_owned();
    let line = text
        .lines()
        .position(|line| !named.is_empty() && line.contains(&named))
        .unwrap_or_else(|| before.lines().count());
    Ok(vec![Finding {
        file: desk.main().to_owned(),
        line: Some(line + 1),
        message: first.to_owned(),
    }])
}
