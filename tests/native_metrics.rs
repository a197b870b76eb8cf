//! Prometheus, Alertmanager, exporters and probes run from rendered files: what is lost is
//! noticed, and somebody is told.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use common::receivers::{Receivers, http, smtp};
use common::{Daemon, Project, adapt, can_use, loopback, wait_until};

#[test]
fn a_cache_that_is_lost_is_reported_to_everybody() {
    let programs = [
        "prometheus",
        "prometheus-alertmanager",
        "prometheus-node-exporter",
        "prometheus-blackbox-exporter",
        "prometheus-redis-exporter",
        "redis-server",
    ];
    if !can_use(&programs) {
        return;
    }
    let address = format!("{}.1", loopback());
    let received = Receivers::default();
    http(&format!("{address}:9999"), &received);
    smtp(&format!("{address}:2525"), &received);
    let project = Project::bundled();
    project.render(&[
        "development",
        "--set=monitoring.metrics.interval=1",
        "--set=health_checks.cache.interval=2",
        "--set=health_checks.cache.timeout=1",
        "--set=health_checks.cache.retries=2",
        "--set=health_checks.filesystem.interval=2",
        "--set=health_checks.filesystem.timeout=1",
        "--set=monitoring.alerts.email.to=operations@example.com",
        &format!("--set=monitoring.alerts.email.smarthost={address}:2525"),
        &format!("--set=monitoring.alerts.dead_mans_switch=http://{address}:9999/alive"),
    ]);
    let stage = Stage { project, address };
    let mut redis = stage.redis();
    wait_until("Redis listens", || stage.connect(6379).is_some());
    let _exporters = [
        stage.start(
            "prometheus-node-exporter",
            "app1/prometheus-node-exporter",
            &[("127.0.0.1", &stage.address)],
            &[format!(
                "--collector.textfile.directory={}",
                stage.textfiles().display()
            )],
        ),
        stage.redis_exporter(),
        stage.blackbox(),
    ];
    wait_until("the probes can be asked for", || {
        stage.get(9115, "/-/healthy").is_some()
    });
    let _alertmanager = stage.alertmanager();
    wait_until("Alertmanager is ready", || {
        stage.get(9093, "/alertmanager/-/ready").is_some()
    });
    let _prometheus = stage.prometheus();

    for job in [
        "prometheus",
        "alertmanager",
        "blackbox",
        "node",
        "redis",
        "probe_cache",
        "probe_database",
        "probe_storage",
        "probe_site",
        "probe_app",
    ] {
        wait_until(&format!("{job} is up"), || {
            stage.value(&format!("up{{job='{job}'}}")).as_deref() == Some("1")
        });
    }
    for (metric, value) in [
        ("redis_up", "1"),
        // `role` is the machine's: the exporter's own is called this.
        ("redis_instance_info{exported_role='master'}", "1"),
        ("probe_success{job='probe_cache'}", "1"),
        ("probe_success{job='probe_site'}", "0"),
        ("storage_canary_success", "1"),
        ("ALERTS{alertname='Watchdog',alertstate='firing'}", "1"),
    ] {
        wait_until(&format!("{metric} is {value}"), || {
            stage.value(metric).as_deref() == Some(value)
        });
    }
    assert_eq!(stage.value("ALERTS{alertname='CacheUnhealthy'}"), None);

    redis.kill();
    for (place, words) in [
        ("mail", "[development] FIRING critical: CacheUnhealthy"),
        ("/slack", "the cache on app1 has failed 2 probes in a row"),
        (
            "/pagerduty",
            "the cache on app1 has failed 2 probes in a row",
        ),
        ("/alive", "Watchdog"),
    ] {
        wait_until(&format!("{place} hears of it"), || {
            received.any(|(path, body)| path == place && body.contains(words))
        });
    }
    assert!(
        received.any(|(path, body)| path == "/pagerduty"
            && body.contains("\"routing_key\":\"0123456789abcdef\"")),
        "the key comes from its file"
    );
}

/// The development machine, on an address of its own.
struct Stage {
    project: Project,
    address: String,
}

impl Stage {
    fn rendered(&self, file: &str) -> String {
        self.project
            .read(&format!("out/development/monitoring/{file}"))
    }

    fn path(&self, file: &str) -> String {
        self.project.path(file).display().to_string()
    }

