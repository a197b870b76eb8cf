//! `precast graph`

use anyhow::{Result, bail};

use super::Session;
use crate::cli::Graph;
use crate::exit::Exit;

/// Draws one environment.
pub(super) fn run(_session: &Session, _args: &Graph) -> Result<Exit> {
    bail!("soon")
}
