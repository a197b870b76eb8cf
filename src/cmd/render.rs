//! `precast render`

use anyhow::Result;

use super::Session;
use crate::cli::Render;
use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::diff::{self, Options};
use crate::exit::Exit;
use crate::plan::tree::OutputTree;
use crate::plan::{Plan, Status};
use crate::write::{lock, write};

/// Shows the changes, asks once, and writes them.
pub(super) fn run(session: &Session, args: &Render) -> Result<Exit> {
    // Held from the plan to the last file, so that what was shown is what is written.
    let lock = lock(&session.project)?;
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let plans = Inventories::new(&loaded, &args.environments, &mut diagnostics)
        .plan(&session.project, &mut diagnostics);
    session.report(&mut diagnostics, &loaded.sources)?;
    if diagnostics.has_errors() {
        return Ok(Exit::Error);
    }
    let options = Options {
        styled: session.styled(),
        stat: session.quiet,
    };
    session.print(&diff::human::print(&plans, options))?;
    let edited = count(&plans, |status| status == Status::Edited);
    let changed = count(&plans, |status| {
        !matches!(status, Status::Unchanged | Status::Edited)
    }) + if args.overwrite { edited } else { 0 };
    if edited > 0 && !args.overwrite {
        session.complain(&format!(
            "{edited} files were edited by hand and are left alone; --overwrite replaces them\n"
        ))?;
    }
    if changed == 0 {
        // A run that was killed may have left its bookkeeping behind.
        write(&OutputTree::new(&session.project), &plans, false, &lock)?;
        return Ok(Exit::Clean);
    }
    let answer = if args.yes {
        Some(true)
    } else {
        session.confirm(&format!("Write these {changed} files?"))?
    };
    if answer.is_none() {
        session.complain("there is no terminal to ask on; --yes writes without asking\n")?;
    }
    if answer != Some(true) {
        session.complain("nothing was written\n")?;
        return Ok(Exit::Changes);
    }
    write(
        &OutputTree::new(&session.project),
        &plans,
        args.overwrite,
        &lock,
    )?;
    session.remark(&format!("wrote {changed} files\n"))?;
    Ok(Exit::Clean)
}

fn count(plans: &[Plan], what: impl Fn(Status) -> bool) -> usize {
    plans
        .iter()
        .flat_map(|plan| &plan.files)
        .filter(|file| what(file.status))
        .count()
}
