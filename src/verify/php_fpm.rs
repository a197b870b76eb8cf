//! php-fpm tests its pools. Variables it takes secrets from hold a stand-in, and its logs go
//! nowhere.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PHP_FPM: Program = Program::new(
    &["php-fpm8.2", "php-fpm8.3", "php-fpm8.4", "php-fpm"],
    "Debian package php8.2-fpm",
);

pub(super) const CHECKER: Checker = Checker {
    name: "php-fpm",
    programs: &[PHP_FPM],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["php/fpm/*.conf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let pool = desk.adapt(desk.main(), |line| {
        match line.split_once('=').map(|(name, _)| name.trim()) {
            Some(
                name @ ("slowlog" | "access.log" | "error_log" | "php_admin_value[error_log]"),
            ) => {
                format!("{name} = /dev/null")
            }
            _ => line.to_owned(),
        }
    })?;
    let main = format!(
        "[global]\nerror_log = /dev/null\ninclude = {}\n",
        pool.display()
    );
    let main = desk.write_aside("fpm.conf", &main)?;
    let mut command = desk.command(&PHP_FPM)?;
    for name in variables(&desk.files()[desk.main()]) {
        command.env(name, "stand-in");
    }
    let mut said = desk.finish(command.arg("-t").arg("-y").arg(main), PATIENCE)?;
    // A warning is a setting that is not what was meant.
    let worst = ["WARNING", "ERROR", "ALERT"];
    said.text = said
        .text
        .lines()
        .filter(|line| worst.iter().any(|word| line.contains(word)))
        .map(dateless)
        .collect::<Vec<_>>()
        .join("\n");
    said.ok &= said.text.is_empty();
    Ok(desk.findings(&said))
}

/// Drops the date from the front: equal results print alike.
fn dateless(line: &str) -> &str {
    line.split_once("] ").map_or(line, |(_, rest)| rest)
}

/// Returns the names of the variables that values come from: `env[DB_PASSWORD] = $DB_PASSWORD`.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.split_once('=')?.1.trim().strip_prefix('$'))
        .filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}
