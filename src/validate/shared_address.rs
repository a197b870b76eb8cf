use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use super::{AcrossLint, begin, join};
use crate::diag::{Diagnostics, Severity};
use crate::resolve::Resolved;
use crate::topology::addresses::network;

pub(super) const LINT: AcrossLint = AcrossLint {
    code: "L52",
    severity: Severity::Error,
    title: "two services or environments share an address",
    explanation: "\
Two environments that name the same cache or database mix their data: a test in staging empties
production's cache. Two environments whose networks overlap give the same address to two machines,
so that neither can be reached reliably. The cache and the database of one environment cannot
answer on the same port of the same host either.

Give each environment hosts of its own. Without `infrastructure.network` precast derives a network
from the environment's name; where two names lead to one network, write one of them down.",
    check,
};

fn check(lint: &'static AcrossLint, all: &[Resolved<'_>], diagnostics: &mut Diagnostics) {
    check_hosts(lint, all, diagnostics);
    check_networks(lint, all, diagnostics);
}

fn check_hosts(lint: &'static AcrossLint, all: &[Resolved<'_>], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<(String, u16), (&Resolved<'_>, &str)> = BTreeMap::new();
    for resolved in all {
        let settings = resolved.settings();
        let (cache, database) = (&settings.cache, &settings.database);
        for (service, host, port) in [
            ("cache", &cache.host, cache.port().get()),
            ("database", &database.host, database.port().get()),
        ] {
            // Each environment has a localhost of its own.
            let name = if host.is_local() {
                format!("localhost of {}", resolved.name)
            } else {
                host.as_str().to_ascii_lowercase()
            };
            let Some((other, other_service)) = seen.get(&(name.clone(), port)) else {
                seen.insert((name, port), (resolved, service));
                continue;
            };
            let finding = begin(
                lint.code,
                lint.severity,
                resolved,
                &resolved.own_key(&format!("{service}.host")),
                format!(
                    "`{host}:{port}` is also the {other_service} of `{}`",
                    other.name
                ),
                format!(
                    "give the {service} of `{}` a host of its own",
                    resolved.name
                ),
            );
            let other_key = other.own_key(&format!("{other_service}.host"));
            diagnostics.push(join(finding, other, &other_key));
        }
    }
}

fn check_networks(lint: &'static AcrossLint, all: &[Resolved<'_>], diagnostics: &mut Diagnostics) {
    const KEY: &str = "infrastructure.network";
    let mut networks: Vec<(Ipv4Net, &Resolved<'_>)> = all
        .iter()
        .map(|resolved| (network(resolved), resolved))
        .collect();
    // Networks are nested or apart, so in this order each overlaps with the last that reached
    // furthest, or with none before it.
    networks.sort_by_key(|(network, resolved)| {
        (network.network(), network.prefix_len(), &resolved.name)
    });
    let mut widest: Option<(Ipv4Net, &Resolved<'_>)> = None;
    for (network, resolved) in networks {
        match widest {
            Some((outer, other)) if outer.contains(&network) => {
                let finding = begin(
                    lint.code,
                    lint.severity,
                    resolved,
                    KEY,
                    format!(
                        "the network `{network}` of `{}` overlaps with `{outer}` of `{}`",
                        resolved.name, other.name
                    ),
                    format!("set `{KEY}` in `inventories/{}/`", resolved.name),
                );
                diagnostics.push(join(finding, other, KEY));
            }
            _ => widest = Some((network, resolved)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn environments_have_hosts_of_their_own() {
        let inventory = |host: &str| {
            format!(
                "environment: {{a: {{database: {{host: db}}}}, b: {{database: {{host: {host}}}}}}}"
            )
        };
        assert_eq!(
            findings("L52", &inventory("db")),
            ["`db:3306` is also the database of `a`"]
        );
        assert!(findings("L52", &inventory("db2")).is_empty());
        assert!(findings("L52", "environment: {a: {}, b: {}}").is_empty());
    }

    #[test]
    fn services_have_ports_of_their_own() {
        let inventory = |port: u16| {
            format!("environment: {{a: {{cache: {{port: {port}}}, database: {{port: 3306}}}}}}")
        };
        assert_eq!(
            findings("L52", &inventory(3306)),
            ["`localhost:3306` is also the cache of `a`"]
        );
        assert!(findings("L52", &inventory(6379)).is_empty());
    }

    #[test]
    fn networks_do_not_overlap() {
        let inventory =
            "environment: {a: {}, b: {}, c: {}}\ninfrastructure: {network: 10.0.0.0/20}";
        assert_eq!(
            findings("L52", inventory),
            [
                "the network `10.0.0.0/20` of `b` overlaps with `10.0.0.0/20` of `a`",
                "the network `10.0.0.0/20` of `c` overlaps with `10.0.0.0/20` of `a`",
            ]
        );
    }

    #[test]
    fn hundreds_of_environments_take_no_time() {
        let names: Vec<String> = (0..300).map(|number| format!("e{number}: {{}}")).collect();
        let inventory = format!("environment: {{{}}}", names.join(", "));
        // Some of the derived networks do meet; each is said once.
        assert!(findings("L52", &inventory).len() < 30);
    }
}
