//! Python compiles its scripts, and keeps nothing of them.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::Files;
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PYTHON: Program = Program::new(&["python3"], "Debian package python3");

pub(super) const CHECKER: Checker = Checker {
    name: "python",
    programs: &[PYTHON],
    root: false,
    jobs,
    judge,
};

/// Warnings about what is certainly a mistake (`x is "y"`, an unknown escape) count.
const COMPILE: &str = r#"
import sys, warnings
warnings.simplefilter("error")
bad = 0
for path in sys.argv[1:]:
    try:
        compile(open(path, "rb").read(), path, "exec")
    except (SyntaxError, ValueError) as error:
        bad = 1
        print(f"{path}:{getattr(error, 'lineno', None) or 1}: {getattr(error, 'msg', error)}")
sys.exit(bad)
"#;

fn jobs(files: &Files) -> Vec<Job> {
    Job::together(files, &["**.py"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&PYTHON)?;
    command.args(["-I", "-c", COMPILE]).args(desk.judged());
    let said = desk.finish(&mut command, PATIENCE)?;
    Ok(desk.findings(&said))
}
