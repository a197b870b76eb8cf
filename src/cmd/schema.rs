//! `precast schema`

use anyhow::Result;

use super::Session;
use crate::exit::Exit;
use crate::model::schema::schema;

/// Prints the JSON Schema of inventories.
pub(super) fn run(session: &Session) -> Result<Exit> {
    let schema = serde_json::to_string_pretty(&schema())?;
    session.print(&format!("{schema}\n"))?;
    Ok(Exit::Clean)
}
