//! The ground of every machine at work: the firewall between network namespaces, and sshd on a
//! loopback address.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use common::network::Network;
use common::{Daemon, Project, can_run, loopback, run, wait_until};

/// Accepts connections on all ports given.
const LISTEN: &str = r"
import selectors, socket, sys
chosen = selectors.DefaultSelector()
for port in sys.argv[1:]:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('0.0.0.0', int(port)))
    server.listen(64)
    chosen.register(server, selectors.EVENT_READ)
print('listening', flush=True)
while True:
    for key, _ in chosen.select():
        key.fileobj.accept()[0].close()
";

/// Prints where a connection is accepted within a second, of all the places given.
const CONNECT: &str = r"
import asyncio, sys
async def ask(place):
    host, port = place.split(':')
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 1)
        writer.close()
        print(place)
    except (OSError, asyncio.TimeoutError):
        pass
async def all():
    await asyncio.gather(*map(ask, sys.argv[1:]))
asyncio.run(all())
";

/// One machine a role, as in the production network below, and somebody from outside.
const MACHINES: [(&str, &str, &str); 6] = [
    ("lb1", "load_balancer", "10.9.0.11"),
    ("mon1", "monitoring", "10.9.0.17"),
    ("cache1", "cache", "10.9.0.33"),
    ("db1", "database", "10.9.0.49"),
    ("fs1", "storage", "10.9.0.65"),
    ("app1", "app", "10.9.0.129"),
];
const VISITOR: &str = "198.51.100.9";

/// Ports besides those of edges: nobody is to reach the last three.
const OTHERS: [&str; 5] = ["22", "8443", "23", "9093", "33060"];

