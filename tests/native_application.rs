//! The application's configuration flow and its releases, with the programs that will run them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use common::platform::{Platform, VISITOR, code, curl};
use common::{Project, can_run, run, wait_until};

/// A machine's `/etc/app` with what is rendered for production.
struct Machine(Project);

impl Machine {
    fn new() -> Self {
        let project = Project::bundled();
        project.render(&["production"]);
        let machine = Self(project);
        for (from, to) in [
            ("schema.json", "schema.json"),
            ("settings.json", "config.d/50-environment.json"),
        ] {
            let text = machine
                .0
                .read(&format!("out/production/application/{from}"));
            machine.write(to, &text);
        }
        machine.write(
            "secrets.env",
            "APP_KEY=k3y\nCACHE_PASSWORD=c\nDB_PASSWORD=d\n",
        );
        machine
    }

    fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("etc/app/{path}"), text);
    }

    fn app_config(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new("php8.2")
            .arg(self.0.path("out/production/application/app-config.php"))
            .args(arguments)
            .arg("--folder")
            .arg(self.0.path("etc/app"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// Runs a command that must refuse, and returns what it says, with the folder's name taken out.
    fn refusal(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let output = self.app_config(arguments, variables);
        assert_eq!(output.status.code(), Some(78), "{output:?}");
        let folder = self.0.path("etc/app").display().to_string();
        String::from_utf8(output.stderr)
            .unwrap()
            .replace(&folder, "/etc/app")
    }

    fn store(&self) -> serde_json::Value {
        serde_json::from_str(&self.0.read("etc/app/config.json")).unwrap()
    }
}

#[test]
fn settings_come_from_defaults_then_files_then_variables() {
    if !can_run(&["php8.2"]) {
        return;
    }
    let machine = Machine::new();
    machine.write("config.d/90-local.json", r#"{"LOG_LEVEL": "debug"}"#);
    let loaded = machine.app_config(&["load"], &[("DB_PORT", "3399")]);
    assert!(loaded.status.success(), "{loaded:?}");
    let store = machine.store();
    assert_eq!(store["SHARED_PATH"], "/srv/shared");
    assert_eq!(store["APP_ENV"], "production");
    assert_eq!(store["LOG_LEVEL"], "debug");
    assert_eq!(store["DB_PORT"], 3399);
    assert_eq!(store["APP_KEY"], "k3y");
    let file = machine.0.path("etc/app/config.json");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640, "others must not read secrets");
    let again = machine.app_config(&["load"], &[("DB_PORT", "3399")]);
    assert_eq!(again.stdout, b"unchanged\n");
    let shown = machine.app_config(&["show"], &[]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(!shown.contains("k3y"), "{shown}");
}

#[test]
fn wrong_settings_are_named_all_at_once_and_change_nothing() {
    if !can_run(&["php8.2"]) {
        return;
    }
    let machine = Machine::new();
    assert!(machine.app_config(&["load"], &[]).status.success());
    let before = machine.store();
    machine.write(
        "config.d/90-local.json",
        r#"{"CACHE_PORT": 70000, "DB_HSOT": "db", "LOG_LEVEL": "loud", "APP_DEBUG": "maybe"}"#,
    );
    machine.write("secrets.env", "CACHE_PASSWORD=c\nDB_PASSWORD=d\n");
    let said = machine.refusal(&["load"], &[]);
    let file = "/etc/app/config.d/90-local.json";
    let expected = format!(
        "app-config: DB_HSOT, from {file}, is no setting; did you mean DB_HOST?\n\
         app-config: APP_DEBUG is \"maybe\", from {file}: it must be true or false\n\
         app-config: APP_KEY is not set: what the application signs and encrypts with; set it in a \
         file of /etc/app/config.d/ or as an environment variable\n\
         app-config: CACHE_PORT is 70000, from {file}: it must be a port from 1 to 65535\n\
         app-config: LOG_LEVEL is \"loud\", from {file}: it must be one of debug, info, notice, \
         warning, error, critical, alert, emergency\n\
         app-config: /etc/app/config.json stays as it is\n"
    );
    assert_eq!(said, expected);
    assert_eq!(machine.store(), before);
}

#[test]
fn debugging_is_refused_in_production() {
    if !can_run(&["php8.2"]) {
        return;
    }
    let machine = Machine::new();
    assert_eq!(
        machine.refusal(&["check"], &[("APP_DEBUG", "1")]),
        "app-config: APP_DEBUG is true, from the environment variable: in production visitors would \
         see stack traces and settings; set it to false\n"
    );
}

/// Answers with the release's name, or fails like a release with a mistake in it.
fn index(release: &str, works: bool) -> String {
    let answer = if works {
        format!("echo '{release}';")
    } else {
        "http_response_code(500);".to_owned()
    };
    format!("<?php usleep(5000); {answer}\n")
}

/// Two application machines behind a load balancer, and Ansible to deploy to them.
struct Releases {
    platform: Platform,
}

impl Releases {
    fn start() -> Self {
        let releases = Self {
            platform: Platform::start(),
        };
        let project = &releases.platform.project;
        let mut hosts = "app:\n  hosts:\n".to_owned();
        for (number, address) in releases.platform.apps.iter().enumerate() {
            let root = project.path(&format!("app{}", number + 1));
            fs::create_dir(root.join("releases")).unwrap();
            fs::rename(root.join("current"), root.join("releases/first")).unwrap();
            symlink(root.join("releases/first"), root.join("current")).unwrap();
            let fpm = releases.platform.machines[number].0.id();
            let _ = write!(
                hosts,
                "    app{}:\n      ansible_connection: local\n      ansible_python_interpreter: /usr/bin/python3\n      release_root: {root}\n      \
                 release_candidate_url: http://{address}:8081/\n      \
                 release_health_url: http://{address}:8080/\n      \
                 release_reload: [kill, -USR2, \"{fpm}\"]\n",
                number + 1,
                root = root.display(),
            );
        }
        project.write("out/production/ansible/inventory/test.yml", &hosts);
        releases
    }

    fn archive(&self, release: &str, works: bool) {
        let project = &self.platform.project;
        project.write(
            &format!("build/{release}/public/index.php"),
            &index(release, works),
        );
        run(Command::new("tar")
            .current_dir(project.path(&format!("build/{release}")))
            .args(["-czf", &format!("../{release}.tar.gz"), "."]));
    }

    fn play(&self, playbook: &str, variables: &[String]) -> Output {
        let project = &self.platform.project;
        let shared = project.path("shared");
        let mut command = Command::new("ansible-playbook");
        command
            .env("PATH", common::search_path())
            .env("ANSIBLE_HOME", project.path("home"))
            .current_dir(project.path("out/production/ansible"))
            .args(["-i", "inventory/test.yml", playbook])
            .arg("-e")
            .arg(
                serde_json::json!({
                    "ansible_become": false,
                    "release_check": ["true"],
                    "release_shared": shared,
                    "release_shared_paths": ["public/uploads"],
                    "release_prepare": ["touch prepared"],
                    "release_migrate": ["touch migrated"],
                    "release_keep": 2,
                    "release_health_timeout": 3,
                })
                .to_string(),
            );
        for variable in variables {
            command.args(["-e", variable]);
        }
        command.output().unwrap()
    }

    fn deploy(&self, release: &str) -> Output {
        let archive = self
            .platform
            .project
            .path(&format!("build/{release}.tar.gz"));
        self.play(
            "deploy.yml",
            &[
                format!("release_name={release}"),
                format!("release_archive={}", archive.display()),
            ],
        )
    }

    fn live(&self) -> Vec<String> {
        let apps = self.platform.apps.iter();
        apps.map(|app| curl(VISITOR, &[], &format!("http://{app}:8080/")))
            .collect()
    }
}

#[test]
fn releases_go_live_one_machine_after_another_without_a_failed_request() {
    if !can_run(&["nginx", "php-fpm8.2", "curl", "ansible-playbook", "tar"]) {
        return;
    }
    let releases = Releases::start();
    for (name, works) in [("1.0", true), ("1.1", false), ("1.2", true)] {
        releases.archive(name, works);
    }
    let (stop, sent, failed) = (
        AtomicBool::new(false),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let status = code(VISITOR, &["-HHost: shop.test"], &releases.platform.url);
                sent.fetch_add(1, Ordering::Relaxed);
                if status != "200" {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        wait_until("requests are under way", || {
            sent.load(Ordering::Relaxed) > 10
        });
        let steps = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| walk(&releases)));
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = steps {
            std::panic::resume_unwind(panic);
        }
    });
    let (sent, failed) = (sent.into_inner(), failed.into_inner());
    assert_eq!(failed, 0, "of {sent} requests");
}

/// Deploys a release, one that is broken, another, and goes back.
fn walk(releases: &Releases) {
    let project = &releases.platform.project;
    let first = releases.deploy("1.0");
    assert!(first.status.success(), "{first:?}");
    assert_eq!(releases.live(), ["1.0", "1.0"]);
    let uploads = fs::read_link(project.path("app2/current/public/uploads")).unwrap();
    assert_eq!(uploads, project.path("shared/public/uploads"));
    assert!(project.path("app2/current/prepared").exists());
    assert!(project.path("app1/current/migrated").exists());
    assert!(!project.path("app2/current/migrated").exists());

    let again = releases.deploy("1.0");
    let said = String::from_utf8_lossy(&again.stdout);
    assert_eq!(said.matches("changed=0").count(), 2, "{said}");

    let broken = releases.deploy("1.1");
    let said = String::from_utf8_lossy(&broken.stdout);
    assert!(!broken.status.success(), "{said}");
    assert!(said.contains("1.0 is live"), "{said}");
    assert_eq!(releases.live(), ["1.0", "1.0"]);
    assert!(!project.path("app1/releases/1.1").exists());
    assert!(!project.path("app2/releases/1.1").exists());

    // The same name with its mistake mended: nothing remembers the broken scripts.
    releases.archive("1.1", true);
    let mended = releases.deploy("1.1");
    assert!(mended.status.success(), "{mended:?}");
    assert_eq!(releases.live(), ["1.1", "1.1"]);

    let back = releases.play("rollback.yml", &[]);
    assert!(back.status.success(), "{back:?}");
    assert_eq!(releases.live(), ["1.0", "1.0"]);

    let next = releases.deploy("1.2");
    assert!(next.status.success(), "{next:?}");
    assert_eq!(releases.live(), ["1.2", "1.2"]);
    assert!(!project.path("app1/releases/first").exists(), "pruned");
    let gone = releases.play("rollback.yml", &["release_name=first".to_owned()]);
    let said = String::from_utf8_lossy(&gone.stdout);
    assert!(
        said.contains("no longer has first; deploy it again"),
        "{said}"
    );
}
