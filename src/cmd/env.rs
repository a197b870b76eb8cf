//! `precast env`

use anyhow::{Result, bail};

use super::Session;
use crate::cli::Env;
use crate::exit::Exit;

pub(super) fn run(_session: &Session, _args: &Env) -> Result<Exit> {
    bail!("soon")
}