#[test]
fn allowed_connections_pass_and_all_others_are_dropped() {
    if !can_run(&["nft", "ip", "python3"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production", "--set=infrastructure.network=10.9.0.0/24"]);
    let edges = edges(&project.read("out/production/terraform/locals.tf"));
    let mut ports: BTreeSet<&str> = OTHERS.into();
    for (_, _, accepted) in &edges {
        // The ends of a range stand for it.
        ports.extend(accepted.iter().flat_map(|port| port.split('-')));
    }
    let network = network(&project);
    let listeners: Vec<Daemon> = MACHINES
        .iter()
        .map(|(name, _, _)| listen(&project, &network, name, &ports))
        .collect();
    let mut accepted = 0;
    for (name, role) in MACHINES
        .iter()
        .map(|(name, role, _)| (*name, *role))
        .chain([("visitor", "internet")])
    {
        let expected = expected(role, &edges, &ports);
        accepted += expected.len();
        assert_eq!(connect(&network, name, &ports), expected, "from {name}");
    }
    assert!(accepted > 50, "{accepted} connections");
    drop(listeners);
}

/// Reads who may connect where out of Terraform's file, which the firewall knows nothing of.
fn edges(locals: &str) -> Vec<(String, String, Vec<String>)> {
    let (_, edges) = locals.split_once("  edges = [").unwrap();
    let value = |block: &str, key: &str| -> Vec<String> {
        let mut lines = block.lines().map(str::trim);
        let line = lines.find(|line| line.starts_with(key)).unwrap();
        let quoted = line.split('"').skip(1).step_by(2);
        quoted.map(str::to_owned).collect()
    };
    edges
        .split("    {\n")
        .skip(1)
        .map(|block| {
            let one = |key| value(block, key).remove(0);
            (one("from"), one("to"), value(block, "tcp"))
        })
        .collect()
}

fn network(project: &Project) -> Network {
    let mut network = Network::new("fw");
    for (name, role, address) in MACHINES {
        network.machine(name, &format!("{address}/24"));
        network.ip(name, "route add 198.51.100.0/24 dev host0");
        let rules = project.path(&format!("out/production/system/nftables/{role}.nft"));
        // Twice: the second time the rules of the first are replaced.
        for _ in 0..2 {
            run(network.on(name, "nft").arg("--file").arg(&rules));
        }
    }
    network.machine("visitor", &format!("{VISITOR}/24"));
    network.ip("visitor", "route add 10.9.0.0/24 dev host0");
    network
}

fn listen(project: &Project, network: &Network, name: &str, ports: &BTreeSet<&str>) -> Daemon {
    let log = project.path(&format!("{name}.log"));
    let daemon = Daemon::start(
        network.on(name, "python3").args(["-c", LISTEN]).args(ports),
        &log,
    );
    wait_until("ports are open", || {
        fs::read_to_string(&log).unwrap().contains("listening")
    });
    daemon
}

fn expected(
    role: &str,
    edges: &[(String, String, Vec<String>)],
    ports: &BTreeSet<&str>,
) -> BTreeSet<String> {
    let inside = role != "internet";
    let passes = |to: &str, port: &str| {
        let mut edges = edges.iter();
        // The machines are in one of the networks people come from by default.
        inside && (port == "22" || (port == "8443" && to == "monitoring"))
            || edges.any(|(from, target, accepted)| {
                (from == role || from == "internet" || (from == "everyone" && inside))
                    && (target == to || target == "everyone")
                    && accepted
                        .iter()
                        .any(|range| range.split('-').any(|end| end == port))
            })
    };
    MACHINES
        .iter()
        // A machine talks to itself over `lo`.
        .filter(|(_, to, _)| *to != role)
        .flat_map(|(_, to, address)| {
            let ports = ports.iter().filter(|port| passes(to, port));
            ports.map(move |port| format!("{address}:{port}"))
        })
        .collect()
}

fn connect(network: &Network, name: &str, ports: &BTreeSet<&str>) -> BTreeSet<String> {
    let places = MACHINES
        .iter()
        .filter(|(other, _, _)| *other != name)
        .flat_map(|(_, _, address)| ports.iter().map(move |port| format!("{address}:{port}")));
    let output = run(network
        .on(name, "python3")
        .args(["-c", CONNECT])
        .args(places));
    output.lines().map(str::to_owned).collect()
}

#[test]
fn one_machine_that_does_everything_is_open_to_visitors_only() {
    if !can_run(&["nft", "ip", "python3"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["development"]);
    let mut network = Network::new("one");
    network.machine("app1", "192.0.2.1/24");
    network.machine("visitor", "192.0.2.9/24");
    let rules = project.path("out/development/system/nftables/machine.nft");
    run(network.on("app1", "nft").arg("--file").arg(rules));
    let ports = ["22", "80", "443", "3306", "6379", "8080", "8443", "9090"];
    let _listener = listen(&project, &network, "app1", &ports.into());
    let places = ports.map(|port| format!("192.0.2.1:{port}"));
    let mut command = network.on("visitor", "python3");
    let output = run(command.args(["-c", CONNECT]).args(places));
    let reached: BTreeSet<&str> = output.lines().collect();
    assert_eq!(reached, ["192.0.2.1:443", "192.0.2.1:80"].into());
}

#[test]
fn sshd_takes_keys_and_nothing_else() {
    if !can_run(&["sshd", "ssh", "ssh-keygen"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production"]);
    let address = format!("{}.1", loopback());
    let path = |name: &str| project.path(name).display().to_string();
    for key in ["host", "user"] {
        run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path(key)]));
    }
    fs::create_dir_all("/run/sshd").unwrap();
    let settings = format!(
        "{}\nListenAddress {address}:2222\nHostKey {}\nAuthorizedKeysFile {}\n\
         StrictModes no\nUsePAM no\nPidFile none\n",
        project.read("out/production/system/sshd.conf"),
        path("host"),
        path("user.pub"),
    );
    let settings = project.write("sshd.conf", &settings);
    let shown = run(Command::new("/usr/sbin/sshd")
        .args(["-T", "-f"])
        .arg(&settings));
    for line in [
        "permitrootlogin without-password",
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "maxauthtries 4",
        "x11forwarding no",
        "allowtcpforwarding local",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}:\n{shown}");
    }
    let _sshd = Daemon::start(
        Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(&settings),
        &project.path("sshd.log"),
    );
    let ssh = |options: &[&str]| {
        Command::new("ssh")
            .args(["-F", "none", "-p", "2222", "-o", "BatchMode=yes"])
            .args(["-o", "UserKnownHostsFile=/dev/null"])
            .args(["-o", "StrictHostKeyChecking=no", "-o", "IdentitiesOnly=yes"])
            .args(options)
            .args([&format!("root@{address}"), "echo", "inside"])
            .output()
            .unwrap()
    };
    let key = path("user");
    wait_until("a key opens the door", || {
        String::from_utf8_lossy(&ssh(&["-i", &key]).stdout).trim() == "inside"
    });
    let refused = ssh(&["-o", "PubkeyAuthentication=no"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("Permission denied (publickey)"), "{said}");
    let old = ssh(&[
        "-i",
        &key,
        "-o",
        "KexAlgorithms=diffie-hellman-group14-sha1",
    ]);
    assert!(!old.status.success(), "an old key exchange is refused");
}
