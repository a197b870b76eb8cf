//! The topology as a picture: machines by role, and who talks to whom.

pub mod dot;
pub mod mermaid;
pub mod svg;

use crate::topology::{Edge, Machine, Party, Role, Topology};

/// A way to draw one environment under a title: `svg`, `mermaid` or `dot`.
pub type Format = fn(&str, &Topology) -> String;

/// How many machines of a role are drawn one by one; the rest are counted.
const DRAWN: usize = 8;

/// The machines of one role.
struct Group<'a> {
    role: Role,
    drawn: Vec<&'a Machine>,
    more: Option<More>,
}

/// Machines that are counted instead of drawn, or the service that is there in their place.
struct More {
    count: String,
    addresses: String,
}

/// Words a machine's memory, with the size that has it where the provider sells sizes.
fn memory(machine: &Machine) -> String {
    match machine.size {
        Some(size) => format!("{size}, {}", machine.memory),
        None => machine.memory.to_string(),
    }
}

/// Returns the roles that have machines or a service, in the order in which a request meets them.
fn groups(topology: &Topology) -> Vec<Group<'_>> {
    let group = |role| {
        let machines: Vec<&Machine> = topology.with_role(role).collect();
        let (drawn, rest) = machines.split_at(machines.len().min(DRAWN));
        let more = rest.first().zip(rest.last()).map(|(first, last)| More {
            count: format!("… and {} more", rest.len()),
            addresses: if first.address == last.address {
                first.address.to_string()
            } else {
                format!("{} – {}", first.address, last.address)
            },
        });
        let managed = topology.service(role).map(|service| More {
            count: service.title.to_owned(),
            addresses: service.host.clone(),
        });
        Group {
            role,
            drawn: drawn.to_vec(),
            more: more.or(managed),
        }
    };
    let mut groups: Vec<Group<'_>> = Role::ALL.into_iter().map(group).collect();
    groups.retain(|group| !group.drawn.is_empty() || group.more.is_some());
    groups
}

/// Returns what an arrow says: `queries: 3306, 8008`.
fn label(edge: &Edge) -> String {
    format!("{}: {}", edge.purpose, edge.ports.join(", "))
}

/// Returns the identifier of one end of an arrow.
fn party(party: Party) -> &'static str {
    party.name()
}

/// A part of the monitoring, by identifier and title.
struct Part {
    id: &'static str,
    title: &'static str,
}

const fn part(id: &'static str, title: &'static str) -> Part {
    Part { id, title }
}

/// The parts of the monitoring, row by row from what is watched to who is told.
const MONITORING: [&[Part]; 6] = [
    &[part("application", "Application")],
    &[
        part("metrics_collector", "Metrics collector"),
        part("log_collector", "Log collector"),
        part("error_collector", "Error collector"),
    ],
    &[
        part("metrics_store", "Metrics store"),
        part("log_store", "Log store"),
        part("error_store", "Error store"),
    ],
    &[part("dashboard", "Dashboard")],
    &[part("alert_manager", "Alert manager")],
    &[part("notifications", "Notification system")],
];

/// Returns every arrow between monitoring parts. Rows of the same width feed each other one to
/// one; others fan out or in.
fn flows() -> Vec<(&'static Part, &'static Part)> {
    let mut flows = Vec::new();
    for rows in MONITORING.windows(2) {
        let one_to_one = rows[0].len() == rows[1].len();
        for (from_column, from) in rows[0].iter().enumerate() {
            for (to_column, to) in rows[1].iter().enumerate() {
                if !one_to_one || from_column == to_column {
                    flows.push((from, to));
                }
            }
        }
    }
    flows
}

#[cfg(test)]
mod testing {
    //! Topologies to draw.

    use crate::load::{Document, Layer, Loaded};
    use crate::parse;
    use crate::resolve::{self, Input};
    use crate::source::Span;
    use crate::topology::{Topology, topology};

    /// Lays out the one environment of an inventory given as YAML.
    pub(super) fn lay_out(yaml: &str) -> Topology {
        let mut loaded = Loaded::default();
        let source = loaded.sources.add("inventories/test.yml", yaml);
        let span = Span {
            source,
            start: 0,
            end: yaml.len(),
        };
        let layer = Layer::Shared;
        loaded.documents.push(Document { layer, span });
        let mut diagnostics = crate::diag::Diagnostics::default();
        let trees = parse::parse(&loaded, &mut diagnostics);
        let input = Input {
            sources: &loaded.sources,
            trees: &trees,
        };
        let name = resolve::environments(input, &mut diagnostics).remove(0);
        let shared = resolve::share(input, &mut diagnostics);
        let resolved = resolve::resolve(input, &shared, &name, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
        topology(&resolved)
    }

    pub(super) const SINGLE: &str =
        "{environment: {dev: {}}, infrastructure: {topology: single, network: 10.1.0.0/20}}";

    pub(super) const HA: &str = "
environment: {live: {}}
infrastructure: {topology: ha, network: 10.1.0.0/20}
scaling: {app: {servers: 10}}";

    /// Compares a drawing with a file of `samples/`; `UPDATE=1` writes the file instead.
    pub(crate) fn same_as_sample(name: &str, drawn: &str) {
        let path = format!("{}/src/graph/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, drawn).unwrap();
        }
        let sample = std::fs::read_to_string(&path).unwrap();
        assert_eq!(drawn, sample, "UPDATE=1 cargo test --lib graph writes it");
    }
}
