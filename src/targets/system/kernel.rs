//! Kernel settings: `sysctl/network/` works everywhere, `sysctl/kernel/` not in containers, which
//! share their host's kernel.

use serde::Serialize;

use super::{Kind, everywhere, kinds};
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Role, ports};

/// The values of the network's template.
#[derive(Debug, Serialize)]
struct Network {
    /// Whether these machines open many connections to a few others.
    connects_often: bool,
    /// Ports that programs listen on where the kernel would pick from.
    reserved_ports: String,
}

/// The values of the kernel's template.
#[derive(Debug, Serialize)]
struct Kernel {
    /// How ready the kernel is to swap, from 0 to 200.
    swappiness: u32,
    why_swappiness: &'static str,
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = kinds(environment)
        .iter()
        .flat_map(|kind| {
            let what = environment.impact("sets kernel parameters", kind.role);
            [
                environment.artifact(
                    format!("system/sysctl/network/{}.conf", kind.name),
                    "system/sysctl/network.conf.tera",
                    &network(kind),
                ),
                environment.artifact(
                    format!("system/sysctl/kernel/{}.conf", kind.name),
                    "system/sysctl/kernel.conf.tera",
                    &kernel(kind),
                ),
            ]
            .map(|artifact| artifact.impact(what.clone()))
        })
        .collect();
    let dumps = environment.artifact(
        "system/systemd.conf",
        "system/systemd.conf.tera",
        &Nothing {},
    );
    let modules = environment.artifact(
        "system/modprobe.conf",
        "system/modprobe.conf.tera",
        &Nothing {},
    );
    artifacts.extend([
        everywhere(
            environment,
            dumps,
            "changes limits of services that start later",
        ),
        everywhere(
            environment,
            modules,
            "changes which kernel modules can be loaded",
        ),
    ]);
    artifacts
}

fn network(kind: &Kind<'_>) -> Network {
    let any = |roles: &[Role]| roles.iter().any(|role| kind.roles.contains(role));
    Network {
        connects_often: any(&[Role::LoadBalancer, Role::App]),
        reserved_ports: if any(&[Role::Storage]) {
            format!("{}-{}", ports::BRICKS[0], ports::BRICKS[1])
        } else {
            String::new()
        },
    }
}

fn kernel(kind: &Kind<'_>) -> Kernel {
    let (swappiness, why_swappiness) = match kind.role {
        Role::Cache | Role::Database | Role::Storage => (
            1,
            "Memory here is the service's own cache: what it holds is never swapped for files.",
        ),
        _ => (
            10,
            "Swap is for what nobody uses, not for making room for files.",
        ),
    };
    Kernel {
        swappiness,
        why_swappiness,
    }
}
