//! A rendered MySQL cluster at work: each machine is a network namespace, so that it keeps its
//! address and its port. Paths are replaced, because the machines share this computer's disk, and
//! the system's users, because it has none of theirs.

mod network;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use network::{Network, address, inside, namespace, network};

use crate::common::{Daemon, Project, adapt, run};

/// The members: the fewest that outvote one that is lost.
pub(crate) const MEMBERS: [&str; 3] = ["db1", "db2", "db3"];

/// Whoever stands in for the users `mysql` and `role_agent`.
const NOBODY: &str = "nobody";

/// The passwords Ansible is given.
const PASSWORDS: [&str; 4] = [
    "database_password=Application1",
    "database_replication_password=Replication1",
    "database_monitor_password=Monitor1",
    "database_backup_password=Backup1",
];

/// Returns the folder of the MySQL that `.ci/mysql` unpacked.
pub(crate) fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/mysql/bin")
}

fn program(name: &str) -> PathBuf {
    programs().join(name)
}

/// Returns whether MySQL and what its roles need are there, and says what is missing; in CI
/// nothing may be.
pub(crate) fn can_run() -> bool {
    let pymysql = Command::new("/usr/bin/python3")
        .args(["-c", "import pymysql"])
        .output();
    let missing = [
        (!program("mysqld").is_file()).then_some("target/mysql is not there: run .ci/mysql"),
        (!pymysql.is_ok_and(|output| output.status.success()))
            .then_some("python3-pymysql is not installed"),
    ];
    if let Some(missing) = missing.into_iter().flatten().next() {
        assert!(std::env::var_os("CI").is_none(), "cannot run: {missing}");
        println!("skipped: {missing}");
        return false;
    }
    crate::common::can_run(&[
        "ip",
        "openssl",
        "haproxy",
        "curl",
        "setpriv",
        "php8.2",
        "ansible-playbook",
    ])
}

/// Three database machines and one of the application's.
pub(crate) struct Cluster {
    /// Ends before its network and its files go.
    pub(crate) servers: Vec<Daemon>,
    others: Vec<Daemon>,
    _network: Network,
    pub(crate) project: Project,
}

