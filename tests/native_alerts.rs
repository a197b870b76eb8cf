//! Rules and routes, judged by the programs they are for: every alert fires once and stays silent
//! once, in every combination that changes what there is to be alerted about.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use common::{Project, can_use, run};
use precast::topology::Role;

/// Combinations that change which rules there are.
const COMBINATIONS: [&[&str]; 7] = [
    &[],
    &[
        "--set=environment.production.database.driver=postgresql",
        "--set=system.php.extensions=[pdo, pdo_pgsql, redis]",
        "--set=scaling.cache.sharding=false",
        "--set=performance.cache.eviction_policy=noeviction",
    ],
    &[
        "--set=environment.production.database.driver=mariadb",
        "--set=dependencies.database.mariadb=>=10.6",
        "--set=performance.cache.eviction_policy=volatile-lru",
    ],
    &[
        "--set=environment.production.cache.driver=memcached",
        "--set=system.php.extensions=[pdo, pdo_mysql, memcached]",
        "--set=scaling.cache.replication=false",
        "--set=scaling.cache.failover=false",
    ],
    &[
        "--set=scaling.cache.replication=false",
        "--set=scaling.cache.failover=false",
        "--set=scaling.database.failover=false",
        "--set=scaling.load_balancer.servers=1",
        "--set=infrastructure.topology=single",
        "--set=backup.filesystem=null",
        "--set=scaling.filesystem.backup=false",
    ],
    // The ends of ranges, and spans that are no round number of anything.
    &[
        "--set=monitoring.alerts.thresholds.cpu=100",
        "--set=monitoring.alerts.thresholds.memory=100",
        "--set=monitoring.alerts.thresholds.disk=1",
        "--set=monitoring.metrics.interval=77",
        "--set=monitoring.metrics.aggregation=1000",
        "--set=php.max_children=1",
        "--set=health_checks.cache.interval=7",
        "--set=health_checks.cache.retries=1",
        "--set=health_checks.filesystem.interval=3601",
    ],
    &[
        "--set=monitoring.alerts.thresholds.cpu=1",
        "--set=monitoring.alerts.thresholds.memory=1",
        "--set=monitoring.alerts.thresholds.disk=100",
        "--set=php.max_children=200",
        "--set=performance.database.max_connections=100000",
        "--set=performance.cache.max_memory=96M",
        "--set=scaling.app.servers=2",
    ],
];

#[test]
fn every_alert_fires_and_stays_silent() {
    if !can_use(&["promtool"]) {
        return;
    }
    let project = Project::bundled();
    for overrides in COMBINATIONS {
        project.render(&[overrides, &["production"]].concat());
        let folder = project.path("out/production/monitoring/prometheus");
        run(Command::new("promtool").current_dir(&folder).args([
            "check",
            "config",
            "prometheus.yml",
        ]));
        let mut names = BTreeSet::new();
        let mut tests = Vec::new();
        for rules in files(&folder.join("rules")) {
            let test = folder.join("tests").join(rules.file_name().unwrap());
            let cases = fs::read_to_string(&test).unwrap();
            for name in alerts(&fs::read_to_string(&rules).unwrap()) {
                assert!(names.insert(name.clone()), "{name} is there twice");
                let whole = overrides.iter().any(|set| set.ends_with("=100"));
                assert!(
                    cases.contains(&format!("{name} fires")) || whole,
                    "{name} has no test"
                );
            }
            tests.push(test);
        }
        assert!(names.len() > 30, "{names:?}");
        run(Command::new("promtool")
            .args(["test", "rules"])
            .args(&tests));
    }
}

/// Every series has the label `role`, the machine's. An exporter's own of that name becomes
/// `exported_role`: who asks for a Redis master by `role` finds none, ever.
#[test]
fn the_label_role_is_the_machines() {
    let roles = Role::ALL.map(Role::name);
    let project = Project::bundled();
    let mut asked = 0;
    for overrides in COMBINATIONS {
        project.render(&[overrides, &["production"]].concat());
        let folder = project.path("out/production/monitoring/prometheus");
        for file in [files(&folder.join("rules")), files(&folder.join("tests"))].concat() {
            let text = fs::read_to_string(&file).unwrap();
            let mut before = text.split("role=\"").peekable();
            while let (Some(part), Some(rest)) = (before.next(), before.peek()) {
                let value = rest.split('"').next().unwrap();
                asked += 1;
                assert!(
                    part.ends_with("exported_") || roles.contains(&value),
                    "{}: no machine has the role {value}",
                    file.display()
                );
            }
        }
    }
    assert!(asked > 0, "no rule asks for a role");
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn alerts(rules: &str) -> Vec<String> {
    let names = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    names.map(str::to_owned).collect()
}

#[test]
fn alerts_go_where_their_severity_sends_them() {
    if !can_use(&["amtool"]) {
        return;
    }
    let project = Project::bundled();
    for channels in [
        "[]",
        "[email]",
        "[slack]",
        "[pagerduty]",
        "[email, slack, pagerduty]",
    ] {
        project.render(&[
            "production",
            &format!("--set=monitoring.alerts.channels={channels}"),
            "--set=monitoring.alerts.email.to=operations@example.com",
        ]);
        let path = project.path("out/production/monitoring/alertmanager/alertmanager.yml");
        let file = fs::read_to_string(&path).unwrap();
        run(Command::new("amtool").arg("check-config").arg(&path));
        for (labels, receiver) in [
            (["alertname=CacheDown", "severity=critical"], "critical"),
            (["alertname=CpuBusy", "severity=warning"], "warning"),
            (["alertname=Watchdog", "severity=none"], "watchdog"),
        ] {
            run(Command::new("amtool")
                .args(["config", "routes", "test", "--config.file"])
                .arg(&path)
                .arg(format!("--verify.receivers={receiver}"))
                .args(labels));
        }
        let count = |what: &str| file.matches(what).count();
        let listed = |channel: &str| usize::from(channels.contains(channel));
        assert_eq!(count("email_configs:"), 2 * listed("email"), "{channels}");
        assert_eq!(count("slack_configs:"), 2 * listed("slack"), "{channels}");
        // Nobody is woken by a warning.
        assert_eq!(
            count("pagerduty_configs:"),
            listed("pagerduty"),
            "{channels}"
        );
    }
}
