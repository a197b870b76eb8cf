//! `precast init`

use anyhow::{Result, bail};

use super::Session;
use crate::cli::Init;
use crate::exit::Exit;

pub(super) fn run(_session: &Session, _args: &Init) -> Result<Exit> {
    bail!("soon")
}
