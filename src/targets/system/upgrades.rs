//! Security upgrades that install themselves, on one machine of a role after another.

use serde::Serialize;

use super::everywhere;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::Machine;

/// When the first machine of every role upgrades, in minutes after midnight UTC: after the backups
/// of the reference document.
const FIRST: u32 = 3 * 60;

/// Minutes from one machine of a role to the next: longer than an upgrade and a reboot take.
const APART: u32 = 30;

/// Machines of a role after which it begins anew, so that all are done by nine.
const TURNS: u32 = 12;

/// The values of `unattended-upgrades.conf`.
#[derive(Debug, Serialize)]
struct Upgrades {
    single: bool,
    reboot: bool,
}

/// The values of a machine's timer.
#[derive(Debug, Serialize)]
struct Timer {
    machine: String,
    time: String,
    apart: u32,
}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let values = Upgrades {
        single: environment.topology.single,
        reboot: environment.inventory().system.automatic_reboot.0,
    };
    let policy = environment.artifact(
        "system/unattended-upgrades.conf",
        "system/unattended-upgrades.conf.tera",
        &values,
    );
    let daily = environment.artifact(
        "system/auto-upgrades.conf",
        "system/auto-upgrades.conf.tera",
        &values,
    );
    let mut artifacts: Vec<Artifact> = [policy, daily]
        .into_iter()
        .map(|artifact| everywhere(environment, artifact, "changes nightly upgrades"))
        .collect();
    artifacts.extend(environment.topology.machines.iter().map(|machine| {
        let values = Timer {
            machine: machine.name.clone(),
            time: time(machine),
            apart: APART,
        };
        environment
            .artifact(
                format!("system/{}/apt-daily-upgrade.conf", machine.name),
                "system/apt-daily-upgrade.conf.tera",
                &values,
            )
            .impact(format!("changes nightly upgrades on {}", machine.name))
    }));
    artifacts
}

fn time(machine: &Machine) -> String {
    let minutes = FIRST + (machine.number - 1) % TURNS * APART;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
