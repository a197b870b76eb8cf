//! `precast verify`

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::Result;

use super::Session;
use crate::cli::{Verify, VerifyFormat};
use crate::compile::{Inventories, render_all};
use crate::diag::Diagnostics;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::render::Templates;
use crate::topology::topology;
use crate::verify::program::Tools;
use crate::verify::trace::trace;
use crate::verify::{Outcome, Subject, Verdicts, human, json, verify};

/// Renders in memory and lets the programs judge that will read the files.
pub(super) fn run(session: &Session, args: &Verify) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let inventories = Inventories::new(&loaded, &args.environments, &mut diagnostics);
    let resolved = inventories.check(&mut diagnostics);
    let templates = Templates::load(&session.project, &mut diagnostics);
    let mut subjects = Vec::new();
    if !diagnostics.has_errors() {
        for resolved in &resolved {
            let environment = Environment {
                topology: topology(resolved),
                resolved,
            };
            let rendered = render_all(&templates, &environment, &mut diagnostics);
            subjects.push(Subject {
                environment: environment.name().to_owned(),
                files: rendered
                    .into_iter()
                    .map(|(path, file)| (path, file.text))
                    .collect(),
            });
        }
    }
    session.report_errors(&mut diagnostics, &loaded.sources)?;
    if diagnostics.has_errors() {
        return Ok(Exit::Error);
    }
    let tools = Tools::new(&std::env::var_os("PATH").unwrap_or_default());
    let shown = io::stderr().is_terminal() && !session.quiet;
    let checks = verify(
        &subjects,
        &tools,
        &Verdicts::default(),
        &|done, all, name| {
            if shown {
                // Overwrites the line before; what it says is gone when the table comes.
                let _ = write!(io::stderr(), "\r\x1b[K{done} of {all}: {name}");
            }
        },
    );
    if shown {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    let checks = trace(checks, &subjects, &resolved, &templates);
    session.print(&match args.format {
        VerifyFormat::Human => human::print(&checks, session.styled()),
        VerifyFormat::Json => json::print(&checks),
    })?;
    let failed = checks
        .iter()
        .any(|traced| matches!(traced.check.outcome, Outcome::Failed(_)));
    Ok(if failed { Exit::Error } else { Exit::Clean })
}
