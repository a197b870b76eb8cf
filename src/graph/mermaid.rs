//! Mermaid, which code hosts draw inside Markdown.

use std::fmt::Write as _;

use super::{MONITORING, Part, flows, groups, label, party};
use crate::topology::{Machine, Party, Role, Topology};

/// Draws a topology as a Mermaid flowchart.
pub fn mermaid(title: &str, topology: &Topology) -> String {
    let mut out = format!("---\ntitle: {}\n---\ngraph TD\n", quoted(title));
    out.push_str("    internet([\"Internet\"])\n");
    if topology.single {
        single(&mut out, topology);
    } else {
        for group in groups(topology) {
            let role = group.role;
            let _ = writeln!(out, "    subgraph {}[\"{}\"]", role.name(), role.title());
            for machine in &group.drawn {
                let text = node(machine);
                let _ = writeln!(out, "        {}[\"{text}\"]", machine.name);
            }
            if let Some(more) = &group.more {
                let text = format!("{}<br/>{}", more.count, more.addresses);
                let _ = writeln!(out, "        {}_more[\"{text}\"]", role.name());
            }
            if role == Role::Monitoring {
                parts(&mut out);
            }
            out.push_str("    end\n");
        }
        if topology
            .edges
            .iter()
            .any(|edge| edge.from == Party::Everyone)
        {
            out.push_str("    everyone([\"Every machine\"])\n");
        }
    }
    for edge in &topology.edges {
        let target = match edge.to {
            Party::Role(_) if topology.single => "machine",
            other => party(other),
        };
        let _ = writeln!(
            out,
            "    {} -->|\"{}\"| {target}",
            party(edge.from),
            label(edge)
        );
    }
    out
}

fn single(out: &mut String, topology: &Topology) {
    for machine in &topology.machines {
        let _ = writeln!(out, "    subgraph machine[\"{}\"]", node(machine));
        for role in machine
            .roles
            .iter()
            .filter(|role| **role != Role::Monitoring)
        {
            let _ = writeln!(out, "        {}[\"{}\"]", role.name(), role.title());
        }
        let _ = writeln!(
            out,
            "        subgraph monitoring[\"{}\"]",
            Role::Monitoring.title()
        );
        parts(out);
        out.push_str("        end\n    end\n");
    }
}

fn parts(out: &mut String) {
    for Part { id, title } in MONITORING.iter().copied().flatten() {
        let _ = writeln!(out, "            {id}[\"{title}\"]");
    }
    for (from, to) in flows() {
        let _ = writeln!(out, "            {} --> {}", from.id, to.id);
    }
}

fn node(machine: &Machine) -> String {
    format!(
        "{}<br/>{}<br/>{}",
        machine.name,
        machine.address,
        super::memory(machine)
    )
}

/// Quotes a title as YAML, which Mermaid's front matter is; JSON strings are YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::{HA, SINGLE, lay_out, same_as_sample};

    #[test]
    fn one_machine_lists_its_roles() {
        let drawn = mermaid("shop: dev", &lay_out(SINGLE));
        same_as_sample("single.mmd", &drawn);
    }

    #[test]
    fn a_fleet_is_grouped_by_role() {
        let drawn = mermaid("the \"live\" shop", &lay_out(HA));
        same_as_sample("fleet.mmd", &drawn);
    }
}
