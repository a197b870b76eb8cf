//! Graphviz.

use std::fmt::Write as _;

use super::{MONITORING, Part, flows, groups, label};
use crate::topology::{Machine, Party, Role, Topology};

const HEAD: &str = "\
  compound=true;
  fontname=\"sans-serif\";
  labelloc=t;
  nodesep=0.4;
  ranksep=0.8;
  node [shape=box, style=\"rounded,filled\", fillcolor=\"white\", fontname=\"sans-serif\"];
  edge [fontname=\"sans-serif\", fontsize=10];
  internet [label=\"Internet\", shape=ellipse];
";

/// Draws a topology as a Graphviz digraph.
pub fn dot(title: &str, topology: &Topology) -> String {
    let mut out = format!("digraph precast {{\n  label={};\n{HEAD}", quoted(title));
    if topology.single {
        single(&mut out, topology);
    } else {
        for group in groups(topology) {
            let role = group.role;
            let _ = writeln!(out, "  subgraph cluster_{} {{", role.name());
            let _ = writeln!(out, "    label={};", quoted(role.title()));
            for machine in &group.drawn {
                let _ = writeln!(out, "    {} [label={}];", machine.name, node(machine));
            }
            if let Some(more) = &group.more {
                let text = quoted(&format!("{}\n{}", more.count, more.addresses));
                let _ = writeln!(
                    out,
                    "    {}_more [label={text}, style=dashed];",
                    role.name()
                );
            }
            if role == Role::Monitoring {
                parts(&mut out);
            }
            out.push_str("  }\n");
        }
        if topology
            .edges
            .iter()
            .any(|edge| edge.from == Party::Everyone)
        {
            out.push_str("  everyone [label=\"Every machine\", shape=ellipse];\n");
        }
    }
    for edge in &topology.edges {
        let (from, tail) = end(topology, edge.from, "ltail");
        let (to, head) = end(topology, edge.to, "lhead");
        // An arrow from a cluster to itself joins its first machine with itself.
        let (tail, head) = if edge.from == edge.to {
            (String::new(), String::new())
        } else {
            (tail, head)
        };
        let text = quoted(&label(edge));
        let _ = writeln!(out, "  {from} -> {to} [label={text}{tail}{head}];");
    }
    out.push_str("}\n");
    out
}

/// Returns the node an arrow ends at, and the attribute that clips it at the node's cluster.
fn end(topology: &Topology, party: Party, attribute: &str) -> (String, String) {
    let Party::Role(role) = party else {
        return (party.name().to_owned(), String::new());
    };
    if topology.single {
        return (
            role.name().to_owned(),
            format!(", {attribute}=cluster_machine"),
        );
    }
    let first = topology.with_role(role).next();
    (
        first.map_or_else(
            || format!("{}_more", role.name()),
            |machine| machine.name.clone(),
        ),
        format!(", {attribute}=cluster_{}", role.name()),
    )
}

fn single(out: &mut String, topology: &Topology) {
    for machine in &topology.machines {
        out.push_str("  subgraph cluster_machine {\n");
        let _ = writeln!(out, "    label={};", node(machine));
        for role in machine
            .roles
            .iter()
            .filter(|role| **role != Role::Monitoring)
        {
            let _ = writeln!(out, "    {} [label={}];", role.name(), quoted(role.title()));
        }
        out.push_str("    subgraph cluster_monitoring {\n");
        let _ = writeln!(out, "    label={};", quoted(Role::Monitoring.title()));
        parts(out);
        out.push_str("    }\n  }\n");
    }
}

fn parts(out: &mut String) {
    for Part { id, title } in MONITORING.iter().copied().flatten() {
        let _ = writeln!(out, "    {id} [label={}];", quoted(title));
    }
    for (from, to) in flows() {
        let _ = writeln!(out, "    {} -> {};", from.id, to.id);
    }
}

fn node(machine: &Machine) -> String {
    quoted(&format!(
        "{}\n{}\n{}",
        machine.name,
        machine.address,
        super::memory(machine)
    ))
}

/// Quotes a label; a backslash would begin an escape.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::{HA, SINGLE, lay_out, same_as_sample};

    #[test]
    fn one_machine_lists_its_roles() {
        let drawn = dot("shop: dev", &lay_out(SINGLE));
        same_as_sample("single.dot", &drawn);
    }

    #[test]
    fn a_fleet_is_grouped_by_role() {
        let drawn = dot("the \"live\" shop", &lay_out(HA));
        same_as_sample("fleet.dot", &drawn);
    }
}
