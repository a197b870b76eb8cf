//! Stage 4: contradictions and traps in a resolved inventory.
//!
//! A lint is a file in this folder: its explanation, its check and its tests. [`LINTS`] lists
//! those that look at one environment, [`ACROSS`] those that compare environments. What the
//! stages before refuse is explained in `pages`.

mod admin_networks;
mod alerts_reach_nobody;
mod backup_at_midnight;
mod backup_expires_early;
mod backup_unprotected;
mod body_limits_out_of_order;
mod buffer_pool_rounded;
mod cache_evicts_sessions;
mod cache_machines_unused;
mod cluster_bus_port_too_high;
mod coarse_metrics;
mod connections_exhausted;
mod copies_in_one_zone;
mod database_cannot_fail_over;
mod debug_in_production;
mod desktop_systems;
mod driver_not_provided;
mod encrypted_connections;
mod even_database_members;
mod eviction_is_approximate;
mod failover_without_copy;
mod files_outlived_by_database;
mod host_without_domain;
mod incomplete_tls;
mod keepalived_without_layer2;
mod localhost_on_many_machines;
mod logging_level_unfit;
mod managed_knows_no_such;
mod memcached_cannot_replicate;
mod memory_above_recommended;
mod memory_alert_always_fires;
mod minimum_above_recommended;
mod misread_scalar;
mod monitoring_fills_disk;
mod name_already_taken;
mod network_too_small;
mod no_measurement_interval;
mod not_managed;
mod notices_masked;
mod overlapping_health_checks;
mod pages;
mod patroni_timing;
mod provider_has_no_such;
mod query_cache_unsupported;
mod read_timeout_too_short;
mod refused_amount;
mod reporting_unlike_environment;
mod request_limit_is_approximate;
mod retention_too_short;
mod service_exceeds_memory;
mod sessions_without_locks;
mod setting_overrides_key;
mod shards_without_majority;
mod shared_address;
mod single_point_of_failure;
mod slow_cache_timeout;
mod slow_failover;
mod socket_ignores_port;
mod storage_backup_contradicts;
mod storage_cache_fills_memory;
mod storage_without_majority;
mod strict_errors_named;
mod too_many_group_members;
mod version_not_in_debian;
mod world_writable_storage;

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::key::KeyPath;
use crate::resolve::Resolved;
use crate::topology::{AddressPlan, Role, is_single, sizing};

/// One rule about inventories.
#[derive(Debug)]
pub struct Lint {
    /// Its stable code.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What `precast explain` says: what it means, why it matters, what to do.
    pub explanation: &'static str,
    /// Looks at one environment.
    pub check: fn(&Resolved<'_>, &mut Findings<'_, '_>),
}

/// One rule about environments beside each other.
#[derive(Debug)]
pub struct AcrossLint {
    /// Its stable code.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What `precast explain` says: what it means, why it matters, what to do.
    pub explanation: &'static str,
    /// Looks at all environments at once; there may be hundreds.
    pub check: fn(&'static AcrossLint, &[Resolved<'_>], &mut Diagnostics),
}

/// Every lint about one environment, by code.
pub const LINTS: &[&Lint] = &[
    &misread_scalar::LINT,
    &world_writable_storage::LINT,
    &minimum_above_recommended::LINT,
    &memory_above_recommended::LINT,
    &service_exceeds_memory::LINT,
    &storage_cache_fills_memory::LINT,
    &memory_alert_always_fires::LINT,
    &debug_in_production::LINT,
    &reporting_unlike_environment::LINT,
    &notices_masked::LINT,
    &strict_errors_named::LINT,
    &localhost_on_many_machines::LINT,
    &socket_ignores_port::LINT,
    &host_without_domain::LINT,
    &cluster_bus_port_too_high::LINT,
    &driver_not_provided::LINT,
    &version_not_in_debian::LINT,
    &query_cache_unsupported::LINT,
    &shards_without_majority::LINT,
    &failover_without_copy::LINT,
    &memcached_cannot_replicate::LINT,
    &database_cannot_fail_over::LINT,
    &even_database_members::LINT,
    &too_many_group_members::LINT,
    &cache_evicts_sessions::LINT,
    &slow_cache_timeout::LINT,
    &sessions_without_locks::LINT,
    &overlapping_health_checks::LINT,
    &slow_failover::LINT,
    &patroni_timing::LINT,
    &storage_without_majority::LINT,
    &request_limit_is_approximate::LINT,
    &connections_exhausted::LINT,
    &buffer_pool_rounded::LINT,
    &backup_unprotected::LINT,
    &files_outlived_by_database::LINT,
    &desktop_systems::LINT,
    &backup_expires_early::LINT,
    &storage_backup_contradicts::LINT,
    &backup_at_midnight::LINT,
    &coarse_metrics::LINT,
    &no_measurement_interval::LINT,
    &retention_too_short::LINT,
    &alerts_reach_nobody::LINT,
    &single_point_of_failure::LINT,
    &keepalived_without_layer2::LINT,
    &copies_in_one_zone::LINT,
    &encrypted_connections::LINT,
    &logging_level_unfit::LINT,
    &monitoring_fills_disk::LINT,
    &network_too_small::LINT,
    &body_limits_out_of_order::LINT,
    &read_timeout_too_short::LINT,
    &incomplete_tls::LINT,
    &refused_amount::LINT,
    &setting_overrides_key::LINT,
    &name_already_taken::LINT,
    &admin_networks::LINT,
    &cache_machines_unused::LINT,
    &provider_has_no_such::LINT,
    &not_managed::LINT,
    &managed_knows_no_such::LINT,
    &eviction_is_approximate::LINT,
];

