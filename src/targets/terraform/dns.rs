//! The names visitors use, as records of the zone that holds them.

use serde::Serialize;

use crate::environment::Environment;

/// A name in the zone.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    /// The whole name.
    full: String,
    /// The name below the zone; `@` for the zone's own.
    relative: String,
}

/// Returns the served names that belong to `infrastructure.dns_zone`, each once.
pub(super) fn records(environment: &Environment<'_>) -> Vec<Record> {
    let inventory = environment.inventory();
    let Some(zone) = &inventory.infrastructure.dns_zone else {
        return Vec::new();
    };
    let zone = zone.as_str().to_ascii_lowercase();
    let names = inventory.load_balancer.server_names.iter();
    let mut names: Vec<String> = names
        .map(|name| name.as_str().to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|full| {
            let below = full.strip_suffix(&zone)?;
            let relative = match below.strip_suffix('.') {
                Some(relative) => relative.to_owned(),
                None if below.is_empty() => "@".to_owned(),
                None => return None,
            };
            Some(Record { full, relative })
        })
        .collect()
}
