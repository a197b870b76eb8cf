//! `precast diff`

use anyhow::Result;

use super::Session;
use crate::cli::{Diff, DiffFormat};
use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::diff::{self, Options};
use crate::exit::Exit;
use crate::plan::Plan;

/// Prints what `render` would change.
pub(super) fn run(session: &Session, args: &Diff) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let plans = Inventories::new(&loaded, &args.environments, &mut diagnostics)
        .plan(&session.project, &mut diagnostics);
    session.report(&mut diagnostics, &loaded.sources)?;
    if diagnostics.has_errors() {
        return Ok(Exit::Error);
    }
    let print: diff::Format = match args.format {
        DiffFormat::Human => diff::human::print,
        DiffFormat::Unified => diff::unified::print,
        DiffFormat::Markdown => diff::markdown::print,
        DiffFormat::Json => diff::json::print,
        DiffFormat::Html => diff::html::print,
    };
    let options = Options {
        styled: session.styled(),
        stat: args.stat,
    };
    session.print(&print(&plans, options))?;
    let changed = !plans.iter().all(Plan::is_clean);
    Ok(if changed && args.exit_code {
        Exit::Changes
    } else {
        Exit::Clean
    })
}
