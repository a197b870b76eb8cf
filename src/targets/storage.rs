//! Target `storage`: shared files: GlusterFS, what the provider runs in its place, or a local folder
//! where everything is on one machine.

mod volume;

use serde::Serialize;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::model::ManagedStorage;
use crate::topology::{Machine, Role, StorageLayout, ports};

/// The target.
pub const TARGET: Target = Target {
    name: "storage",
    lower,
    deployment,
};

/// Files one gluster process may open before any client asks for one: what Debian's unit allows.
const FILES_BASE: u64 = 65_536;

/// The most files Linux lets one process open (`fs.nr_open`).
const FILES_MOST: u64 = 1_048_576;

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let mut artifacts = vec![
        app(environment),
        probe(environment, "canary.sh", "storage/canary.sh.tera"),
        probe(environment, "canary.service", "storage/canary.service.tera"),
        probe(environment, "canary.timer", "storage/canary.timer.tera"),
    ];
    match StorageLayout::of(environment.resolved) {
        StorageLayout::Folder => return artifacts,
        StorageLayout::Managed(_) => {
            artifacts.push(network_mount(environment));
            return artifacts;
        }
        StorageLayout::Gluster => {}
    }
    artifacts.extend([
        mount(environment),
        daemon(environment),
        limits(environment),
        volume::lower(environment),
        environment.artifact(
            "storage/gluster_metrics.py",
            "storage/gluster_metrics.py",
            &probe_values(environment),
        ),
        probe(
            environment,
            "gluster-metrics.service",
            "storage/gluster-metrics.service.tera",
        ),
        probe(
            environment,
            "gluster-metrics.timer",
            "storage/gluster-metrics.timer.tera",
        ),
    ]);
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let shared = Playbook {
        file: "shared_files.yml",
        title: "Give application machines their shared files",
    };
    if StorageLayout::of(environment.resolved) != StorageLayout::Gluster {
        return Deployment {
            playbooks: vec![shared],
            roles: vec!["shared_files"],
            ..Deployment::default()
        };
    }
    Deployment {
        playbooks: vec![
            Playbook {
                file: "storage.yml",
                title: "Set up shared storage",
            },
            shared,
        ],
        by_hand: vec!["replace_storage.yml"],
        roles: vec!["data_disk", "gluster", "shared_files"],
        ..Deployment::default()
    }
}

/// The values of `group_vars/app/storage.yml`.
#[derive(Debug, Serialize)]
struct App {
    mount: Option<Client>,
    directory_mode: String,
    space: String,
    space_bytes: u64,
}

fn app(environment: &Environment<'_>) -> Artifact {
    let needs = &environment.inventory().dependencies.filesystem;
    let values = App {
        mount: Client::of(environment),
        directory_mode: needs.permissions.to_string(),
        space: needs.space.0.to_string(),
        space_bytes: needs.space.0.as_bytes(),
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/app/storage.yml",
            "storage/group_vars/app.yml.tera",
            &values,
        )
        .impact(environment.impact("changes the mode or the checks of /srv/shared", Role::App))
}

/// How application machines mount shared files.
#[derive(Debug, Serialize)]
pub(in crate::targets) struct Client {
    /// Debian's package.
    package: &'static str,
    /// The type of the file system.
    pub(in crate::targets) kind: &'static str,
}

impl Client {
    /// Returns how shared files are mounted; `None` where they are in a folder of the machine.
    pub(in crate::targets) fn of(environment: &Environment<'_>) -> Option<Self> {
        match StorageLayout::of(environment.resolved) {
            StorageLayout::Folder => None,
            StorageLayout::Gluster => Some(Self {
                package: "glusterfs-client",
                kind: "fuse.glusterfs",
            }),
            StorageLayout::Managed(ManagedStorage::Efs) => Some(Self {
                package: "nfs-common",
                kind: "nfs4",
            }),
        }
    }
}

/// What the probes are told.
#[derive(Debug, Serialize)]
struct Probe {
    mounted: Option<&'static str>,
    interval: u64,
    timeout: u64,
    /// When systemd gives up on a probe that cannot even be killed.
    deadline: u64,
}

