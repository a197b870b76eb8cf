//! rsyslog and mtail of one application machine and the monitoring machine, as rendered but for
//! paths, addresses to listen on and names: the machines share this computer.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::Command;

use super::{Daemon, Project, adapt, loopback, run, wait_until};

/// What the tests log in to the portal with.
const PASSWORD: &str = "0123456789abcdefghijklmnopqrstuv";

/// The log of one environment.
pub(crate) struct Logging {
    pub(crate) project: Project,
    network: String,
    started: Cell<usize>,
}

/// mtail, and where it answers.
pub(crate) struct Counting {
    _mtail: Daemon,
    pub(crate) url: String,
}

impl Logging {
    /// Renders production and makes certificates for two machines.
    pub(crate) fn new() -> Self {
        let network = loopback();
        let project = Project::bundled();
        project.render(&[
            "production",
            &format!("--set=infrastructure.network={network}.0/24"),
        ]);
        let logging = Self {
            project,
            network,
            started: Cell::new(0),
        };
        let ca = logging.project.write("ca/index", "").with_file_name("ca");
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
            .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=Internal authority", "-keyout"])
            .arg(ca.with_extension("key"))
            .arg("-out")
            .arg(ca.with_extension("pem")));
        logging.certificate("mon1");
        logging.certificate("app1");
        let lines = logging.project.path("lines");
        run(Command::new("mkfifo").arg(&lines));
        logging
    }

    /// Makes a machine's certificate, signed by the environment's authority.
    pub(crate) fn certificate(&self, machine: &str) {
        let path = |file: &str| self.project.path(file);
        let names = self.project.write(
            &format!("{machine}/names"),
            &format!(
                "subjectAltName=DNS:{machine},DNS:localhost,IP:127.0.0.1,IP:{}\n",
                self.address()
            ),
        );
        run(Command::new("openssl")
            .args([
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ])
            .args(["-nodes", "-subj", &format!("/CN={machine}"), "-keyout"])
            .arg(path(&format!("{machine}/machine.key")))
            .arg("-out")
            .arg(path(&format!("{machine}/request"))));
        run(Command::new("openssl")
            .args(["x509", "-req", "-days", "2", "-CAcreateserial", "-CA"])
            .arg(path("ca/ca.pem"))
            .arg("-CAkey")
            .arg(path("ca/ca.key"))
            .arg("-extfile")
            .arg(names)
            .arg("-in")
            .arg(path(&format!("{machine}/request")))
            .arg("-out")
            .arg(path(&format!("{machine}/machine.pem"))));
    }

    /// Starts rsyslog of the monitoring machine.
    pub(crate) fn store(&self) -> Daemon {
        let listen = format!("address=\"{}.17\" port=\"6514\"", self.network);
        self.rsyslog(
            "mon1",
            "server",
            &[
                ("port=\"6514\"", &listen),
                ("/var/log/store/", &format!("{}/", self.path("store"))),
                ("/run/log-lines", &self.path("lines")),
            ],
        )
    }

    /// Starts rsyslog of another machine.
    pub(crate) fn client(&self, machine: &str) -> Daemon {
        self.rsyslog(
            machine,
            "client",
            &[
                ("resumeInterval=\"5\"", "resumeInterval=\"1\""),
                ("resumeIntervalMax=\"60\"", "resumeIntervalMax=\"1\""),
            ],
        )
    }

    fn rsyslog(&self, machine: &str, file: &str, replacements: &[(&str, &str)]) -> Daemon {
        let folder = self.path(machine);
        fs::create_dir_all(format!("{folder}/spool")).unwrap();
        let out = "out/production/monitoring/rsyslog";
        self.project.write(
            &format!("{machine}/inputs/00-files.conf"),
            &self.project.read(&format!("{out}/inputs/00-files.conf")),
        );
        for input in ["nginx", "php"] {
            let text = self.project.read(&format!("{out}/inputs/{input}.conf"));
            self.project.write(
                &format!("{machine}/inputs/{input}.conf"),
                &adapt(&text, &[("/var/log/", &format!("{folder}/log/"))]),
            );
        }
        let socket =
            format!("sysSock.use=\"off\")\ninput(type=\"imuxsock\" socket=\"{folder}/socket\"");
        let text = adapt(
            &self.project.read(&format!("{out}/{file}.conf")),
            &[
                (
                    "global(\n",
                    &format!(
                        "global(\n  localHostname=\"{machine}\" processInternalMessages=\"on\"\n"
                    ),
                ),
                ("/var/spool/rsyslog", &format!("{folder}/spool")),
                ("/etc/ssl/internal/ca.pem", &self.path("ca/ca.pem")),
                ("/etc/ssl/internal/", &format!("{folder}/")),
                ("sysSock.rateLimit.interval=\"0\"", &socket),
                ("module(load=\"imklog\")\n", ""),
                ("interval=\"600\"", "interval=\"1\""),
                ("/etc/rsyslog.inputs.d/", &format!("{folder}/inputs/")),
            ],
        );
        // What it says itself, where nothing is stored yet.
        let text = adapt(&text, replacements)
            + &format!("\nsyslog.* action(type=\"omfile\" file=\"{folder}/said\")\n")
            + &format!("*.* action(type=\"omfile\" file=\"{folder}/heard\")\n");
        let conf = self
            .project
            .write(&format!("{machine}/rsyslog.conf"), &text);
        self.started.set(self.started.get() + 1);
        let daemon = Daemon::start(
            Command::new("rsyslogd")
                .arg("-n")
                .arg("-iNONE")
                .arg("-f")
                .arg(conf),
            &self
                .project
                .path(&format!("{machine}/out{}", self.started.get())),
        );
        // The socket takes lines before rsyslog reads them, and those are lost: what counts is that
        // one comes out again. On real machines systemd has the socket, and keeps them.
        let socket = format!("{folder}/socket");
        let ready = format!("start {} is ready", self.started.get());
        wait_until("rsyslog listens", || {
            let _ = Command::new("logger")
                .args(["-u", &socket, "-t", "probe", &ready])
                .output();
            self.has_heard(machine, &ready)
        });
        daemon
    }

    /// Returns whether rsyslog of a machine has read a line and put it in its queues.
    pub(crate) fn has_heard(&self, machine: &str, line: &str) -> bool {
        let heard = self.path(&format!("{machine}/heard"));
        fs::read_to_string(heard).is_ok_and(|heard| heard.contains(line))
    }

    /// Returns the monitoring machine's address.
    pub(crate) fn address(&self) -> String {
        format!("{}.17", self.network)
    }

    /// Returns the first application machine's address.
    pub(crate) fn address_of_app(&self) -> String {
        format!("{}.129", self.network)
    }

    /// Starts the portal's nginx, in front of an error store that listens here.
    pub(crate) fn portal(&self, errors: &str) -> Daemon {
        let folder = self.path("mon1");
        let address = self.address();
        fs::create_dir_all(format!("{folder}/portal")).unwrap();
        let hash = run(Command::new("openssl").args(["passwd", "-6", PASSWORD]));
        self.project
            .write("mon1/portal/htpasswd", &format!("admin:{hash}"));
        let log = format!("{folder}/portal/access.log");
        let text = adapt(
            &self
                .project
                .read("out/production/monitoring/portal/nginx.conf"),
            &[
                (
                    "pid /run/portal/",
                    &format!("user root;\npid {folder}/portal/"),
                ),
                ("/run/portal/", &format!("{folder}/portal/")),
                ("syslog:server=unix:/dev/log,tag=portal,nohostname", &log),
                ("listen 8443", &format!("listen {address}:8443")),
                ("/etc/ssl/internal/", &format!("{folder}/")),
                ("/etc/portal/", &format!("{folder}/portal/")),
                (
                    "/usr/share/portal",
                    &self.path("out/production/monitoring/portal/page"),
                ),
                ("/var/log/store/", &format!("{}/", self.path("store"))),
                ("127.0.0.1:8000", errors),
                ("127.0.0.1:9090", &format!("{address}:9090")),
                ("127.0.0.1:9093", &format!("{address}:9093")),
            ],
        );
        let conf = self.project.write("mon1/portal/nginx.conf", &text);
        Daemon::start(
            Command::new("nginx")
                .args(["-g", "daemon off;", "-c"])
                .arg(conf),
            &self.project.path("mon1/portal/out"),
        )
    }

    /// Asks the portal for a page, and returns the code.
    pub(crate) fn portal_code(&self, path: &str, known: bool) -> String {
        let mut curl = self.portal_curl(path, known);
        curl.args(["-o", "/dev/null", "-w", "%{http_code}"]);
        let output = curl.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Asks the portal for a page, with more to say, and returns it.
    pub(crate) fn portal_page(&self, path: &str, more: &[&str]) -> String {
        run(self.portal_curl(path, true).args(more))
    }

    fn portal_curl(&self, path: &str, known: bool) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["-s", "--cacert", &self.path("ca/ca.pem")]);
        curl.args(["--resolve", &format!("mon1:8443:{}", self.address())]);
        if known {
            curl.args(["-u", &format!("admin:{PASSWORD}")]);
        }
        curl.arg(format!("https://mon1:8443/{path}"));
        curl
    }

    /// Starts mtail as the monitoring machine does.
    pub(crate) fn mtail(&self) -> Counting {
        let out = "out/production/monitoring/mtail";
        let program = self.project.read(&format!("{out}/platform.mtail"));
        self.project.write("mon1/mtail/platform.mtail", &program);
        let address = format!("{}.17", self.network);
        let mtail = Daemon::start(
            Command::new("mtail")
                .args(["--progs", &self.path("mon1/mtail")])
                .args(["--logs", &self.path("lines")])
                .args(["--address", &address, "--port", "3903", "--logtostderr"]),
            &self.project.path("mon1/mtail.out"),
        );
        Counting {
            _mtail: mtail,
            url: format!("http://{address}:3903/metrics"),
        }
    }

    /// Logs a line on a machine.
    pub(crate) fn log(&self, machine: &str, priority: &str, tag: &str, text: &str) {
        let socket = self.path(&format!("{machine}/socket"));
        run(Command::new("logger").args(["-i", "-u", &socket, "-p", priority, "-t", tag, text]));
    }

    /// Adds to a log file of a machine.
    pub(crate) fn append(&self, machine: &str, file: &str, text: &str) {
        let path = self.project.path(&format!("{machine}/log/{file}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for a text in the store, and returns the file it is in.
    pub(crate) fn stored(&self, machine: &str, program: &str, text: &str) -> String {
        wait_until(&format!("{text} of {machine} is stored"), || {
            self.read(machine, program).contains(text)
        });
        self.read(machine, program)
    }

    /// Returns what is stored of a program, on whatever day.
    pub(crate) fn read(&self, machine: &str, program: &str) -> String {
        let Ok(days) = fs::read_dir(self.project.path("store")) else {
            return String::new();
        };
        days.filter_map(|day| {
            let file = format!("{machine}/{program}.log");
            fs::read_to_string(day.unwrap().path().join(file)).ok()
        })
        .collect()
    }

    /// Returns what rsyslog of a machine said about itself.
    pub(crate) fn said(&self, machine: &str) -> String {
        fs::read_to_string(self.project.path(&format!("{machine}/said"))).unwrap_or_default()
    }

    fn path(&self, path: &str) -> String {
        self.project.path(path).display().to_string()
    }
}

/// Returns the value of a metric with these label values.
pub(crate) fn count(url: &str, name: &str, labels: &[&str]) -> String {
    let output = Command::new("curl").args(["-s", url]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter(|line| line.starts_with(&format!("{name}{{")))
        .find(|line| {
            labels
                .iter()
                .all(|label| line.contains(&format!("\"{label}\"")))
        })
        .and_then(|line| line.rsplit(' ').next())
        .unwrap_or_default()
        .to_owned()
}