/// Every lint about several environments, by code.
pub const ACROSS: &[&AcrossLint] = &[&shared_address::LINT];

/// Collects what one lint finds in one environment.
#[derive(Debug)]
pub struct Findings<'a, 'r> {
    lint: &'static Lint,
    resolved: &'r Resolved<'r>,
    diagnostics: &'a mut Diagnostics,
}

impl Findings<'_, '_> {
    /// Reports a finding about a key, with the way out.
    pub fn report(&mut self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.report_with(self.lint.severity, key, &[], message, hint);
    }

    /// The same, with a severity of its own and further keys that take part: each is shown where
    /// it stands, or named as a default.
    pub fn report_with(
        &mut self,
        severity: Severity,
        key: &str,
        others: &[&str],
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let mut finding = begin(self.lint.code, severity, self.resolved, key, message, hint);
        for other in others {
            finding = join(finding, self.resolved, other);
        }
        self.diagnostics.push(finding);
    }
}

/// Starts a finding about a key of one environment, which every message begins with.
fn begin(
    code: &'static str,
    severity: Severity,
    resolved: &Resolved<'_>,
    key: &str,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Diagnostic {
    let key = path(key);
    let message = format!("`{key}`: {}", message.into());
    let mut finding = Diagnostic::new(code, severity, message).hint(hint);
    if let Some(place) = resolved.place(&key) {
        finding.at = Some(place.value);
    } else {
        finding = finding.note(format!("`{key}` has its default value"));
        // The innermost mapping around it is where the key would be written.
        let around = std::iter::successors(key.parent(), KeyPath::parent);
        finding.at = around
            .filter(|parent| !parent.steps().is_empty())
            .find_map(|parent| resolved.place(&parent))
            .map(|place| place.key);
    }
    finding.key = Some(key);
    finding.environment = Some(resolved.name.to_string());
    finding
}

/// Adds a further key that takes part.
fn join(finding: Diagnostic, resolved: &Resolved<'_>, key: &str) -> Diagnostic {
    let key = path(key);
    match resolved.place(&key) {
        Some(place) => finding.related(place.value, format!("`{key}` is set here")),
        None => finding.note(format!("`{key}` has its default value")),
    }
}

/// Parses a key that stands in the code or was built from valid names.
fn path(key: &str) -> KeyPath {
    key.parse().expect("a valid key path")
}

/// Runs every lint over one environment.
pub fn validate(resolved: &Resolved<'_>, diagnostics: &mut Diagnostics) {
    for lint in LINTS {
        let mut findings = Findings {
            lint,
            resolved,
            diagnostics,
        };
        (lint.check)(resolved, &mut findings);
    }
}

/// Returns whether the machines of an environment fit its network, so that it can be laid out.
pub fn fits(resolved: &Resolved<'_>) -> bool {
    let plan = AddressPlan::of(resolved);
    if !plan.divides() {
        return false;
    }
    is_single(resolved)
        || Role::ALL
            .iter()
            .all(|role| sizing::machine_count(resolved, *role) <= plan.room(*role))
}

/// Compares environments with each other.
pub fn validate_across(environments: &[Resolved<'_>], diagnostics: &mut Diagnostics) {
    for lint in ACROSS {
        (lint.check)(lint, environments, diagnostics);
    }
}

/// Returns the title and the explanation of a code, wherever it is raised.
pub fn explanation(code: &str) -> Option<(&'static str, &'static str)> {
    let lints = LINTS
        .iter()
        .map(|lint| (lint.code, lint.title, lint.explanation));
    let across = ACROSS
        .iter()
        .map(|lint| (lint.code, lint.title, lint.explanation));
    let pages = pages::PAGES
        .iter()
        .map(|page| (page.code, page.title, page.explanation));
    lints
        .chain(across)
        .chain(pages)
        .find(|(known, ..)| *known == code)
        .map(|(_, title, text)| (title, text))
}

/// Returns whether an environment's name says that visitors rely on it.
pub fn is_production(resolved: &Resolved<'_>) -> bool {
    ["production", "prod", "live"].contains(&resolved.name.as_str())
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
