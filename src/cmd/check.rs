//! `precast check`

use anyhow::Result;

use super::Session;
use crate::cli::{Check, CheckFormat, Deny};
use crate::compile::Inventories;
use crate::diag::{Diagnostics, github, human, json, sarif, short};
use crate::exit::Exit;

/// Validates the inventory and prints what was found.
pub(super) fn run(session: &Session, args: &Check) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    Inventories::new(&loaded, &args.environments, &mut diagnostics).check(&mut diagnostics);
    if args.deny == Some(Deny::Warnings) {
        diagnostics.deny_warnings();
    }
    diagnostics.tidy();
    let print = match args.format {
        CheckFormat::Human => {
            let text = human::print_with(&diagnostics, &loaded.sources, session.styled());
            session.print(&text)?;
            return Ok(exit(&diagnostics));
        }
        CheckFormat::Short => short::print,
        CheckFormat::Json => json::print,
        CheckFormat::Github => github::print,
        CheckFormat::Sarif => sarif::print,
    };
    session.print(&print(&diagnostics, &loaded.sources))?;
    Ok(exit(&diagnostics))
}

fn exit(diagnostics: &Diagnostics) -> Exit {
    if diagnostics.has_errors() {
        Exit::Error
    } else {
        Exit::Clean
    }
}
