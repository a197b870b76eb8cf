//! `precast completions`

use anyhow::Result;
use clap::CommandFactory as _;

use super::Session;
use crate::cli::{Cli, Completions};
use crate::exit::Exit;

/// Prints a shell completion script.
pub(super) fn run(session: &Session, args: &Completions) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "precast", &mut script);
    session.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
