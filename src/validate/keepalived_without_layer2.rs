use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::HighAvailability;
use crate::provider::Front;
use crate::resolve::Resolved;
use crate::topology::has_proxy_in_front;

pub(super) const LINT: Lint = Lint {
    code: "L49",
    severity: Severity::Warning,
    title: "an address cannot move where the network has no layer 2",
    explanation: "\
With keepalived load balancers agree who holds a shared address and tell the network by ARP. Clouds
route each address to the machine they gave it to, and nothing a machine says changes that. There
the cloud's own balancer takes the place of the shared address, whatever this key says.

Some of these balancers name the visitor in the PROXY protocol. nginx believes either that or what a
proxy further out says in a header, not both, so `load_balancer.trusted_proxies` cannot be used then.

Leave `load_balancer.high_availability` at `auto`, or set it to `none` and bring something of your own
that spreads visitors over the load balancers.",
    check,
};

const KEY: &str = "load_balancer.high_availability";

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let inventory = &resolved.inventory;
    let facts = inventory.infrastructure.provider.facts();
    let settings = &inventory.load_balancer;
    if settings.high_availability == HighAvailability::Keepalived
        && facts.front != Front::SharedAddress
    {
        findings.report_with(
            Severity::Warning,
            KEY,
            &["infrastructure.provider"],
            format!(
                "`{}` has no addresses that move by themselves; its own balancer is used",
                facts.title
            ),
            "set it to `auto`",
        );
    }
    if has_proxy_in_front(resolved) && !settings.trusted_proxies.is_empty() {
        findings.report_with(
            Severity::Error,
            "load_balancer.trusted_proxies",
            &["infrastructure.provider"],
            "visitors' addresses come from the provider's balancer here, and nginx cannot believe both",
            format!("set `{KEY}` to `none`, so that your proxies reach the load balancers themselves"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn clouds_have_balancers_of_their_own() {
        let inventory = |provider: &str, how: &str| {
            format!(
                "infrastructure: {{provider: {provider}}}\nload_balancer: {{high_availability: {how}}}"
            )
        };
        for (provider, how) in [("local", "keepalived"), ("aws", "auto"), ("hcloud", "none")] {
            assert!(ha("L49", &inventory(provider, how)).is_empty());
        }
        assert_eq!(
            ha("L49", &inventory("hcloud", "keepalived")),
            ["`Hetzner Cloud` has no addresses that move by themselves; its own balancer is used"]
        );
    }

    #[test]
    fn one_word_on_visitors_is_believed() {
        let inventory = |provider: &str, servers: u32| {
            format!(
                "infrastructure: {{provider: {provider}}}\n\
                 load_balancer: {{trusted_proxies: [192.0.2.0/24]}}\n\
                 scaling: {{load_balancer: {{servers: {servers}}}}}"
            )
        };
        assert!(ha("L49", &inventory("aws", 2)).is_empty());
        assert!(ha("L49", &inventory("hcloud", 1)).is_empty());
        assert_eq!(
            ha("L49", &inventory("hcloud", 2)),
            [
                "visitors' addresses come from the provider's balancer here, and nginx cannot believe both"
            ]
        );
    }
}
