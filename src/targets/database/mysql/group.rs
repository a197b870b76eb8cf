//! What MySQL's Group Replication is told.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::environment::Environment;
use crate::topology::Role;

/// Seconds after which members suspect one that is silent. Fixed in Group Replication.
const SUSPICION: u64 = 5;

/// What Group Replication is told.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    name: String,
    seeds: String,
    expel: u64,
    expel_arithmetic: String,
    rejoin_tries: u32,
}

/// Lowers the health checks into how patient members are with each other.
pub(super) fn group(environment: &Environment<'_>) -> Group {
    let health = &environment.inventory().health_checks.database;
    let port = environment.settings().database.port();
    let members = environment.topology.with_role(Role::Database);
    let seeds: Vec<String> = members
        .map(|member| format!("{}:{port}", member.address))
        .collect();
    let timeout = health.timeout.as_seconds();
    let expel = if health.fast_failover.0 {
        0
    } else {
        timeout.saturating_sub(SUSPICION)
    };
    let why = if health.fast_failover.0 {
        "health_checks.database.fast_failover".to_owned()
    } else {
        format!("{timeout}s health_checks.database.timeout - {SUSPICION}s until suspicion")
    };
    let lost = SUSPICION + expel;
    Group {
        name: group_name(environment),
        seeds: seeds.join(","),
        expel,
        expel_arithmetic: format!(
            "A silent member is expelled after {SUSPICION}s until suspicion + {expel}s ({why}) = {lost}s."
        ),
        rejoin_tries: health.retries.get(),
    }
}

/// Returns the group's name, which must be a UUID: one derived from the names of the project and
/// the environment, so that it is the same in every run and in no other environment.
fn group_name(environment: &Environment<'_>) -> String {
    let project = &environment.inventory().project.name;
    uuid(&format!("{project}/{}", environment.name()))
}

fn uuid(text: &str) -> String {
    let hash = Sha256::digest(text);
    let mut bytes: [u8; 16] = std::array::from_fn(|place| hash[place]);
    // Version 8: made by a rule of one's own (RFC 9562).
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn a_group_keeps_its_name() {
        assert_eq!(
            uuid("shop/production"),
            "903fef0d-5516-8093-89ce-590397d34534"
        );
        assert_ne!(uuid("shop/production"), uuid("shop/staging"));
    }
}
