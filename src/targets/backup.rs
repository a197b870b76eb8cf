//! Target `backup`: what is saved, when, where to, and the drills that prove it.
//!
//! Each kind of backup has a restic repository of its own. The monitoring machine keeps house:
//! it removes what is past its retention, checks, and restores for a drill.

mod database;
mod kind;
mod place;
mod units;

use serde::Serialize;

use super::{Artifact, Target};
use crate::deployment::{Deployment, Origin, Playbook, Secret};
use crate::environment::Environment;
use crate::topology::Role;
use crate::units::repository::Scheme;

use kind::{Job, jobs};
use place::{Place, place};

/// The target.
pub const TARGET: Target = Target {
    name: "backup",
    lower,
    deployment,
};

fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    let jobs = jobs(environment);
    if jobs.is_empty() {
        return Vec::new();
    }
    let place = place(environment);
    let mut artifacts = vec![
        variables(environment, &jobs, &place),
        environment.artifact(
            "backup/repository.env",
            "backup/repository.env.tera",
            &place,
        ),
        environment.artifact("backup/library.sh", "backup/library.sh.tera", &Nothing {}),
        environment.artifact(
            "backup/backup-restic.sh",
            "backup/restic.sh.tera",
            &Nothing {},
        ),
        environment.artifact(
            "backup/backup-cleanup.sh",
            "backup/cleanup.sh.tera",
            &Jobs { jobs: &jobs },
        ),
        environment.artifact(
            "backup/backup-check.sh",
            "backup/check.sh.tera",
            &Jobs { jobs: &jobs },
        ),
    ];
    artifacts.extend(place::lower(environment, &place));
    for job in &jobs {
        artifacts.extend(kind::lower(environment, job));
    }
    artifacts.extend(units::lower(environment, &jobs));
    artifacts
}

fn deployment(environment: &Environment<'_>) -> Deployment {
    let jobs = jobs(environment);
    if jobs.is_empty() {
        return Deployment::default();
    }
    let place = place(environment);
    let mut roles = vec!["backup"];
    if place.own {
        roles.extend(["backup_repository", "data_disk"]);
    }
    let mut secrets = vec![Secret {
        name: "backup_repository_password",
        purpose: "the key of the backups' repository",
        origin: Origin::Password,
    }];
    if jobs.iter().any(|job| job.encryption) {
        secrets.push(Secret {
            name: "backup_identity",
            purpose: "opens encrypted backups; machines never have it",
            origin: Origin::AgeIdentity,
        });
    }
    for (name, purpose) in place.credentials() {
        secrets.push(Secret {
            name,
            purpose,
            origin: Origin::Given,
        });
    }
    let playbook = if place.own {
        Playbook {
            file: "backup_own.yml",
            title: "Save everything on the monitoring machine",
        }
    } else {
        Playbook {
            file: "backup.yml",
            title: "Save everything",
        }
    };
    Deployment {
        playbooks: vec![playbook],
        by_hand: jobs.iter().map(|job| job.restore).collect(),
        roles,
        secrets,
    }
}

/// The values of a file that has none.
#[derive(Debug, Serialize)]
struct Nothing {}

/// The values of what is done for every kind.
#[derive(Debug, Serialize)]
struct Jobs<'a> {
    jobs: &'a [Job],
}

/// The values of `group_vars/all/backup.yml`.
#[derive(Debug, Serialize)]
struct Variables {
    encrypted: bool,
    sftp: bool,
    own: bool,
    credentials: Vec<(&'static str, &'static str)>,
    keeper: String,
    scripts: Vec<Script>,
    units: Vec<Script>,
    kinds: Vec<&'static str>,
    database: &'static str,
    database_port: u16,
}

/// A file, and the group of machines that has it.
#[derive(Debug, Serialize)]
struct Script {
    name: String,
    group: &'static str,
}

fn variables(environment: &Environment<'_>, jobs: &[Job], place: &Place) -> Artifact {
    let keeper = environment.topology.with_role(Role::Monitoring);
    let keeper = keeper.map(|machine| machine.name.clone()).next();
    let script = |name: &str, group| Script {
        name: name.to_owned(),
        group,
    };
    let mut scripts = vec![
        script("backup-restic", "all"),
        script("backup-cleanup", "monitoring"),
        script("backup-check", "monitoring"),
    ];
    for job in jobs {
        scripts.push(script(&format!("backup-{}", job.name), job.group));
        scripts.push(script(
            &format!("backup-drill-{}", job.name),
            job.drill_group,
        ));
    }
    let values = Variables {
        encrypted: jobs.iter().any(|job| job.encryption),
        sftp: matches!(place.scheme, Scheme::Sftp { .. }),
        own: place.own,
        credentials: place.environment(),
        keeper: keeper.expect("there is a monitoring machine"),
        scripts,
        units: units::units(environment, jobs)
            .iter()
            .map(|unit| script(unit.name(), unit.group()))
            .collect(),
        kinds: jobs.iter().map(|job| job.name).collect(),
        database: jobs
            .iter()
            .find(|job| job.name == "database")
            .map_or("", |_| environment.settings().database.driver.name()),
        database_port: environment.settings().database.port().get(),
    };
    environment.artifact(
        "ansible/inventory/group_vars/all/backup.yml",
        "backup/group_vars/all.yml.tera",
        &values,
    )
}
