//! A rendered cache, adapted to loopback addresses and a folder of its own.

use std::process::Command;

use super::{Daemon, Project, adapt, loopback, run, wait_until};

/// The password nothing rendered contains.
const PASSWORD: &str = "s3cret0s3cret0s3cret0s3cret0abcd";

/// Opens a session, adds one to a number in it, and prints the session's name and the number. An
/// argument after the name makes it dawdle, with the session open.
const VISIT: &str = "
    isset($argv[1]) && session_id($argv[1]);
    session_start() || exit(1);
    $_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
    isset($argv[2]) && usleep(50000);
    session_write_close() || exit(1);
    echo session_id(), ' ', $_SESSION['visits'];
";

/// One environment's cache, adapted to a folder and to loopback addresses.
pub(crate) struct Cache {
    pub(crate) project: Project,
    pub(crate) environment: &'static str,
    pub(crate) network: String,
}

impl Cache {
    /// Renders an environment. Tests of one run differ by their ports.
    pub(crate) fn render(environment: &'static str, port: u16, overrides: &[&str]) -> Self {
        let project = Project::bundled();
        let network = loopback();
        let address = format!("--set=infrastructure.network={network}.0/24");
        let cache_port = format!("--set=environment.{environment}.cache.port={port}");
        let always = [
            environment,
            &address,
            &cache_port,
            "--set=health_checks.cache.timeout=1",
            "--set=performance.cache.max_memory=64M",
        ];
        project.render(&[&always, overrides].concat());
        let secrets = format!("requirepass {PASSWORD}\nmasterauth {PASSWORD}\n");
        project.write("etc/secret.conf", &secrets);
        let secrets = format!("requirepass {PASSWORD}\nsentinel auth-pass cache {PASSWORD}\n");
        project.write("etc/secret-sentinel.conf", &secrets);
        Self {
            project,
            environment,
            network,
        }
    }

    /// Reads a rendered file of the environment.
    pub(crate) fn rendered(&self, file: &str) -> String {
        self.project
            .read(&format!("out/{}/{file}", self.environment))
    }

    /// Returns the address of a machine of the cache, by its number.
    pub(crate) fn address(&self, machine: u8) -> String {
        format!("{}.{}", self.network, 32 + machine)
    }

    /// Writes a file of Redis or Sentinel the way a machine would have it, and returns its place.
    pub(crate) fn configure(&self, machine: u8, file: &str, more: &str) -> String {
        let folder = format!("cache{machine}-{file}");
        let rendered = self.rendered(&format!("cache/cache{machine}/{file}.conf"));
        let mut text = String::new();
        for line in rendered.lines() {
            let line = match line.split_once(' ') {
                // Other machines have this address too, being one machine.
                Some(("bind", _)) => format!("bind {}", self.address(machine)),
                Some(("dir", _)) => format!("dir {}", self.project.path(&folder).display()),
                Some(("syslog-enabled", _)) => "syslog-enabled no".to_owned(),
                Some(("logfile", _)) => "logfile \"\"".to_owned(),
                Some(("pidfile", _)) => String::new(),
                Some(("include", path)) => {
                    let path = adapt(path, &[("/etc/redis/", "etc/")]);
                    format!("include {}", self.project.path(&path).display())
                }
                _ => line.to_owned(),
            };
            text += &(line + "\n");
        }
        text += more;
        let file = self.project.write(&format!("{folder}/live.conf"), &text);
        file.display().to_string()
    }

    /// Starts a program with the file that [`Self::configure`] wrote.
    pub(crate) fn start(&self, machine: u8, program: &str, file: &str) -> Daemon {
        let folder = format!("cache{machine}-{file}");
        let log = self.project.path(&format!("{folder}/log"));
        let live = self.project.path(&format!("{folder}/live.conf"));
        Daemon::start(Command::new(program).arg(live), &log)
    }

    /// Runs the command the roles install as `redis-peers`.
    pub(crate) fn peers(&self, arguments: &[&str]) -> String {
        let script = format!("out/{}/cache/redis_peers.py", self.environment);
        run(Command::new("python3")
            .arg(self.project.path(&script))
            .args(arguments)
            .env("REDISCLI_AUTH", PASSWORD))
    }

    /// Returns whether a machine serves, as the role asks it.
    pub(crate) fn has_settled(&self, machine: u8) -> bool {
        let script = format!("out/{}/cache/redis_peers.py", self.environment);
        let output = Command::new("python3")
            .arg(self.project.path(&script))
            .args(["settled", &format!("cache{machine}")])
            .env("REDISCLI_AUTH", PASSWORD)
            .output();
        output.unwrap().status.success()
    }

    /// Asks one instance; what it answers, whatever that is.
    pub(crate) fn ask(&self, machine: u8, port: u16, command: &[&str]) -> String {
        redis_cli(&self.address(machine), port, command)
    }

    /// Visits with a session, or begins one; `None` when PHP could not.
    pub(crate) fn visit(&self, arguments: &[&str]) -> Option<(String, u32)> {
        let ini = self.project.path("ini");
        let output = Command::new("php8.2")
            .args(["-d", "session.use_cookies=0", "-d", "display_errors=stderr"])
            .args(["-r", VISIT, "--"])
            .args(arguments)
            .env(
                "PHP_INI_SCAN_DIR",
                format!("/etc/php/8.2/cli/conf.d:{}", ini.display()),
            )
            .env("CACHE_PASSWORD", PASSWORD)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let (name, visits) = said.trim().split_once(' ')?;
        let known = output.status.success().then_some(name.to_owned())?;
        Some((known, visits.parse().ok()?))
    }

    /// Has PHP read the rendered settings, with some pieces replaced.
    pub(crate) fn set_up_php(&self, replacements: &[(&str, &str)]) {
        let ini = adapt(&self.rendered("php/fpm/90-app.ini"), replacements);
        self.project.write("ini/90-app.ini", &ini);
    }

    /// Visits until the session is there again, with all that was in it.
    pub(crate) fn visits_go_on(&self, session: &str, visits: &mut u32) {
        wait_until("the session is there", || {
            self.visit(&[session]).is_some_and(|(name, count)| {
                assert_eq!(name, session, "the visitor was signed out");
                // A write whose answer was lost may have been kept.
                assert!(count > *visits, "{count} visits after {visits}");
                *visits = count;
                true
            })
        });
    }
}

/// Runs redis-cli; what it prints, whatever that is.
pub(crate) fn redis_cli(host: &str, port: u16, command: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["-c", "-h", host, "-p", &port.to_string()])
        .args(command)
        .env("REDISCLI_AUTH", PASSWORD)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
