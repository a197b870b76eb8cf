//! MySQL validates its options. Debian's `mysqld` is MariaDB and does not count.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::mysql_options;
use super::program::Program;

const MYSQLD: Program = Program {
    unless: Some("MariaDB"),
    ..Program::new(
        &["mysqld"],
        "MySQL's own packages, or mysql-server-core of Debian sid",
    )
};

pub(super) const CHECKER: Checker = Checker {
    name: "mysqld",
    programs: &[MYSQLD],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["database/**mysqld.cnf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.adapt(desk.main(), mysql_options::adapted)?;
    let data = desk.aside("data");
    std::fs::create_dir_all(&data)?;
    let said = desk.run(
        &MYSQLD,
        [
            format!("--defaults-file={}", file.display()),
            format!("--datadir={}", data.display()),
            // Not refused to somebody who is not.
            "--user=root".to_owned(),
            "--secure-file-priv=NULL".to_owned(),
            "--validate-config".to_owned(),
        ],
    )?;
    Ok(mysql_options::findings(desk, &said))
}
