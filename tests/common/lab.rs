//! Several machines on one computer, each with its own network, name and folders, so that rendered
//! files are used as they are: same addresses, same ports, same paths.
//!
//! A machine is a network namespace on a bridge. Whatever runs on it sees folders of the project
//! where a real machine has `/etc/mysql`, `/var/lib/postgresql` and the like.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Daemon, Project, run};

/// Folders every machine has to itself, by their place in the real world. All of them must exist on
/// this computer.
const FOLDERS: &[&str] = &["/etc/ssl", "/run", "/var/log"];

/// The machines of an environment.
pub(crate) struct Lab {
    pub(crate) project: Project,
    environment: String,
    prefix: String,
    folders: Vec<&'static str>,
    machines: Vec<(String, String)>,
}

impl Lab {
    /// Makes the machines with these names. `folders` are further ones each has to itself; `group`
    /// may read the private key, which on real machines the group `ssl-cert` may.
    pub(crate) fn new(
        project: Project,
        environment: &str,
        machines: &[&str],
        folders: &[&'static str],
        group: &str,
    ) -> Self {
        let hosts = project.read(&format!("out/{environment}/ansible/roles/base/files/hosts"));
        let address = |name: &str| {
            let line = hosts
                .lines()
                .find(|line| line.ends_with(&format!(" {name}")));
            let line = line.unwrap_or_else(|| panic!("no machine {name} in:\n{hosts}"));
            line.split(' ').next().unwrap().to_owned()
        };
        let lab = Self {
            environment: environment.to_owned(),
            prefix: format!("precast{}", std::process::id()),
            folders: FOLDERS.iter().chain(folders).copied().collect(),
            machines: machines
                .iter()
                .map(|name| ((*name).to_owned(), address(name)))
                .collect(),
            project,
        };
        lab.connect();
        lab.certify(group);
        for (name, _) in &lab.machines {
            lab.furnish(name, &hosts);
        }
        lab
    }

    /// Returns a machine's address.
    pub(crate) fn address(&self, machine: &str) -> &str {
        let mut machines = self.machines.iter();
        &machines.find(|(name, _)| name == machine).unwrap().1
    }

    /// Returns where a folder or a file of a machine is in reality.
    pub(crate) fn place(&self, machine: &str, path: &str) -> PathBuf {
        self.project.path(&format!("machines/{machine}{path}"))
    }

    /// Reads a rendered file of the environment.
    pub(crate) fn rendered(&self, path: &str) -> String {
        self.project
            .read(&format!("out/{}/{path}", self.environment))
    }

    /// Puts a rendered file on a machine.
    pub(crate) fn copy(&self, rendered: &str, machine: &str, path: &str) {
        self.project.write(
            &format!("machines/{machine}{path}"),
            &self.rendered(rendered),
        );
    }

    /// Returns a command that runs a program on a machine.
    pub(crate) fn on(&self, machine: &str, program: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace(machine)])
            .args(["unshare", "--mount", "--uts", "sh"])
            .arg(self.project.path(&format!("machines/{machine}.sh")))
            .args(program);
        command
    }

    /// Starts a program on a machine.
    pub(crate) fn start(&self, machine: &str, program: &[&str]) -> Daemon {
        let name = Path::new(program[0]).file_name().unwrap();
        self.start_logging(machine, &name.to_string_lossy(), program)
    }

    /// The same, with a name for its log.
    pub(crate) fn start_logging(&self, machine: &str, name: &str, program: &[&str]) -> Daemon {
        let log = format!("machines/{machine}-{name}.log");
        Daemon::start(&mut self.on(machine, program), &self.project.path(&log))
    }

    /// Starts the proxy of an application machine, which needs `/etc/haproxy` for itself.
    pub(crate) fn start_proxy(&self, machine: &str) -> Daemon {
        let files = ["haproxy", "database"].map(|part| {
            let path = format!("/etc/haproxy/{part}.cfg");
            self.copy(&format!("database/haproxy/{part}.cfg"), machine, &path);
            path
        });
        std::fs::create_dir_all(self.place(machine, "/run/haproxy")).unwrap();
        let program = ["haproxy", "-db", "-f", &files[0], "-f", &files[1]];
        self.start(machine, &program)
    }

    /// Returns the status of an HTTP answer, as one machine gets it from another; `000` for none.
    pub(crate) fn status(&self, from: &str, url: &str) -> String {
        let curl = ["curl", "-s", "-m3", "-o/dev/null", "-w%{http_code}", url];
        let output = self.on(from, &curl).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Ends everything on a machine at once, as a loss of power would.
    pub(crate) fn lose(&self, machine: &str) {
        let namespace = self.namespace(machine);
        loop {
            let pids = run(Command::new("ip").args(["netns", "pids", &namespace]));
            let pids: Vec<&str> = pids.split_whitespace().collect();
            if pids.is_empty() {
                return;
            }
            let _ = Command::new("kill").arg("-KILL").args(pids).output();
        }
    }

    fn namespace(&self, machine: &str) -> String {
        format!("{}-{machine}", self.prefix)
    }

    fn connect(&self) {
        let ip = |arguments: &[&str]| drop(run(Command::new("ip").args(arguments)));
        let switch = self.namespace("switch");
        ip(&["netns", "add", &switch]);
        ip(&["-n", &switch, "link", "add", "switch", "type", "bridge"]);
        ip(&["-n", &switch, "link", "set", "switch", "up"]);
        for (name, address) in &self.machines {
            let machine = self.namespace(name);
            ip(&["netns", "add", &machine]);
            let link = ["-n", &switch, "link", "add", name, "type", "veth", "peer"];
            ip(&[&link[..], &["name", "eth0", "netns", &machine]].concat());
            ip(&["-n", &switch, "link", "set", name, "master", "switch", "up"]);
            let subnet = format!("{address}/20");
            ip(&["-n", &machine, "address", "add", &subnet, "dev", "eth0"]);
            ip(&["-n", &machine, "link", "set", "eth0", "up"]);
            ip(&["-n", &machine, "link", "set", "lo", "up"]);
        }
    }

    /// Makes an authority, and a certificate for each machine as the role `certificates` does.
    fn certify(&self, group: &str) {
        let script = r#"
            set -e
            cd "$1"; group=$2; shift 2
            key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
            key ca.key
            openssl req -x509 -key ca.key -out ca.pem -subj /CN=authority -days 2
            while [ $# -gt 0 ]; do
                folder=machines/$1/etc/ssl/internal
                mkdir -p $folder
                cp /etc/ssl/openssl.cnf machines/$1/etc/ssl/
                cp ca.pem $folder/
                key $folder/machine.key
                printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1,IP:%s\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:false\n' "$1" "$2" > extensions
                openssl req -new -key $folder/machine.key -subj "/CN=$1" |
                    openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out $folder/machine.pem 2>/dev/null
                chgrp "$group" $folder/machine.key
                chmod 640 $folder/machine.key
                shift 2
            done"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]);
        command.arg(self.project.path("")).arg(group);
        for (name, address) in &self.machines {
            command.args([name, address]);
        }
        self.project.write("machines/banner", "");
        run(&mut command);
    }

    /// Gives a machine its folders, and a script that enters it.
    fn furnish(&self, machine: &str, hosts: &str) {
        self.project
            .write(&format!("machines/{machine}/etc/hosts"), hosts);
        let mut script = format!("set -e\nhostname {machine}\n");
        for path in self.folders.iter().chain(&["/etc/hosts"]) {
            let place = self.place(machine, path);
            if *path != "/etc/hosts" {
                std::fs::create_dir_all(&place).unwrap();
            }
            let _ = writeln!(script, "mount --bind {} {path}", place.display());
        }
        script += "exec \"$@\"\n";
        self.project
            .write(&format!("machines/{machine}.sh"), &script);
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // What the programs wrote is worth more than the folder.
            let logs = self.project.path("machines");
            let _ = Command::new("sh")
                .args(["-c", "tail -n 30 \"$1\"/*.log >&2", "sh"])
                .arg(logs)
                .status();
        }
        for (name, _) in &self.machines {
            self.lose(name);
        }
        let switch = ("switch".to_owned(), String::new());
        for (name, _) in self.machines.iter().chain([&switch]) {
            let _ = Command::new("ip")
                .args(["netns", "delete", &self.namespace(name)])
                .output();
        }
    }
}

