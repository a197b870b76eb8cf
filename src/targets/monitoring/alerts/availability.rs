//! Machines, programs and what visitors meet.

use super::Severity::{Critical, Warning};
use super::certificates::{certificate_ends, certificate_expires, internal_certificate};
use super::{Alert, Scope};
use crate::topology::Role;

pub(super) fn alerts(scope: &Scope<'_>) -> Vec<Alert> {
    let mut alerts = vec![
        machine_down(),
        target_down(),
        site_unreachable(scope),
        app_unreachable(scope),
    ];
    if !scope.single() {
        alerts.push(load_balancer_unreachable());
    }
    if scope.environment.topology.shared_address.is_some() {
        alerts.push(shared_address(scope));
    }
    alerts.extend([
        certificate_expires(),
        certificate_ends(),
        internal_certificate(),
        unit_failed(),
        clock_skewed(),
        config_invalid(),
        textfile_unreadable(),
    ]);
    alerts
}

fn machine_down() -> Alert {
    Alert::new(
        "MachineDown",
        Critical,
        "machine",
        r#"max by (instance) (up{job!~"probe_.*"}) == 0"#,
    )
    .hold(2)
    .summary("no program on {{ $labels.instance }} answers")
    .meaning(
        "No exporter on this machine has answered for 2m: it is down, or cut off from the \
         monitoring machine. Other alerts about it are held back.",
    )
    .action(
        "Look at the machine from its console. If it runs, look at the network and at nftables; if \
         it does not, start it, or build it anew with Terraform and Ansible.",
    )
    .fires(
        &[
            (r#"up{job="node",instance="app1"}"#, "0"),
            (r#"up{job="nginx",instance="app1"}"#, "0"),
            (r#"up{job="probe_app",instance="app1"}"#, "1"),
        ],
        &[("instance", "app1")],
        "0",
    )
    .silent(&[
        (r#"up{job="node",instance="app1"}"#, "1"),
        (r#"up{job="nginx",instance="app1"}"#, "0"),
    ])
}

fn target_down() -> Alert {
    Alert::new("TargetDown", Warning, "target", "up == 0")
        .hold(5)
        .summary("Prometheus gets no answer from {{ $labels.job }} on {{ $labels.instance }}")
        .meaning(
            "The program, or the exporter that speaks for it, has not answered for 5m. Whatever \
             else is wrong with it goes unnoticed until it does.",
        )
        .action(
            "On the machine: `systemctl status` of the exporter and of the program behind it, then \
             `journalctl -u` of whichever is not running.",
        )
        .fires(
            &[(r#"up{job="redis",instance="cache1"}"#, "0")],
            &[("job", "redis"), ("instance", "cache1")],
            "0",
        )
        .silent(&[(r#"up{job="redis",instance="cache1"}"#, "1")])
}

fn site_unreachable(scope: &Scope<'_>) -> Alert {
    let way = if scope.single() {
        "nginx and php-fpm"
    } else {
        "the load balancer and an application machine"
    };
    Alert::new(
        "SiteUnreachable",
        Critical,
        "site",
        r#"probe_success{job="probe_site"} == 0"#,
    )
    .hold(2)
    .summary("{{ $labels.instance }} answers no visitor")
    .meaning(format!(
        "A request by HTTPS through {way}, as a visitor makes it, has failed for 2m."
    ))
    .action(
        "Ask for the page with `curl -vk`. 502 and 504 come from the application machines, see \
         AppUnreachable; a refused connection from nginx; a certificate error from `tls`.",
    )
    .fires(
        &[(r#"probe_success{job="probe_site",instance="site"}"#, "0")],
        &[("job", "probe_site"), ("instance", "site")],
        "0",
    )
    .silent(&[(r#"probe_success{job="probe_site",instance="site"}"#, "1")])
}

fn app_unreachable(scope: &Scope<'_>) -> Alert {
    let machines = scope.count(Role::App);
    Alert::new(
        "AppUnreachable",
        Critical,
        "app",
        r#"probe_success{job="probe_app"} == 0"#,
    )
    .hold(2)
    .summary("the application on {{ $labels.instance }} fails")
    .meaning(format!(
        "nginx on this machine has refused, timed out or answered with an error for 2m. It is one \
         of {machines}; load balancers leave it alone by themselves."
    ))
    .action(
        "Read the application's log and php-fpm's. After a deployment, roll back. Then look at \
         what it needs: cache, database, shared files.",
    )
    .fires(
        &[(r#"probe_success{job="probe_app",instance="app1"}"#, "0")],
        &[("job", "probe_app"), ("instance", "app1")],
        "0",
    )
    .silent(&[(r#"probe_success{job="probe_app",instance="app1"}"#, "1")])
}

fn load_balancer_unreachable() -> Alert {
    Alert::new(
        "LoadBalancerUnreachable",
        Critical,
        "load_balancer",
        r#"probe_success{job="probe_load_balancer"} == 0"#,
    )
    .hold(2)
    .summary("nginx on {{ $labels.instance }} does not answer")
    .meaning("This load balancer takes no requests; the other one alone carries the site.")
    .action("On the machine: `nginx -t`, `systemctl status nginx`, `journalctl -u nginx`.")
    .fires(
        &[(
            r#"probe_success{job="probe_load_balancer",instance="lb1"}"#,
            "0",
        )],
        &[("job", "probe_load_balancer"), ("instance", "lb1")],
        "0",
    )
    .silent(&[(
        r#"probe_success{job="probe_load_balancer",instance="lb1"}"#,
        "1",
    )])
}

fn shared_address(scope: &Scope<'_>) -> Alert {
    let machines = scope.count(Role::LoadBalancer);
    Alert::new(
        "SharedAddressUnowned",
        Critical,
        "load_balancer",
        "(sum(keepalived_master) or vector(0)) != 1",
    )
    .hold(2)
    .summary("{{ $value }} load balancers hold the shared address, and not 1")
    .meaning(format!(
        "Of {machines} load balancers exactly one must hold the address visitors use. With none the \
         site is unreachable; with more than one, connections break as answers come from either."
    ))
    .action(
        "`systemctl status keepalived` on each. More than one means that they do not hear each \
         other: look at nftables and at the network between them (VRRP, protocol 112).",
    )
    .fires(
        &[
            (r#"keepalived_master{instance="lb1"}"#, "1"),
            (r#"keepalived_master{instance="lb2"}"#, "1"),
        ],
        &[],
        "2",
    )
    .silent(&[
        (r#"keepalived_master{instance="lb1"}"#, "1"),
        (r#"keepalived_master{instance="lb2"}"#, "0"),
    ])
}

fn unit_failed() -> Alert {
    Alert::new(
        "UnitFailed",
        Warning,
        "unit",
        r#"node_systemd_unit_state{state="failed"} == 1"#,
    )
    .hold(5)
    .summary("{{ $labels.name }} has failed on {{ $labels.instance }}")
    .meaning("systemd gave up on a service, a timer or a mount more than 5m ago.")
    .action(
        "`systemctl status` and `journalctl -u` with its name. `systemctl reset-failed` once \
         what was wrong is mended and it need not run again.",
    )
    .fires(
        &[(
            r#"node_systemd_unit_state{instance="app1",name="nginx.service",state="failed"}"#,
            "1",
        )],
        &[
            ("instance", "app1"),
            ("name", "nginx.service"),
            ("state", "failed"),
        ],
        "1",
    )
    .silent(&[(
        r#"node_systemd_unit_state{instance="app1",name="nginx.service",state="failed"}"#,
        "0",
    )])
}

fn clock_skewed() -> Alert {
    Alert::new(
        "ClockSkewed",
        Warning,
        "clock",
        "abs(node_timex_offset_seconds) > 0.05 or node_timex_sync_status == 0",
    )
    .hold(15)
    .summary("the clock of {{ $labels.instance }} is not in time")
    .meaning(
        "It is more than 50ms off, or nothing has set it lately. Clusters elect by timeouts, \
         certificates have an hour of birth, and logs of several machines are read side by side.",
    )
    .action(
        "`chronyc tracking` and `chronyc sources`, and whether the time servers can be reached.",
    )
    .fires(
        &[(r#"node_timex_sync_status{instance="db1"}"#, "0")],
        &[("instance", "db1")],
        "0",
    )
    .silent(&[
        (r#"node_timex_offset_seconds{instance="db1"}"#, "0.001"),
        (r#"node_timex_sync_status{instance="db1"}"#, "1"),
    ])
}

fn config_invalid() -> Alert {
    Alert::new(
        "AppConfigInvalid",
        Critical,
        "config",
        "app_config_valid == 0",
    )
    .summary("the application's configuration on {{ $labels.instance }} is invalid")
    .meaning(
        "The check that runs before php-fpm starts refuses the configuration. php-fpm runs on \
         with the old one, and will not start again.",
    )
    .action(
        "`systemctl status php8.2-fpm` names the setting. Mend it in the inventory and deploy \
         again, before the machine restarts for another reason.",
    )
    .fires(
        &[(r#"app_config_valid{instance="app1"}"#, "0")],
        &[("instance", "app1")],
        "0",
    )
    .silent(&[(r#"app_config_valid{instance="app1"}"#, "1")])
}

fn textfile_unreadable() -> Alert {
    Alert::new(
        "TextfileUnreadable",
        Warning,
        "textfile",
        "node_textfile_scrape_error > 0",
    )
    .hold(10)
    .summary("node_exporter on {{ $labels.instance }} cannot read a textfile")
    .meaning(
        "A file in /var/lib/prometheus/node-exporter is malformed. Backups, shared storage and \
         certificates report through these files.",
    )
    .action("`journalctl -u prometheus-node-exporter` names the file; see what writes it.")
    .fires(
        &[(r#"node_textfile_scrape_error{instance="app1"}"#, "1")],
        &[("instance", "app1")],
        "1",
    )
    .silent(&[(r#"node_textfile_scrape_error{instance="app1"}"#, "0")])
}
