//! The proxy beside the application: one port for writes, one for reads, whichever member answers.
//!
//! It asks each member's role agent, or Patroni, which speaks alike: `OPTIONS /primary` and
//! `OPTIONS /replica` answer 200 where that is the member's role, and 503 everywhere else.

use serde::Serialize;

use crate::deployment::{Deployment, Playbook};
use crate::environment::Environment;
use crate::model::DatabaseHealthCheck;
use crate::targets::Artifact;
use crate::topology::capacity::KEPT_CONNECTIONS;
use crate::topology::{Role, ports};

/// Seconds between two checks once one has failed, and until a member that was down has answered
/// often enough. An interval below it is its own fast interval.
const FAST: u64 = 2;

/// Seconds between two checks of a member that is down, or does not have the role: this decides
/// how soon a new primary is found.
const DOWN: u64 = 5;

/// Seconds a connection to a member may take.
const CONNECT: u64 = 2;

/// Answers in a row after which a member is up again.
const RISE: u64 = 2;

/// Lowers the proxy's files; none where everything is on one machine.
pub(super) fn lower(environment: &Environment<'_>) -> Vec<Artifact> {
    if environment.topology.single {
        return Vec::new();
    }
    vec![
        environment
            .artifact(
                "database/haproxy/haproxy.cfg",
                "database/haproxy/haproxy.cfg.tera",
                &Main {
                    connect: CONNECT,
                    metrics_port: ports::HAPROXY,
                },
            )
            .impact(reload(environment)),
        environment
            .artifact(
                "database/haproxy/database.cfg",
                "database/haproxy/database.cfg.tera",
                &values(environment),
            )
            .impact(reload(environment)),
    ]
}

/// Says how the proxy is deployed; nothing where everything is on one machine.
pub(super) fn deployment(environment: &Environment<'_>) -> Deployment {
    if environment.topology.single {
        return Deployment::default();
    }
    Deployment {
        playbooks: vec![Playbook {
            file: "haproxy.yml",
            title: "Set up the proxies beside the application",
        }],
        roles: vec!["haproxy"],
        ..Deployment::default()
    }
}

fn reload(environment: &Environment<'_>) -> String {
    environment.impact("reloads HAProxy", Role::App)
}

/// The values of `haproxy.cfg`.
#[derive(Debug, Serialize)]
struct Main {
    connect: u64,
    metrics_port: u16,
}

/// The values of `database.cfg`.
#[derive(Debug, Serialize)]
struct Proxy {
    write_port: u16,
    read_port: u16,
    role_port: u16,
    check: Check,
    max_connections: u32,
    reserved: u32,
    most: u32,
    members: Vec<Member>,
}

/// How members are checked, in seconds.
#[derive(Debug, Serialize)]
struct Check {
    interval: u64,
    fast: u64,
    down: u64,
    timeout: u64,
    fall: u64,
    rise: u64,
    hanging: String,
    refusing: String,
    promoted: String,
}

/// A member of the cluster.
#[derive(Debug, Serialize)]
struct Member {
    name: String,
    address: String,
    port: u16,
}

fn values(environment: &Environment<'_>) -> Proxy {
    let inventory = environment.inventory();
    let database = &environment.settings().database;
    let max_connections = inventory.performance.database.max_connections.get();
    let members = environment.topology.with_role(Role::Database);
    Proxy {
        write_port: database.port().get(),
        read_port: database.read_port(),
        role_port: ports::DATABASE_ROLE,
        check: check(&inventory.health_checks.database),
        max_connections,
        reserved: KEPT_CONNECTIONS,
        // A limit of zero would be none.
        most: max_connections.saturating_sub(KEPT_CONNECTIONS).max(1),
        members: members
            .map(|machine| Member {
                name: machine.name.clone(),
                address: machine.address.to_string(),
                port: database.port().get(),
            })
            .collect(),
    }
}

/// Words the checks, and in the worst case how long they take: a member lost just after a check,
/// without a query that would meet it, is found by the last of `fall` checks.
fn check(health: &DatabaseHealthCheck) -> Check {
    let interval = health.interval.as_seconds().max(1);
    let timeout = health.timeout.as_seconds().max(1);
    let fall = u64::from(health.retries.get()).max(1);
    let (fast, down) = (interval.min(FAST), interval.min(DOWN));
    let pauses = fast.saturating_mul(fall - 1);
    let waits = timeout.saturating_mul(fall);
    Check {
        interval,
        fast,
        down,
        timeout,
        fall,
        rise: RISE,
        hanging: format!(
            "{interval}s interval + {fall} checks x {timeout}s timeout + {} pauses x {fast}s = {}s",
            fall - 1,
            interval.saturating_add(waits).saturating_add(pauses)
        ),
        refusing: format!("{} pauses x {fast}s = {pauses}s", fall - 1),
        promoted: format!(
            "{down}s interval + {} pause x {fast}s = {}s",
            RISE - 1,
            down + fast * (RISE - 1)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::model::HealthChecks;
    use crate::units::{Count, Duration};

    #[test]
    fn the_worst_case_is_summed_up() {
        let mut health = HealthChecks::default().database;
        let checks = check(&health);
        assert_eq!(
            checks.hanging,
            "30s interval + 3 checks x 10s timeout + 2 pauses x 2s = 64s"
        );
        assert_eq!(checks.refusing, "2 pauses x 2s = 4s");
        health.interval = Duration::seconds(1);
        health.retries = Count::of(1);
        let checks = check(&health);
        assert_eq!((checks.fast, checks.down), (1, 1));
        assert_eq!(checks.refusing, "0 pauses x 1s = 0s");
    }
}
