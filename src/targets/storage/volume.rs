//! The volume: which brick stands where, and its options.

use serde::Serialize;

use super::storage;
use crate::environment::Environment;
use crate::targets::Artifact;
use crate::topology::{Machine, Role, sizing};
use crate::units::Size;

/// Requests one client may have in flight, at most: the end of gluster's own range.
const REQUESTS_MOST: u32 = 65_536;

/// The smallest read cache gluster takes.
const CACHE_LEAST: Size = Size::mebibytes(4);

/// The longest `network.ping-timeout` gluster takes, in seconds.
const PING_MOST: u64 = 1_013;

/// Debian's number for the user and the group `www-data`, the same on every machine.
const WWW_DATA: u32 = 33;

/// The values of `group_vars/storage/storage.yml`.
#[derive(Debug, Serialize)]
struct Volume {
    machines: Vec<String>,
    copies: u32,
    layout: &'static str,
    bricks: Vec<String>,
    options: Vec<VolumeOption>,
}

/// An option of the volume, and what it is from.
#[derive(Debug, Serialize)]
struct VolumeOption {
    source: &'static str,
    name: &'static str,
    value: String,
}

pub(super) fn lower(environment: &Environment<'_>) -> Artifact {
    let scaling = &environment.inventory().scaling.filesystem;
    let machines: Vec<&Machine> = storage(environment).collect();
    let values = Volume {
        copies: copies(environment),
        layout: match (scaling.distributed.0, scaling.replication.0) {
            (true, true) => {
                "Files are spread over sets of three bricks, each file on three machines"
            }
            (false, true) => "Each file on three machines",
            (true, false) => "Files are spread over all machines, each file on one",
            (false, false) => "All files are on the first machine",
        },
        bricks: bricks(environment, &machines),
        machines: machines
            .iter()
            .map(|machine| machine.name.clone())
            .collect(),
        options: options(environment),
    };
    environment
        .artifact(
            "ansible/inventory/group_vars/storage/storage.yml",
            "storage/group_vars/storage.yml.tera",
            &values,
        )
        .impact(environment.impact(
            "sets options of the volume, or adds bricks and moves files to them,",
            Role::Storage,
        ))
}

/// Returns how many copies of a file there are.
fn copies(environment: &Environment<'_>) -> u32 {
    if environment.inventory().scaling.filesystem.replication.0 {
        sizing::COPIES
    } else {
        1
    }
}

/// Lists the bricks as gluster makes sets of them: as many in a row as there are copies. A set
/// spans as many machines, and machines that join add sets at the end.
fn bricks(environment: &Environment<'_>, machines: &[&Machine]) -> Vec<String> {
    let scaling = &environment.inventory().scaling.filesystem;
    let copies = copies(environment) as usize;
    // Neither spread nor copied: one machine holds everything.
    let machines = if scaling.distributed.0 || scaling.replication.0 {
        machines
    } else {
        &machines[..1]
    };
    let bricks = sizing::bricks_per_machine(environment.resolved);
    machines
        .chunks(copies)
        .flat_map(|set| {
            (1..=bricks).flat_map(move |brick| {
                set.iter()
                    .map(move |machine| format!("{}:/srv/bricks/{brick}", machine.name))
            })
        })
        .collect()
}

/// Returns how many requests one client may have in flight.
pub(super) fn requests(environment: &Environment<'_>) -> u32 {
    let asked = environment
        .inventory()
        .performance
        .filesystem
        .max_connections;
    asked.get().min(REQUESTS_MOST)
}

fn options(environment: &Environment<'_>) -> Vec<VolumeOption> {
    let inventory = environment.inventory();
    let performance = &inventory.performance.filesystem;
    let check = &inventory.health_checks.filesystem;
    let mode = inventory.dependencies.filesystem.permissions;
    let files = mode.for_files();
    let timeout = check.timeout.as_seconds();
    let mut options = vec![
        option(
            "performance.filesystem.cache_size",
            "performance.io-cache",
            &"on",
        ),
        option(
            "performance.filesystem.cache_size",
            "performance.io-cache-size",
            &gluster_size(performance.cache_size.max(CACHE_LEAST)),
        ),
        option(
            "performance.filesystem.io_threads",
            "performance.io-thread-count",
            &performance.io_threads,
        ),
        option(
            "performance.filesystem.max_connections",
            "server.outstanding-rpc-limit",
            &requests(environment),
        ),
        option(
            "health_checks.filesystem.timeout",
            "network.ping-timeout",
            &timeout.min(PING_MOST),
        ),
        option(
            "health_checks.filesystem.interval",
            "storage.health-check-interval",
            &check.interval.as_seconds(),
        ),
        option(
            "health_checks.filesystem.timeout",
            "storage.health-check-timeout",
            &timeout,
        ),
        option("the user www-data", "storage.owner-uid", &WWW_DATA),
        option("the group www-data", "storage.owner-gid", &WWW_DATA),
        option(
            "dependencies.filesystem.permissions",
            "storage.create-directory-mask",
            &mode,
        ),
        option(
            "dependencies.filesystem.permissions",
            "storage.force-directory-mode",
            &mode,
        ),
        option(
            "dependencies.filesystem.permissions, of files",
            "storage.create-mask",
            &files,
        ),
        option(
            "dependencies.filesystem.permissions, of files",
            "storage.force-create-mode",
            &files,
        ),
        option("who may mount it", "auth.allow", &clients(environment)),
    ];
    if inventory.scaling.filesystem.replication.0 {
        // A client writes while it sees a majority of a set, and a machine that sees no majority
        // of the others stops its bricks: neither side of a split can accept what the other does
        // not know of.
        options.extend([
            option(
                "scaling.filesystem.replication",
                "cluster.quorum-type",
                &"auto",
            ),
            option(
                "scaling.filesystem.replication",
                "cluster.server-quorum-type",
                &"server",
            ),
        ]);
    }
    options
}

fn option(source: &'static str, name: &'static str, value: &impl ToString) -> VolumeOption {
    VolumeOption {
        source,
        name,
        value: value.to_string(),
    }
}

/// Returns the addresses that may mount the volume: application machines, the storage machines'
/// own healers, and each machine itself.
fn clients(environment: &Environment<'_>) -> String {
    let topology = &environment.topology;
    [Role::App, Role::Storage]
        .iter()
        .flat_map(|role| topology.with_role(*role))
        .map(|machine| machine.address.to_string())
        .chain(["127.0.0.1".to_owned()])
        .collect::<Vec<_>>()
        .join(",")
}

/// Writes a size as gluster does, whose `GB` is 1024 x 1024 x 1024 bytes.
fn gluster_size(size: Size) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    let bytes = size.as_bytes();
    UNITS
        .iter()
        .find(|(_, unit)| bytes.is_multiple_of(*unit))
        .map_or_else(
            || bytes.to_string(),
            |(name, unit)| format!("{}{name}", bytes / unit),
        )
}
