//! `precast explain`

use anyhow::{Result, bail};

use super::Session;
use crate::cli::Explain;
use crate::exit::Exit;

pub(super) fn run(_session: &Session, _args: &Explain) -> Result<Exit> {
    bail!("soon")
}
