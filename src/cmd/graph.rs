//! `precast graph`

use anyhow::Result;

use super::Session;
use crate::cli::{Graph, GraphFormat};
use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::exit::Exit;
use crate::graph;
use crate::graph::dot::dot;
use crate::graph::mermaid::mermaid;
use crate::graph::svg::svg;
use crate::provider::estimate;
use crate::topology::topology;

/// The environment that is drawn when none is named.
const USUAL: &str = "production";

/// Draws one environment.
pub(super) fn run(session: &Session, args: &Graph) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let named: Vec<String> = args.environment.iter().cloned().collect();
    let inventories = Inventories::new(&loaded, &named, &mut diagnostics);
    let environments = inventories.check(&mut diagnostics);
    session.report_errors(&mut diagnostics, &loaded.sources)?;
    let usual = environments
        .iter()
        .find(|environment| environment.name.as_str() == USUAL);
    let Some(environment) = usual
        .or(environments.first())
        .filter(|_| !diagnostics.has_errors())
    else {
        return Ok(Exit::Error);
    };
    let draw: graph::Format = match args.format {
        GraphFormat::Svg => svg,
        GraphFormat::Mermaid => mermaid,
        GraphFormat::Dot => dot,
    };
    let topology = topology(environment);
    let facts = environment.inventory.infrastructure.provider.facts();
    let name = environment.name.as_str();
    let title = estimate(facts, &topology).map_or_else(
        || name.to_owned(),
        |estimate| format!("{name}: {}", estimate.headline(topology.machines.len())),
    );
    session.print(&draw(&title, &topology))?;
    Ok(Exit::Clean)
}
