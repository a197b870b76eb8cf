//! The kinds of backup: what each saves, from which machines, and how it is proven.

use serde::Serialize;

use super::database;
use super::place::place;
use crate::environment::Environment;
use crate::model::BackupJob;
use crate::targets::Artifact;
use crate::targets::storage::Client;
use crate::topology::{Role, ports};
use crate::units::{Cron, Duration};

/// What is the same for a kind everywhere.
struct Facts {
    name: &'static str,
    /// The machines that save. One of them does where it is the same on all.
    group: &'static str,
    /// The machines that restore for the drill.
    drill_group: &'static str,
    /// The playbook that restores.
    restore: &'static str,
    /// How snapshots are told apart when old ones are removed: what lies on each machine is kept
    /// for each, what is the same on all is kept once.
    group_by: &'static str,
    script: &'static str,
    drill: &'static str,
}

const DATABASE: Facts = Facts {
    name: "database",
    group: "database",
    drill_group: "database",
    restore: "restore_database.yml",
    group_by: "tags",
    script: "backup/database.sh.tera",
    drill: "backup/drill-database.sh.tera",
};

const FILESYSTEM: Facts = Facts {
    name: "filesystem",
    group: "app",
    drill_group: "monitoring",
    restore: "restore_filesystem.yml",
    group_by: "tags",
    script: "backup/filesystem.sh.tera",
    drill: "backup/drill-filesystem.sh.tera",
};

const CONFIGURATION: Facts = Facts {
    name: "configuration",
    group: "all",
    drill_group: "monitoring",
    restore: "restore_configuration.yml",
    group_by: "host,tags",
    script: "backup/configuration.sh.tera",
    drill: "backup/drill-configuration.sh.tera",
};

/// A backup of this environment.
#[derive(Debug, Serialize)]
pub(super) struct Job {
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) drill_group: &'static str,
    pub(super) restore: &'static str,
    group_by: &'static str,
    /// How long it is kept, as restic writes it.
    keep: String,
    pub(super) compression: bool,
    pub(super) encryption: bool,
    #[serde(skip)]
    script: &'static str,
    #[serde(skip)]
    drill: &'static str,
    #[serde(skip)]
    pub(super) schedule: Cron,
}

/// Returns the backups of this environment. `scaling.filesystem.backup` switches that of shared
/// files.
pub(super) fn jobs(environment: &Environment<'_>) -> Vec<Job> {
    let inventory = environment.inventory();
    let backup = &inventory.backup;
    let filesystem = backup.filesystem.as_ref();
    [
        (DATABASE, backup.database.as_ref()),
        (
            FILESYSTEM,
            filesystem.filter(|_| inventory.scaling.filesystem.backup.0),
        ),
        (CONFIGURATION, backup.configuration.as_ref()),
    ]
    .into_iter()
    .filter_map(|(facts, job)| job.map(|job| Job::new(&facts, job)))
    .collect()
}

impl Job {
    fn new(facts: &Facts, job: &BackupJob) -> Self {
        Self {
            name: facts.name,
            group: facts.group,
            drill_group: facts.drill_group,
            restore: facts.restore,
            group_by: facts.group_by,
            keep: keep(job.retention),
            compression: job.compression.0,
            encryption: job.encryption.0,
            script: facts.script,
            drill: facts.drill,
            schedule: job.schedule.clone(),
        }
    }
}

/// Writes a duration as restic does, in days and hours; a started hour counts.
fn keep(retention: Duration) -> String {
    let hours = retention.as_seconds().div_ceil(3600).max(1);
    match (hours / 24, hours % 24) {
        (0, hours) => format!("{hours}h"),
        (days, 0) => format!("{days}d"),
        (days, hours) => format!("{days}d{hours}h"),
    }
}

/// The values of the scripts of a kind.
#[derive(Debug, Serialize)]
struct Script<'a> {
    job: &'a Job,
    /// The type of the file system that shared files are mounted from; `None` where they are in a folder.
    mounted: Option<&'static str>,
    /// Addresses of the database's members; none where there is one.
    members: Vec<String>,
    role_port: u16,
    probe_timeout: u64,
    machines: Vec<String>,
    /// Whether the repository is on the machine of the drill.
    own: bool,
    /// Seconds within which another machine's run is the same run.
    same_run: u64,
    /// What encrypted files are called.
    archive: String,
}

pub(super) fn lower(environment: &Environment<'_>, job: &Job) -> Vec<Artifact> {
    let topology = &environment.topology;
    let suffix = |name: &str| {
        let zst = if job.compression { ".zst" } else { "" };
        let age = if job.encryption { ".age" } else { "" };
        format!("{name}{zst}{age}")
    };
    let members: Vec<String> = topology
        .with_role(Role::Database)
        .map(|machine| machine.address.to_string())
        .collect();
    let values = Script {
        job,
        mounted: Client::of(environment).map(|client| client.kind),
        members: if members.len() > 1 {
            members
        } else {
            Vec::new()
        },
        role_port: ports::DATABASE_ROLE,
        probe_timeout: environment
            .inventory()
            .health_checks
            .database
            .timeout
            .as_seconds(),
        machines: topology
            .machines
            .iter()
            .map(|machine| machine.name.clone())
            .collect(),
        own: place(environment).own,
        same_run: super::units::DELAY * 2,
        archive: suffix(match job.name {
            "database" => "dump.sql",
            "filesystem" => "shared.tar",
            _ => "configuration.tar",
        }),
    };
    let script = |file: String, template| environment.artifact(file, template, &values);
    let mut artifacts = vec![
        script(format!("backup/backup-{}.sh", job.name), job.script),
        script(format!("backup/backup-drill-{}.sh", job.name), job.drill),
    ];
    if job.name == "database" {
        artifacts.push(database::lower(environment));
    }
    artifacts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restic_keeps_for_at_least_as_long() {
        for (seconds, text) in [
            (30 * 86_400, "30d"),
            (86_400 + 3_600, "1d1h"),
            (12 * 3_600, "12h"),
            (60, "1h"),
            (0, "1h"),
        ] {
            assert_eq!(keep(Duration::seconds(seconds)), text);
        }
    }
}
