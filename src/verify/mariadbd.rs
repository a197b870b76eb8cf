//! MariaDB reads its options as it does to print its help, and refuses those it does not know. It has no
//! other way to test them.

use anyhow::Result;

use super::Checker;
use super::desk::Desk;
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::mysql_options;
use super::program::Program;

const MARIADBD: Program = Program::new(&["mariadbd"], "Debian package mariadb-server");

pub(super) const CHECKER: Checker = Checker {
    name: "mariadbd",
    programs: &[MARIADBD],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["database/**mariadb.cnf"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let file = desk.adapt(desk.main(), mysql_options::adapted)?;
    let data = desk.aside("data");
    std::fs::create_dir_all(&data)?;
    let said = desk.run(
        &MARIADBD,
        [
            format!("--defaults-file={}", file.display()),
            format!("--datadir={}", data.display()),
            // Not refused to somebody who is not.
            "--user=root".to_owned(),
            "--help".to_owned(),
            "--verbose".to_owned(),
        ],
    )?;
    Ok(mysql_options::findings(desk, &said))
}