/// Waits until a condition holds, as long as a cluster may take.
///
/// # Panics
/// After two minutes.
pub(crate) fn wait_long(what: &str, mut condition: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !condition() {
        let waited = start.elapsed();
        assert!(waited < Duration::from_mins(2), "waited in vain: {what}");
        sleep(Duration::from_millis(100));
    }
    println!("{what}: after {:.1} s", start.elapsed().as_secs_f64());
    start.elapsed()
}

/// Fills a role's template as Ansible does.
pub(crate) fn jinja(template: &str, values: &serde_json::Value) -> String {
    let script = "import json, sys, jinja2\n\
                  template = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)\n\
                  print(template.from_string(sys.argv[1]).render(json.loads(sys.argv[2])))";
    run(Command::new("/usr/bin/python3").args(["-c", script, template, &values.to_string()]))
}

/// Writes numbered rows without a pause, each over a connection of its own, and notes in
/// `acknowledged` which ones the database said it has.
pub(crate) struct Writer {
    _daemon: Daemon,
    acknowledged: PathBuf,
}

impl Writer {
    /// Starts writing from a machine; `insert` is a command that inserts the number in `$i`.
    pub(crate) fn start(lab: &Lab, machine: &str, insert: &str) -> Self {
        let acknowledged = lab.project.path("acknowledged");
        let script = format!(
            "i=0; while true; do i=$((i + 1)); if {insert}; then echo \"$i $(date +%s.%N)\" >> {}; fi; done",
            acknowledged.display()
        );
        Self {
            _daemon: lab.start(machine, &["timeout", "300", "bash", "-c", &script]),
            acknowledged,
        }
    }

    /// Returns the rows the database acknowledged so far, with the second of each.
    pub(crate) fn rows(&self) -> Vec<(u32, f64)> {
        let text = std::fs::read_to_string(&self.acknowledged).unwrap_or_default();
        let line = |line: &str| {
            let (number, second) = line.split_once(' ')?;
            Some((number.parse().ok()?, second.parse().ok()?))
        };
        text.lines().filter_map(line).collect()
    }

    /// Returns the longest time between two acknowledged rows, in seconds.
    pub(crate) fn longest_gap(&self) -> f64 {
        let rows = self.rows();
        rows.windows(2)
            .map(|pair| pair[1].1 - pair[0].1)
            .fold(0.0, f64::max)
    }
}
