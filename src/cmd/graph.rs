//! `precast graph`

use anyhow::{Result, anyhow};

use super::Session;
use crate::cli::Graph;
use crate::exit::Exit;

pub(super) fn run(_session: &Session, _args: &Graph) -> Result<Exit> {
    Err(anyhow!("soon"))
}
