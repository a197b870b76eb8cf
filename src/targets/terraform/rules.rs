//! The topology's edges as a cloud's firewall takes them: one line for each group that connects, the
//! group it connects to, and a range of ports.

use serde::Serialize;

use crate::environment::Environment;
use crate::topology::{Party, Role, ports};

/// A group of machines and who may connect to them.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    name: &'static str,
    admissions: Vec<Admission>,
}

/// Who may connect to the machines of a group.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Admission {
    /// The group that is connected to.
    #[serde(skip)]
    to: &'static str,
    /// A group, or `internet`, `network` (every machine), `admin` (where people come from).
    from: &'static str,
    /// The first port and the last.
    first: u16,
    last: u16,
    purpose: &'static str,
}

/// Where people come from.
const ADMIN: &str = "admin";

/// Returns what the firewall knows the machines of a role by: `platform` where one does everything.
pub(super) fn group(single: bool, role: Role) -> &'static str {
    if single { "platform" } else { role.name() }
}

impl Admission {
    fn new(
        to: &'static str,
        from: &'static str,
        first: u16,
        last: u16,
        purpose: &'static str,
    ) -> Self {
        Self {
            to,
            from,
            first,
            last,
            purpose,
        }
    }
}

/// Returns who may connect to whom, each pair and range of ports once.
pub(super) fn groups(environment: &Environment<'_>) -> Vec<Group> {
    let single = environment.topology.single;
    let group = |role: Role| group(single, role);
    let has = |role: &Role| environment.topology.with_role(*role).next().is_some();
    let mut admissions = Vec::new();
    for edge in &environment.topology.edges {
        let from = match edge.from {
            Party::Internet => "internet",
            Party::Everyone => "network",
            Party::Role(role) => group(role),
        };
        let to = Role::ALL.into_iter().filter(|role| match edge.to {
            Party::Role(one) => one == *role,
            Party::Everyone | Party::Internet => true,
        });
        for role in to.filter(has) {
            for range in &edge.ports {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                if let (Ok(first), Ok(last)) = (first.parse(), last.parse()) {
                    admissions.push(Admission::new(group(role), from, first, last, edge.purpose));
                }
            }
        }
    }
    for (port, purpose) in [
        (ports::SSH, "SSH to the bastion"),
        (ports::PORTAL, "dashboard"),
    ] {
        let to = group(Role::Monitoring);
        admissions.push(Admission::new(to, ADMIN, port, port, purpose));
    }
    admissions.sort_unstable();
    admissions.dedup_by(|one, other| {
        (one.to, one.from, one.first, one.last) == (other.to, other.from, other.first, other.last)
    });
    let mut groups: Vec<Group> = Vec::new();
    for admission in admissions {
        match groups.last_mut().filter(|group| group.name == admission.to) {
            Some(group) => group.admissions.push(admission),
            None => groups.push(Group {
                name: admission.to,
                admissions: vec![admission],
            }),
        }
    }
    groups
}
