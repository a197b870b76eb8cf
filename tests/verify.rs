//! Every rendered file is judged, and the programs that will read them accept them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;
mod compiled;

use common::{Project, can_use, tools};
use compiled::{compile_bundled, demand_passed, subjects, templates};
use precast::verify::plain::unclaimed;
use precast::verify::{Verdicts, verify};
use serde_json::Value;

/// What takes files to their edges.
const OVERRIDES: &[&[&str]] = &[
    &[],
    &[
        "load_balancer.server_names=[shop.example.com, '*.example.com', Shop.example.com]",
        "load_balancer.trusted_proxies=[192.0.2.0/24]",
        "load_balancer.tls.certificate=/etc/ssl/certs/shop.pem",
        "load_balancer.tls.key=/etc/ssl/private/shop.key",
        "load_balancer.tls.strict_transport=365d",
        "php.max_execution_time=1",
    ],
    &[
        "scaling.app.servers=500",
        "php.max_children=2",
        "performance.database.max_connections=5000",
        "php.post_max_size=1T",
        "php.memory_limit=1T",
    ],
    &["load_balancer.keepalive=1", "php.max_execution_time=0"],
    &[
        "load_balancer.max_fails=0",
        "monitoring.logging.level=emergency",
    ],
    &[
        "php.max_children=1",
        "php.max_requests=0",
        "monitoring.logging.level=critical",
    ],
];

#[test]
fn every_bundled_environment_passes() {
    let templates = templates();
    let verdicts = Verdicts::default();
    for overrides in OVERRIDES {
        let compiled = compile_bundled(&templates, overrides);
        assert!(compiled.errors.is_empty(), "{:?}", compiled.diagnostics);
        let subjects = subjects(&compiled);
        let checks = verify(&subjects, &tools(), &verdicts, &|_, _, _| {});
        demand_passed(&checks, &overrides.join(" "));
    }
}

#[test]
fn no_rendered_file_goes_unjudged() {
    let compiled = compile_bundled(&templates(), &[]);
    for (environment, files) in &compiled.files {
        let unclaimed = unclaimed(files);
        assert!(
            unclaimed.is_empty(),
            "{environment}: no checker takes these, nor are they listed as plain: {unclaimed:#?}"
        );
    }
}

#[test]
fn a_failure_names_the_line_and_the_key_behind_it() {
    if !can_use(&["php-fpm8.2"]) {
        return;
    }
    let project = Project::bundled();
    let template = include_str!("../templates/php/fpm/app.conf.tera");
    let broken = template.replace("pm.max_children =", "pm.many_children =");
    assert_ne!(template, broken);
    project.write("templates/php/fpm/app.conf.tera", &broken);
    let output = project
        .precast(&["verify", "production", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["checker"] == "php-fpm")
        .unwrap();
    assert_eq!(check["result"], "failed");
    let failure = &check["failures"][0];
    assert_eq!(failure["file"], "production/php/fpm/app.conf");
    assert!(failure["line"].as_u64().unwrap() > 1);
    assert!(
        failure["message"]
            .as_str()
            .unwrap()
            .contains("pm.many_children"),
        "{failure}"
    );
    let keys = failure["keys"].to_string();
    assert!(keys.contains("php.max_children"), "{keys}");
}