    /// Starts a program with its rendered arguments, adapted, and a few more.
    fn start(
        &self,
        program: &str,
        arguments: &str,
        replacements: &[(&str, &str)],
        more: &[String],
    ) -> Daemon {
        let text = adapt(&self.rendered(arguments), replacements);
        let (_, rest) = text.split_once("ARGS=\"").unwrap();
        let joined = rest.trim_end().trim_end_matches('"').replace("\\\n", "");
        Daemon::start(
            Command::new(program)
                .args(joined.split_whitespace())
                .args(more),
            &self.project.path(&format!("{program}.log")),
        )
    }

    fn redis(&self) -> Daemon {
        Daemon::start(
            Command::new("redis-server").args([
                "--bind",
                &self.address,
                "--port",
                "6379",
                "--requirepass",
                "secret",
                "--save",
                "",
                "--dir",
                &self.path(""),
            ]),
            &self.project.path("redis.log"),
        )
    }

    fn redis_exporter(&self) -> Daemon {
        let passwords = format!("{{\"redis://{}:6379\": \"secret\"}}", self.address);
        self.project.write("secrets/redis", &passwords);
        self.start(
            "prometheus-redis-exporter",
            "app1/prometheus-redis-exporter",
            &[
                ("127.0.0.1", &self.address),
                ("/etc/prometheus-exporters", &self.path("secrets")),
            ],
            &[],
        )
    }

    fn blackbox(&self) -> Daemon {
        let modules = self.rendered("blackbox/blackbox.yml");
        self.project.write("blackbox.yml", &modules);
        self.start(
            "prometheus-blackbox-exporter",
            "blackbox/prometheus-blackbox-exporter",
            &[
                ("127.0.0.1", &self.address),
                ("/etc/prometheus/blackbox.yml", &self.path("blackbox.yml")),
            ],
            &[],
        )
    }

    fn textfiles(&self) -> PathBuf {
        let file = self
            .project
            .write("textfiles/canary.prom", "storage_canary_success 1\n");
        file.parent().unwrap().to_owned()
    }

    fn alertmanager(&self) -> Daemon {
        self.project.write(
            "secrets/alert_slack_url",
            &format!("http://{}:9999/slack", self.address),
        );
        self.project
            .write("secrets/alert_pagerduty_key", "0123456789abcdef");
        let routes = adapt(
            &self.rendered("alertmanager/alertmanager.yml"),
            &[
                ("group_wait: 30s", "group_wait: 1s"),
                (
                    "        severity: critical",
                    &format!(
                        "        url: http://{}:9999/pagerduty\n        severity: critical",
                        self.address
                    ),
                ),
                ("/etc/prometheus/alertmanager", &self.path("secrets")),
            ],
        );
        let routes = self.project.write("alertmanager.yml", &routes);
        self.start(
            "prometheus-alertmanager",
            "alertmanager/prometheus-alertmanager",
            &[("127.0.0.1", &self.address)],
            &[
                format!("--config.file={}", routes.display()),
                format!("--storage.path={}", self.path("alerts")),
            ],
        )
    }

    fn prometheus(&self) -> Daemon {
        self.project
            .copy("out/development/monitoring/prometheus/rules", "rules");
        let config = adapt(
            &self.rendered("prometheus/prometheus.yml"),
            &[("127.0.0.1", &self.address)],
        );
        let config = self.project.write("prometheus.yml", &config);
        self.start(
            "prometheus",
            "prometheus/prometheus",
            &[("127.0.0.1", &self.address)],
            &[
                format!("--config.file={}", config.display()),
                format!("--storage.tsdb.path={}", self.path("metrics")),
                // An alert that fires before Alertmanager is found is sent again, but not for a
                // minute.
                "--rules.alert.resend-delay=1s".to_owned(),
            ],
        )
    }

    fn connect(&self, port: u16) -> Option<TcpStream> {
        TcpStream::connect((self.address.as_str(), port)).ok()
    }

    /// Asks for a page, and returns it unless it is an error.
    fn get(&self, port: u16, path: &str) -> Option<String> {
        let mut stream = self.connect(port)?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.contains(" 200 ").then(|| body.to_owned())
    }

    /// Returns the value of the first series a query finds.
    fn value(&self, query: &str) -> Option<String> {
        let mut encoded = String::new();
        for byte in query.bytes() {
            let _ = write!(encoded, "%{byte:02x}");
        }
        let answer = self.get(9090, &format!("/prometheus/api/v1/query?query={encoded}"))?;
        let json: serde_json::Value = serde_json::from_str(&answer).ok()?;
        let value = json.pointer("/data/result/0/value/1")?;
        value.as_str().map(str::to_owned)
    }
}
