//! Target `system`: what every machine has whatever it does: firewall, SSH, time, upgrades, kernel
//! settings, certificates and secrets.

mod certificates;
mod firewall;
mod kernel;
mod ports;
mod requirements;
mod secrets;
mod ssh;
mod time;
mod upgrades;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::topology::{Machine, Role};
use crate::units::Size;

/// The target.
pub const TARGET: Target = Target {
    name: "system",
    lower,
    deployment,
};

/// What the target renders, one part a concern.
const PARTS: &[fn(&Environment<'_>) -> Vec<Artifact>] = &[
    secrets::lower,
    requirements::lower,
    time::lower,
    upgrades::lower,
    kernel::lower,
    ssh::lower,
    certificates::lower,
    firewall::lower,
    |environment| ports::lower(environment).into_iter().collect(),
];

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    PARTS.iter().flat_map(|part| part(environment)).collect()
}

fn deployment(_: &Environment<'_>) -> Deployment {
    Deployment {
        playbooks: vec![
            Playbook {
                file: "preflight.yml",
                title: "Check every machine before anything changes",
            },
            Playbook {
                file: "base.yml",
                title: "Prepare every machine",
            },
            Playbook {
                file: "firewall.yml",
                title: "Close every port that nobody needs",
            },
            Playbook {
                file: "certificates.yml",
                title: "Certify every machine",
            },
        ],
        by_hand: vec!["secrets.yml", "upgrade.yml", "verify.yml"],
        roles: vec![
            "preflight",
            "secrets",
            "base",
            "ssh",
            "firewall",
            "certificates",
            "upgrade",
            "verify",
        ],
        secrets: vec![certificates::AUTHORITY],
    }
}

/// A file that is the same on all machines of a role.
struct Kind<'a> {
    /// Its name without an ending: `database`, or `machine` where one machine does everything.
    name: &'static str,
    /// The role a change of it is announced for.
    role: Role,
    /// The roles those machines have.
    roles: &'a [Role],
    /// Their memory.
    memory: Size,
}

/// Returns the kinds of machines an environment has: one a role, or one that does everything.
fn kinds<'a>(environment: &'a Environment<'_>) -> Vec<Kind<'a>> {
    let single = environment.topology.single;
    let mut kinds: Vec<Kind<'a>> = Vec::new();
    for machine in &environment.topology.machines {
        let (name, role) = if single {
            ("machine", Role::App)
        } else {
            (main_role(machine).name(), main_role(machine))
        };
        if kinds.iter().all(|kind| kind.name != name) {
            kinds.push(Kind {
                name,
                role,
                roles: &machine.roles,
                memory: machine.memory,
            });
        }
    }
    kinds
}

/// A machine has one role, or all of them.
fn main_role(machine: &Machine) -> Role {
    machine.roles[0]
}

/// Announces a change on every machine. One machine that does everything is named once.
fn everywhere(environment: &Environment<'_>, artifact: Artifact, what: &str) -> Artifact {
    kinds(environment).iter().fold(artifact, |artifact, kind| {
        artifact.impact(environment.impact(what, kind.role))
    })
}
