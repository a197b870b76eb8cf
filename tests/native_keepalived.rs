//! Two load balancers in network namespaces, behind their firewalls, and the address they share.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use common::network::Network;
use common::{Daemon, Project, adapt, can_run, run, wait_until};

const BALANCERS: [(&str, &str); 2] = [("lb1", "10.9.0.11"), ("lb2", "10.9.0.12")];

/// What is served instead of the platform: the name of whoever answers.
const NGINX: &str = "daemon off; pid PLACE/nginx.pid; error_log PLACE/error.log; events {}
http { access_log off; server { listen 80; location = /healthz { return 200 NAME; } } }";

struct Pair {
    network: Network,
    project: Project,
    nginx: Vec<Option<Daemon>>,
    keepalived: Vec<Option<Daemon>>,
}

#[test]
fn the_shared_address_moves_to_whoever_can_answer() {
    if !can_run(&["keepalived", "nginx", "nft", "ip", "curl"]) {
        return;
    }
    let mut pair = Pair::new();
    // None gives way to another, so the first must be first.
    pair.keepalived[0] = Some(pair.start_keepalived(0));
    pair.wait_for("the first takes the address", "lb1");
    pair.keepalived[1] = Some(pair.start_keepalived(1));
    wait_until("the second is a backup", || pair.master(1) == "0");
    assert_eq!(pair.ask(), "lb1");
    pair.nginx[0] = None;
    let gap = pair.wait_for("the second takes over from a stopped nginx", "lb2");
    println!("nginx stopped: {} ms", gap.as_millis());
    assert!(gap < Duration::from_secs(6), "{gap:?}");
    // Once nginx is back, nothing moves: that would only cost connections.
    pair.nginx[0] = Some(pair.start_nginx(0));
    std::thread::sleep(Duration::from_secs(6));
    assert_eq!(pair.ask(), "lb2");
    pair.keepalived[1] = None;
    let gap = pair.wait_for("the first takes what is let go", "lb1");
    println!("keepalived stopped: {} ms", gap.as_millis());
    assert!(gap < Duration::from_secs(3), "{gap:?}");
    pair.keepalived[1] = Some(pair.start_keepalived(1));
    wait_until("the second is a backup", || pair.master(1) == "0");
    std::thread::sleep(Duration::from_secs(3));
    pair.network.ip("lb1", "link set host0 down");
    let gap = pair.wait_for("the second takes over from a lost machine", "lb2");
    println!("machine lost: {} ms", gap.as_millis());
    assert!(gap < Duration::from_secs(7), "{gap:?}");
    wait_until("the metric follows", || pair.master(1) == "1");
}

impl Pair {
    fn new() -> Self {
        let project = Project::bundled();
        project.render(&["production", "--set=infrastructure.network=10.9.0.0/24"]);
        let mut network = Network::new("ka");
        for (name, address) in BALANCERS {
            network.machine(name, &format!("{address}/24"));
            let rules = project.path("out/production/system/nftables/load_balancer.nft");
            run(network.on(name, "nft").arg("--file").arg(rules));
        }
        network.machine("visitor", "10.9.0.200/24");
        let mut pair = Self {
            network,
            project,
            nginx: Vec::new(),
            keepalived: vec![None, None],
        };
        pair.nginx = (0..2)
            .map(|number| Some(pair.start_nginx(number)))
            .collect();
        pair
    }

    fn start_nginx(&self, number: usize) -> Daemon {
        let (name, _) = BALANCERS[number];
        let place = self.project.path(name).display().to_string();
        let settings = NGINX.replace("PLACE", &place).replace("NAME", name);
        let settings = self.project.write(&format!("{name}/nginx.conf"), &settings);
        Daemon::start(
            self.network.on(name, "nginx").arg("-c").arg(settings),
            &self.project.path(&format!("{name}/nginx.log")),
        )
    }

    fn start_keepalived(&self, number: usize) -> Daemon {
        let (name, _) = BALANCERS[number];
        let place = |file: &str| self.project.path(&format!("{name}/{file}"));
        let rendered = "out/production/nginx/keepalived";
        let script = adapt(
            &self
                .project
                .read(&format!("{rendered}/keepalived-state.sh")),
            &[(
                "/var/lib/prometheus/node-exporter",
                &place("").display().to_string(),
            )],
        );
        let script = self.project.write(&format!("{name}/state.sh"), &script);
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let settings = adapt(
            &self.project.read(&format!("{rendered}/{name}.conf")),
            &[(
                "/usr/local/sbin/keepalived-state",
                &script.display().to_string(),
            )],
        );
        let settings = self
            .project
            .write(&format!("{name}/keepalived.conf"), &settings);
        run(self
            .network
            .on(name, "keepalived")
            .arg("--config-test")
            .arg("--use-file")
            .arg(&settings));
        let mut command = self.network.on(name, "keepalived");
        command
            .args(["--dont-fork", "--log-console", "--use-file"])
            .arg(settings);
        for (option, file) in [
            ("--pid", "ka"),
            ("--vrrp_pid", "vrrp"),
            ("--checkers_pid", "check"),
        ] {
            command.arg(option).arg(place(&format!("{file}.pid")));
        }
        Daemon::start(&mut command, &place("keepalived.log"))
    }

    /// Returns who answers at the shared address.
    fn ask(&self) -> String {
        let output = self
            .network
            .on("visitor", "curl")
            .args(["-s", "--max-time", "0.3", "--noproxy", "*"])
            .arg("http://10.9.0.10/healthz")
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn wait_for(&self, what: &str, name: &str) -> Duration {
        let start = Instant::now();
        wait_until(what, || self.ask() == name);
        start.elapsed()
    }

    fn master(&self, number: usize) -> String {
        let path = self
            .project
            .path(&format!("{}/keepalived.prom", BALANCERS[number].0));
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("keepalived_master "));
        line.unwrap_or_default().to_owned()
    }
}
