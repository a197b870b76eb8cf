//! When everything runs: a service and a timer each.

use serde::Serialize;

use super::kind::Job;
use crate::environment::Environment;
use crate::targets::Artifact;

/// Seconds over which runs are spread, so that machines do not all begin at once. Alerts about a
/// backup that is late allow for it.
pub(super) const DELAY: u64 = 300;

/// Something that runs by itself.
#[derive(Debug, Serialize)]
pub(super) struct Unit {
    name: String,
    group: &'static str,
    description: String,
    calendar: Vec<String>,
    delay: u64,
    /// Whether it starts a database of its own, which gives up root's rights by itself.
    starts_database: bool,
}

impl Unit {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn group(&self) -> &'static str {
        self.group
    }
}

/// Returns everything that runs by itself.
pub(super) fn units(environment: &Environment<'_>, jobs: &[Job]) -> Vec<Unit> {
    let backup = &environment.inventory().backup;
    let unit = |name: String, group, description: String, calendar| Unit {
        starts_database: name == "backup-drill-database",
        name,
        group,
        description,
        calendar,
        delay: DELAY,
    };
    let mut units: Vec<Unit> = jobs
        .iter()
        .flat_map(|job| {
            [
                unit(
                    format!("backup-{}", job.name),
                    job.group,
                    format!("Backup of the {}", job.name),
                    job.schedule.on_calendar(),
                ),
                unit(
                    format!("backup-drill-{}", job.name),
                    job.drill_group,
                    format!("Drill: restoring the last backup of the {}", job.name),
                    backup.drill.on_calendar(),
                ),
            ]
        })
        .collect();
    units.push(unit(
        "backup-cleanup".to_owned(),
        "monitoring",
        "Removal of backups past their retention".to_owned(),
        backup.cleanup.on_calendar(),
    ));
    units.push(unit(
        "backup-check".to_owned(),
        "monitoring",
        "Check of the backups' repository".to_owned(),
        backup.check.on_calendar(),
    ));
    units
}

pub(super) fn lower(environment: &Environment<'_>, jobs: &[Job]) -> Vec<Artifact> {
    units(environment, jobs)
        .iter()
        .flat_map(|unit| {
            [
                environment.artifact(
                    format!("backup/{}.service", unit.name),
                    "backup/service.tera",
                    unit,
                ),
                environment.artifact(
                    format!("backup/{}.timer", unit.name),
                    "backup/timer.tera",
                    unit,
                ),
            ]
        })
        .collect()
}
