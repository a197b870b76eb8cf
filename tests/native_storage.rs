//! GlusterFS builds the rendered volume, and the probe of shared storage tells well from ill.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Instant;

use common::{Daemon, Project, adapt, can_run, loopback, run, wait_until};

/// A cluster of storage machines on loopback addresses, and one mount.
struct Cluster {
    project: Project,
    network: String,
    daemons: Vec<Daemon>,
}

impl Cluster {
    fn start(machines: usize) -> Self {
        let project = Project::bundled();
        project.render(&[
            "production",
            &format!("--set=scaling.filesystem.servers={machines}"),
        ]);
        let mut cluster = Self {
            project,
            network: loopback(),
            daemons: Vec::new(),
        };
        // The command as the role calls it, at the daemon of the first machine.
        let socket = cluster.path("fs1/socket");
        let command = format!(
            "#!/bin/sh\nexec /usr/sbin/gluster --glusterd-sock={} \"$@\"\n",
            socket.display()
        );
        cluster.executable("bin/gluster", &command);
        for number in 1..=machines {
            cluster.start_machine(number);
        }
        cluster
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path(path)
    }

    fn executable(&self, path: &str, text: &str) {
        let path = self.project.write(path, text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn start_machine(&mut self, number: usize) {
        let root = self.path(&format!("fs{number}"));
        for folder in ["state", "run", "log", "bricks"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let root = root.display();
        let settings = adapt(
            &self.project.read("out/production/storage/glusterd.vol"),
            &[
                ("/var/lib/glusterd", &format!("{root}/state")),
                (
                    "    option event-threads 1\n",
                    &format!(
                        "    option event-threads 1\n    \
                         option transport.socket.bind-address {}.{number}\n    \
                         option run-directory {root}/run\n    \
                         option glusterd-sockfile {root}/socket\n    \
                         option logging-directory {root}/log\n",
                        self.network
                    ),
                ),
            ],
        );
        let file = self
            .project
            .write(&format!("fs{number}/glusterd.vol"), &settings);
        let daemon = Daemon::start(
            Command::new("glusterd")
                .arg("--no-daemon")
                .arg(format!("--volfile={}", file.display()))
                .arg(format!("--pid-file={root}/pid"))
                .arg(format!("--log-file={root}/log/glusterd.log")),
            &self.path(&format!("fs{number}/output")),
        );
        self.daemons.push(daemon);
        let socket = self.path(&format!("fs{number}/socket"));
        wait_until("glusterd listens", || socket.exists());
    }

    fn gluster(&self, arguments: &[&str]) -> String {
        run(Command::new(self.path("bin/gluster"))
            .arg("--mode=script")
            .args(arguments))
    }

    /// Runs the part of the role that makes, grows and tunes the volume; returns how many of its
    /// tasks changed something.
    fn converge(&self, machines: usize) -> u32 {
        let plan = "out/production/ansible/inventory/group_vars/storage/storage.yml";
        self.project.render(&[
            "production",
            &format!("--set=scaling.filesystem.servers={machines}"),
        ]);
        let mut plan = self.project.read(plan);
        for number in (1..=machines).rev() {
            let address = format!("{}.{number}", self.network);
            let bricks = self.path(&format!("fs{number}/bricks"));
            plan = adapt(
                &plan,
                &[
                    (
                        &format!("fs{number}:/srv/bricks"),
                        &format!("{address}:{}", bricks.display()),
                    ),
                    (&format!("- fs{number}\n"), &format!("- {address}\n")),
                ],
            );
        }
        let variables = self.project.write("plan.yml", &plan);
        let play = self.project.write(
            "play.yml",
            "- hosts: localhost\n  gather_facts: false\n  tasks:\n    \
             - ansible.builtin.import_role: {name: gluster, tasks_from: volume}\n",
        );
        let paths = format!(
            "{}:/usr/sbin:/usr/bin:/sbin:/bin",
            self.path("bin").display()
        );
        let said = run(Command::new("env")
            .arg(format!("PATH={paths}"))
            .arg("LC_ALL=C.UTF-8")
            .arg("ANSIBLE_LOCALHOST_WARNING=false")
            .arg(format!("ANSIBLE_HOME={}", self.path("home").display()))
            .arg(format!(
                "ANSIBLE_ROLES_PATH={}",
                self.path("out/production/ansible/roles").display()
            ))
            .args([
                "/usr/bin/ansible-playbook",
                "-c",
                "local",
                "-i",
                "localhost,",
            ])
            .arg("-e")
            .arg(format!("@{}", variables.display()))
            .arg(play));
        let (_, counts) = said.rsplit_once("changed=").unwrap();
        let (count, _) = counts.split_once(' ').unwrap();
        println!("{said}");
        count.parse().unwrap()
    }

    /// Kills the bricks and the daemon of a machine at once and forgets what was in memory, as a
    /// loss of power would.
    fn lose_machine(&mut self, number: usize) {
        self.daemons[number - 1].kill();
        let machine = self.path(&format!("fs{number}/"));
        kill(machine.to_str().unwrap());
        // The daemon would take a brick that is being ended for one that serves.
        wait_until("the bricks are gone", || {
            processes(machine.to_str().unwrap()).is_empty()
        });
        fs::remove_dir_all(machine.join("run")).unwrap();
    }

    fn metric(&self, file: &str, name: &str) -> String {
        let text = self.project.read(&format!("metrics/{file}.prom"));
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split(' ').nth(1));
        value
            .unwrap_or_else(|| panic!("no {name} in {text}"))
            .to_owned()
    }
}

/// Returns the numbers of the processes that have a text in their arguments.
fn processes(text: &str) -> Vec<String> {
    let found = Command::new("pgrep").args(["-f", text]).output().unwrap();
    let found = String::from_utf8_lossy(&found.stdout);
    found.split_whitespace().map(str::to_owned).collect()
}

fn kill(text: &str) {
    for id in processes(text) {
        let _ = Command::new("kill").args(["-s", "KILL", &id]).status();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mount = self.path("mount");
        let _ = Command::new("umount").arg("--lazy").arg(&mount).output();
        self.daemons.clear();
        // Bricks are in sessions of their own.
        kill(self.path("").to_str().unwrap());
    }
}

#[test]
fn a_volume_is_made_grows_and_survives_the_loss_of_a_machine() {
    if !can_run(&[
        "glusterd",
        "gluster",
        "glusterfs",
        "ansible-playbook",
        "findmnt",
    ]) {
        return;
    }
    let mut cluster = Cluster::start(6);
    assert!(cluster.converge(3) > 0);
    assert_eq!(cluster.converge(3), 0, "the second time nothing changes");
    let info = cluster.gluster(&["volume", "info", "shared"]);
    for line in [
        "Type: Distributed-Replicate",
        "Number of Bricks: 2 x 3 = 6",
        "performance.io-cache-size: 1GB",
        "performance.io-thread-count: 8",
        "server.outstanding-rpc-limit: 1000",
        "network.ping-timeout: 15",
        "storage.health-check-interval: 60",
        "cluster.server-quorum-type: server",
    ] {
        assert!(info.contains(line), "{line} in\n{info}");
    }
    let status = cluster.gluster(&["--xml", "volume", "status", "shared"]);
    for port in status.split("<tcp>").skip(1) {
        let (port, _) = port.split_once('<').unwrap();
        let allowed = port == "N/A" || (49_152..=49_251).contains(&port.parse().unwrap());
        assert!(allowed, "a brick listens on {port}");
    }

    let mount = cluster.path("mount");
    fs::create_dir(&mount).unwrap();
    run(Command::new("glusterfs")
        .arg(format!("--volfile-server={}.1", cluster.network))
        .arg("--volfile-id=shared")
        .arg(format!(
            "--log-file={}",
            cluster.path("mount.log").display()
        ))
        .arg(&mount));
    wait_until("the volume is mounted", || {
        Command::new("findmnt")
            .arg(&mount)
            .output()
            .unwrap()
            .status
            .success()
    });
    modes_are_as_asked(&cluster);
    let canary = Canary::new(&cluster.project, "production", &mount);
    assert!(canary.run().status.success());
    assert_eq!(
        cluster.metric("storage_canary", "storage_canary_success"),
        "1"
    );

    cluster.lose_machine(3);
    let started = Instant::now();
    assert!(canary.run().status.success(), "two of three machines serve");
    println!("a write after the loss took {:?}", started.elapsed());
    fs::write(mount.join("while-away"), "x").unwrap();
    cluster.start_machine(3);
    let collector = adapt(
        &cluster
            .project
            .read("out/production/storage/gluster_metrics.py"),
        &[
            (
                "/var/lib/prometheus/node-exporter",
                cluster.path("metrics").to_str().unwrap(),
            ),
            (
                "[\"gluster\"",
                &format!("[\"{}\"", cluster.path("bin/gluster").display()),
            ),
        ],
    );
    cluster.executable("bin/metrics", &collector);
    wait_until("everything is healed", || {
        let status = Command::new(cluster.path("bin/metrics")).status().unwrap();
        status.success()
            && cluster.metric("gluster", "gluster_peers_connected") == "3"
            && cluster.metric("gluster", "gluster_bricks_online") == "6"
            && cluster.metric("gluster", "gluster_heal_entries") == "0"
    });
    assert_eq!(cluster.metric("gluster", "gluster_bricks_total"), "6");

    assert!(cluster.converge(6) > 0);
    assert_eq!(cluster.converge(6), 0);
    let info = cluster.gluster(&["volume", "info", "shared"]);
    assert!(info.contains("Number of Bricks: 4 x 3 = 12"), "{info}");
    assert_eq!(fs::read_to_string(mount.join("while-away")).unwrap(), "x");
}

/// Directories and files have the modes of `dependencies.filesystem.permissions`, whatever the
/// application asks for.
fn modes_are_as_asked(cluster: &Cluster) {
    let script = "umask 000; mkdir folder; touch file; stat --format=%a folder file";
    let modes = run(Command::new("setpriv")
        .args([
            "--reuid=33",
            "--regid=33",
            "--clear-groups",
            "sh",
            "-c",
            script,
        ])
        .current_dir(cluster.path("mount")));
    assert_eq!(modes, "755\n644\n");
}

/// The rendered probe, on another folder.
struct Canary {
    script: PathBuf,
}

impl Canary {
    fn new(project: &Project, environment: &str, folder: &std::path::Path) -> Self {
        let metrics = project.path("metrics");
        fs::create_dir_all(&metrics).unwrap();
        let text = adapt(
            &project.read(&format!("out/{environment}/storage/canary.sh")),
            &[
                ("/srv/shared", folder.to_str().unwrap()),
                (
                    "/var/lib/prometheus/node-exporter",
                    metrics.to_str().unwrap(),
                ),
                ("limit=15", "limit=2"),
            ],
        );
        let script = project.write("bin/canary", &text);
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        Self { script }
    }

    fn run(&self) -> Output {
        Command::new(&self.script).output().unwrap()
    }
}

#[test]
fn the_probe_tells_well_from_ill() {
    if !can_run(&["setpriv", "timeout"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["development"]);
    let folder = project.path("shared");
    fs::create_dir(&folder).unwrap();
    run(Command::new("chown").arg("www-data").arg(&folder));
    let canary = Canary::new(&project, "development", &folder);
    let success = |expected: &str| {
        let text = project.read("metrics/storage_canary.prom");
        assert!(
            text.contains(&format!("storage_canary_success {expected}\n")),
            "{text}"
        );
    };
    let output = canary.run();
    assert!(output.status.success(), "{output:?}");
    success("1");

    // The application may not write.
    run(Command::new("chown").args(["-R", "root"]).arg(&folder));
    assert!(!canary.run().status.success());
    success("0");

    // Storage does not answer: nobody reads from this pipe.
    run(Command::new("chown").args(["-R", "www-data"]).arg(&folder));
    let host = run(Command::new("uname").arg("-n"));
    let file = folder.join(".canary").join(host.trim());
    run(Command::new("mkfifo").args(["-m", "666"]).arg(&file));
    let started = Instant::now();
    let output = canary.run();
    assert!(!output.status.success());
    assert!(started.elapsed().as_secs() < 10);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("within 2 seconds"), "{said}");
    success("0");

    // And well again.
    fs::remove_file(&file).unwrap();
    assert!(canary.run().status.success());
    success("1");
}