fn probe_values(environment: &Environment<'_>) -> Probe {
    let check = &environment.inventory().health_checks.filesystem;
    let timeout = check.timeout.as_seconds();
    Probe {
        mounted: Client::of(environment).map(|client| client.kind),
        interval: check.interval.as_seconds(),
        timeout,
        deadline: timeout + 15,
    }
}

fn probe(environment: &Environment<'_>, file: &str, template: &'static str) -> Artifact {
    environment.artifact(
        format!("storage/{file}"),
        template,
        &probe_values(environment),
    )
}

/// The values of `srv-shared.mount`.
#[derive(Debug, Serialize)]
struct Mount {
    server: String,
    others: Vec<String>,
}

fn mount(environment: &Environment<'_>) -> Artifact {
    let mut names = storage(environment).map(|machine| machine.name.clone());
    let values = Mount {
        server: names.next().expect("there is a storage machine"),
        others: names.collect(),
    };
    environment
        .artifact(
            "storage/srv-shared.mount",
            "storage/srv-shared.mount.tera",
            &values,
        )
        .impact(remount(environment))
}

/// The values of `srv-shared.mount` where the provider has the files.
#[derive(Debug, Serialize)]
struct NetworkMount<'a> {
    host: &'a str,
}

fn network_mount(environment: &Environment<'_>) -> Artifact {
    let service = environment.topology.service(Role::Storage);
    let host = service.map_or("", |service| service.host.as_str());
    environment
        .artifact(
            "storage/srv-shared.mount",
            "storage/srv-shared-nfs.mount.tera",
            &NetworkMount { host },
        )
        .impact(remount(environment))
}

fn remount(environment: &Environment<'_>) -> String {
    environment.impact("remounts /srv/shared one machine at a time", Role::App)
}

/// The values of `glusterd.vol`.
#[derive(Debug, Serialize)]
struct Daemon {
    port: u16,
    first_brick_port: u16,
    last_brick_port: u16,
}

fn daemon(environment: &Environment<'_>) -> Artifact {
    let values = Daemon {
        port: ports::GLUSTER,
        first_brick_port: ports::BRICKS[0],
        last_brick_port: ports::BRICKS[1],
    };
    environment
        .artifact("storage/glusterd.vol", "storage/glusterd.vol.tera", &values)
        .impact(restart(environment))
}

/// The values of the limits in glusterd's unit.
#[derive(Debug, Serialize)]
struct Limits {
    open_files: u64,
    arithmetic: String,
}

/// Bricks are children of glusterd's unit and inherit its limits. Every request in flight may hold
/// a file open: clients are the application machines and the storage machines' healers.
fn limits(environment: &Environment<'_>) -> Artifact {
    let requests = u64::from(volume::requests(environment));
    let clients = [Role::App, Role::Storage]
        .map(|role| environment.topology.with_role(role).count())
        .iter()
        .sum::<usize>();
    let clients = u64::try_from(clients).unwrap_or(u64::MAX);
    let need = clients.saturating_mul(requests).saturating_add(FILES_BASE);
    let bounded = if need > FILES_MOST {
        format!(", of which Linux allows {FILES_MOST}")
    } else {
        String::new()
    };
    let values = Limits {
        open_files: need.min(FILES_MOST),
        arithmetic: format!(
            "{clients} clients x {requests} requests + {FILES_BASE} = {need}{bounded}"
        ),
    };
    environment
        .artifact(
            "storage/glusterd.service.d/limits.conf",
            "storage/limits.conf.tera",
            &values,
        )
        .impact(restart(environment))
}

fn restart(environment: &Environment<'_>) -> String {
    environment.impact(
        "restarts glusterd and its bricks one machine at a time",
        Role::Storage,
    )
}

fn storage<'a>(environment: &'a Environment<'_>) -> impl Iterator<Item = &'a Machine> {
    environment.topology.with_role(Role::Storage)
}