impl Cluster {
    /// Renders staging with three members, and starts their servers with empty data directories.
    pub(crate) fn start() -> Self {
        let project = Project::bundled();
        project.render(&[
            "staging",
            "--set=scaling.database.read_replicas=2",
            "--set=performance.database.buffer_pool=128M",
        ]);
        let mut cluster = Self {
            servers: Vec::new(),
            others: Vec::new(),
            _network: network(&project),
            project,
        };
        cluster.authority();
        for member in MEMBERS {
            cluster.prepare(member);
        }
        let initializing: Vec<_> = MEMBERS
            .iter()
            .map(|member| {
                let mut server = cluster.server(member);
                server
                    .arg("--initialize-insecure")
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut child in initializing {
            assert!(
                child.wait().unwrap().success(),
                "a data directory cannot be made"
            );
        }
        cluster.servers = MEMBERS
            .iter()
            .map(|member| cluster.serve(member, &[]))
            .collect();
        for member in MEMBERS {
            cluster.wait_for(member, "SELECT 1", "1");
        }
        cluster
    }

    /// Makes an authority and each member's certificate.
    fn authority(&self) {
        let folder = self.project.path("");
        let openssl = |arguments: &str| {
            let mut command = Command::new("openssl");
            run(command.args(arguments.split(' ')).current_dir(&folder));
        };
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority");
        for member in MEMBERS {
            let names = format!(
                "subjectAltName=IP:{},IP:127.0.0.1",
                address(&self.project, member)
            );
            self.project.write(&format!("{member}/names"), &names);
            openssl(&format!(
                "req -newkey rsa:2048 -nodes -keyout {member}/machine.key -out {member}/request -subj /CN={member}"
            ));
            openssl(&format!(
                "x509 -req -in {member}/request -CA ca.pem -CAkey ca.key -CAcreateserial \
                 -extfile {member}/names -out {member}/machine.pem"
            ));
            self.project
                .write(&format!("{member}/ca.pem"), &self.project.read("ca.pem"));
        }
    }

    /// Adapts a member's settings to this computer.
    fn prepare(&self, member: &str) {
        let place = |path: &str| {
            self.project
                .path(&format!("{member}/{path}"))
                .display()
                .to_string()
        };
        for folder in ["run", "files", "log"] {
            fs::create_dir_all(place(folder)).unwrap();
        }
        let rendered = self
            .project
            .read(&format!("out/staging/database/{member}/mysqld.cnf"));
        let settings = adapt(
            &rendered,
            &[
                ("user = mysql", &format!("user = {NOBODY}")),
                ("/etc/ssl/internal", &place("")),
                ("/var/lib/mysql-files", &place("files")),
                ("/var/lib/mysql", &place("data")),
                ("/var/log/mysql", &place("log")),
                ("/run/mysqld", &place("run")),
            ],
        );
        self.project
            .write(&format!("{member}/mysqld.cnf"), &settings);
        run(Command::new("chown").args(["-R", NOBODY]).arg(place("")));
    }

    /// Returns the command that starts a member's server.
    fn server(&self, member: &str) -> Command {
        let settings = self.project.path(&format!("{member}/mysqld.cnf"));
        let mut command = inside(&self.project, member, program("mysqld"));
        command.arg(format!("--defaults-file={}", settings.display()));
        command
    }

    /// Returns a command that runs a program on a member's machine.
    pub(crate) fn inside(&self, member: &str, program: PathBuf) -> Command {
        inside(&self.project, member, program)
    }

    /// Starts a member's server.
    pub(crate) fn serve(&self, member: &str, arguments: &[&str]) -> Daemon {
        let log = self.project.path(&format!("{member}/server.log"));
        Daemon::start(self.server(member).args(arguments), &log)
    }

    /// Asks a member; whatever it answers, also that it cannot.
    pub(crate) fn ask(&self, member: &str, query: &str) -> String {
        let output = inside(&self.project, member, program("mysql"))
            .args([
                "--no-defaults",
                "--batch",
                "--skip-column-names",
                "--user=root",
            ])
            .arg(format!(
                "--socket={}",
                self.project
                    .path(&format!("{member}/run/mysqld.sock"))
                    .display()
            ))
            .args(["--execute", query])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.trim().to_owned() + String::from_utf8_lossy(&output.stderr).trim()
    }

    /// Waits for an answer, for two minutes: members are patient with each other.
    pub(crate) fn wait_for(&self, member: &str, query: &str, answer: &str) {
        let patience = std::time::Instant::now() + std::time::Duration::from_mins(2);
        while self.ask(member, query) != answer {
            assert!(
                std::time::Instant::now() < patience,
                "{member} does not say {answer} to {query}, but {}",
                self.ask(member, query)
            );
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }

    /// Runs a playbook in the rendered folder, with what is rendered for Ansible. Its connections
    /// stay here; the database is asked inside the machine's namespace.
    pub(crate) fn play(&self, playbook: &str, arguments: &[&str]) -> String {
        // Tasks that go to another machine name it in `item`.
        let machine = "{{ item | default(inventory_hostname) }}";
        let client = serde_json::json!({ "mysql_client": [
            "ip", "netns", "exec", namespace(machine), program("mysql"), "--no-defaults", "--batch",
            "--skip-column-names", "--user=root",
            format!("--socket={}/{machine}/run/mysqld.sock", self.project.path("").display()),
        ]});
        let mut command = Command::new("ansible-playbook");
        command
            .current_dir(self.project.path("out/staging/ansible"))
            .args([
                playbook,
                "--skip-tags=service",
                "-eansible_connection=local",
            ])
            .args([
                "-eansible_become=false",
                "-eansible_python_interpreter=/usr/bin/python3",
            ])
            .arg(format!("-e{client}"))
            .args(PASSWORDS.map(|password| format!("-e{password}")))
            .args(arguments);
        run(&mut command)
    }

    /// Starts the role agents and the proxy.
    pub(crate) fn front(&mut self) {
        for member in MEMBERS {
            // The server knows a user by the system's name.
            self.ask(
                member,
                "SET @before = @@GLOBAL.super_read_only; SET GLOBAL super_read_only = OFF; \
                 SET SESSION sql_log_bin = OFF; \
                 ALTER USER 'role_agent'@'localhost' IDENTIFIED WITH auth_socket AS 'nobody'; \
                 SET GLOBAL super_read_only = @before",
            );
            let unit = self
                .project
                .read(&format!("out/staging/database/{member}/role_agent.service"));
            let agent = self.project.path("out/staging/database/role_agent.py");
            let folder = self.project.path(&format!("{member}/run"));
            let unit = adapt(
                &unit,
                &[
                    (
                        "/usr/local/lib/role_agent -",
                        &format!("{} -", agent.display()),
                    ),
                    ("/run/mysqld", &folder.display().to_string()),
                ],
            );
            let start = unit
                .lines()
                .find_map(|line| line.strip_prefix("ExecStart="))
                .unwrap();
            let mut command = inside(&self.project, member, PathBuf::from("setpriv"));
            command
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .args(start.split(' '));
            let log = self.project.path(&format!("{member}/agent.log"));
            self.others.push(Daemon::start(&mut command, &log));
        }
        for member in MEMBERS {
            crate::common::wait_until("a role agent answers", || {
                self.role(member, "health").starts_with("200")
            });
        }
        let folder = "out/staging/database/haproxy";
        let main = adapt(
            &self.project.read(&format!("{folder}/haproxy.cfg")),
            &[
                ("/run/haproxy", &self.project.path("").display().to_string()),
                ("log /dev/log local0", "log stdout format raw local0"),
                ("chroot /var/lib/haproxy", "# no chroot"),
                (
                    "/var/lib/haproxy/state",
                    &self.project.path("state").display().to_string(),
                ),
            ],
        );
        let main = self.project.write("app1/haproxy.cfg", &main);
        let database = self.project.path(&format!("{folder}/database.cfg"));
        let log = self.project.path("app1/haproxy.log");
        let mut proxy = inside(&self.project, "app1", PathBuf::from("haproxy"));
        proxy.arg("-W").arg("-f").arg(main).arg("-f").arg(database);
        self.others.push(Daemon::start(&mut proxy, &log));
    }

    /// Returns what a member's agent says: the status, and why.
    pub(crate) fn role(&self, member: &str, path: &str) -> String {
        let url = format!("http://{}:8008/{path}", address(&self.project, member));
        let output = inside(&self.project, "app1", PathBuf::from("curl"))
            .args(["-s", "--noproxy", "*", "-XOPTIONS", "-w%{http_code}", &url])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = text.split_at(text.len().saturating_sub(3));
        format!("{status} {}", body.trim())
    }

    /// Returns the member that accepts writes, as one of them sees it.
    pub(crate) fn primary(&self, from: &str) -> &'static str {
        let primary = self.ask(
            from,
            "SELECT MEMBER_HOST FROM performance_schema.replication_group_members \
             WHERE MEMBER_ROLE = 'PRIMARY'",
        );
        MEMBERS
            .into_iter()
            .find(|member| address(&self.project, member) == primary)
            .unwrap_or_else(|| panic!("no member is {primary}"))
    }

    /// Returns the command that runs PHP on the application machine.
    pub(crate) fn php(&self, script: &str) -> Command {
        let script = self.project.write("app1/script.php", script);
        let mut command = inside(&self.project, "app1", PathBuf::from("php8.2"));
        command.arg(script).arg(self.project.path("ca.pem"));
        command
    }
}
