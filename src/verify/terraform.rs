//! Terraform formats and validates. Only providers that are built in or already at hand can be
//! initialised without a network; state stays out of it.

use anyhow::Result;
use serde::Deserialize;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::{Files, folder, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const TERRAFORM: Program = Program::new(&["terraform"], "HashiCorp's terraform");

/// The folder that is applied.
const ROOT: &str = "terraform";

pub(super) const CHECKER: Checker = Checker {
    name: "terraform",
    programs: &[TERRAFORM],
    root: false,
    jobs,
    judge,
};

#[derive(Deserialize)]
struct Validation {
    #[serde(default)]
    diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    summary: String,
    #[serde(default)]
    detail: String,
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: usize,
}

fn jobs(files: &Files) -> Vec<Job> {
    let judged = matching(files, &["terraform/**.tf"]);
    if judged.is_empty() {
        return Vec::new();
    }
    let read = matching(files, &["terraform/**"]);
    vec![Job::new(files, judged, &read)]
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let run = |arguments: &[&str]| {
        let mut command = desk.command(&TERRAFORM)?;
        command
            .current_dir(desk.path(ROOT))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .args(arguments);
        desk.finish(&mut command, PATIENCE)
    };
    let said = run(&["fmt", "-check", "-recursive", "-no-color"])?;
    if !said.ok {
        let unlike: Vec<Finding> = desk
            .judged()
            .iter()
            .filter(|path| said.text.lines().any(|line| path.ends_with(line)))
            .map(|path| Finding {
                file: path.clone(),
                line: None,
                message: "it is not formatted as `terraform fmt` does".to_owned(),
            })
            .collect();
        return Ok(if unlike.is_empty() {
            desk.findings(&said)
        } else {
            unlike
        });
    }
    let said = run(&["init", "-backend=false", "-input=false", "-no-color"])?;
    if !said.ok {
        return Ok(desk.findings(&said));
    }
    let said = run(&["validate", "-json"])?;
    if said.ok {
        return Ok(Vec::new());
    }
    let Ok(validation) = serde_json::from_str::<Validation>(&said.text) else {
        return Ok(desk.findings(&said));
    };
    Ok(validation
        .diagnostics
        .into_iter()
        .map(|diagnostic| Finding {
            file: diagnostic.range.as_ref().map_or_else(
                || desk.main().to_owned(),
                |range| format!("{}/{}", folder(desk.main()), range.filename),
            ),
            line: diagnostic.range.map(|range| range.start.line),
            message: format!("{}: {}", diagnostic.summary, diagnostic.detail),
        })
        .collect())
}
