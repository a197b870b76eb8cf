//! restic, age and a database run the rendered scripts: what was saved comes back, and what is
//! damaged is noticed.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Daemon, Project, can_run, run, wait_until};

/// A machine's folders in a folder of the test, and its scripts with their paths.
struct Machine {
    project: Project,
}

impl Machine {
    fn new(inventory: &str) -> Self {
        let project = Project::new(inventory);
        let root = project.path("");
        fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
        project.render(&["development"]);
        let machine = Self { project };
        for folder in [
            "bin",
            "lib",
            "work",
            "metrics",
            "shared",
            "config",
            "root/etc",
            "root/usr/local",
        ] {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        let scripts = machine.project.path("out/development/backup");
        for entry in fs::read_dir(scripts).unwrap() {
            let path = entry.unwrap().path();
            let text = machine.adapted(&fs::read_to_string(&path).unwrap());
            let file = path.file_name().unwrap().to_str().unwrap();
            let place = match file {
                "library.sh" | "database-functions.sh" => format!("lib/{file}"),
                "repository.env" => format!("config/{file}"),
                script => format!("bin/{}", script.trim_end_matches(".sh")),
            };
            let place = machine.project.write(&place, &text);
            fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine
            .project
            .write("config/repository.password", "secret\n");
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path(path)
    }

    fn adapted(&self, text: &str) -> String {
        let root = self.path("");
        let root = root.to_str().unwrap().trim_end_matches('/');
        [
            ("/usr/local/lib/backup", "/lib"),
            ("/etc/backup", "/config"),
            ("/var/lib/backup", "/work"),
            ("/var/lib/prometheus/node-exporter", "/metrics"),
            ("/var/cache/restic", "/cache"),
            ("/srv/backup", ""),
            ("/srv/shared", "/shared"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (old, new)| {
            text.replace(old, &format!("{root}{new}"))
        })
        .replace("backup-restic ", &format!("{root}/bin/backup-restic "))
        .replace("--directory / ", &format!("--directory {root}/root "))
    }

    fn script(&self, name: &str) -> Output {
        let mut words = name.split(' ');
        let script = self.path(&format!("bin/{}", words.next().unwrap()));
        Command::new(script).args(words).output().unwrap()
    }

    /// Runs a script to its end and returns what it printed.
    fn succeeds(&self, name: &str) -> String {
        let output = self.script(name);
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        said
    }

    fn fails(&self, name: &str) {
        assert!(!self.script(name).status.success(), "{name} succeeded");
    }

    fn snapshots(&self, kind: &str) -> usize {
        let listed = self.succeeds(&format!("backup-restic {kind} snapshots --json"));
        listed.matches("\"short_id\"").count()
    }

    /// Returns the value of a metric.
    fn metric(&self, file: &str, name: &str) -> u64 {
        let text = self.project.read(&format!("metrics/{file}.prom"));
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split(' ').nth(1));
        value
            .unwrap_or_else(|| panic!("no {name} in {text}"))
            .parse()
            .unwrap()
    }

    /// Makes an identity for encrypted backups.
    fn identity(&self) -> PathBuf {
        let identity = self.path("identity");
        let said = run(Command::new("age-keygen").arg("-o").arg(&identity));
        let recipient = said.split_whitespace().last().unwrap().to_owned();
        self.project
            .write("config/recipient", &format!("{recipient}\n"));
        identity
    }

    /// Spoils the largest file of a repository.
    fn damage(&self, kind: &str) {
        let packs = walkdir::WalkDir::new(self.path(&format!("repository/{kind}/data")));
        let largest = packs
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .max_by_key(|entry| entry.metadata().unwrap().len())
            .unwrap();
        let mut bytes = fs::read(largest.path()).unwrap();
        for byte in bytes.iter_mut().take(4096) {
            *byte ^= 0xff;
        }
        fs::set_permissions(largest.path(), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(largest.path(), bytes).unwrap();
        // A machine that restores has no cache of what it did not save.
        let _ = fs::remove_dir_all(self.path("cache"));
    }
}

fn inventory(backup: &str) -> String {
    format!("environment: {{development: {{}}}}\nbackup: {{{backup}}}\n")
}

fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn shared_files_come_back_byte_for_byte() {
    if !can_run(&["restic"]) {
        return;
    }
    let machine = Machine::new(&inventory(
        "filesystem: {retention: 7d, compression: true}, database: null, configuration: null",
    ));
    machine.succeeds("backup-restic filesystem init --repository-version 2");
    for number in 0..300 {
        let text = format!("upload {number}\n").repeat(number * 7);
        machine
            .project
            .write(&format!("shared/a/{number} it's.txt"), &text);
    }
    let before = files(&machine.path("shared"));
    for (days, file) in [(40, "shared"), (9, "shared"), (6, "shared")] {
        let time =
            run(Command::new("date").args(["--utc", &format!("--date={days} days ago"), "+%F %T"]));
        let made = Command::new(machine.path("bin/backup-restic"))
            .args(["filesystem", "backup", "--quiet", "--tag", "filesystem"])
            .args(["--time", time.trim()])
            .arg(machine.path(file))
            .status();
        assert!(made.unwrap().success());
    }
    machine.succeeds("backup-filesystem");
    let saved = machine.metric("backup_filesystem", "backup_last_success_timestamp_seconds");
    assert!(saved > 1_700_000_000);
    assert_eq!(machine.snapshots("filesystem"), 4);
    machine.succeeds("backup-cleanup");
    assert_eq!(machine.snapshots("filesystem"), 2, "9 and 40 days are past");
    let said = machine.succeeds("backup-drill-filesystem");
    assert!(
        said.contains("300 files; 100 of a sample are the same"),
        "{said}"
    );
    machine.metric(
        "backup_drill_filesystem",
        "backup_drill_last_success_timestamp_seconds",
    );
    machine.succeeds("backup-check");
    machine.metric(
        "backup_check_filesystem",
        "backup_check_last_success_timestamp_seconds",
    );

    fs::remove_file(machine.path("shared/a/7 it's.txt")).unwrap();
    machine.project.write("shared/a/8 it's.txt", "spoilt");
    machine.succeeds("backup-restic filesystem restore latest --tag filesystem --target /");
    assert_eq!(files(&machine.path("shared")), before);

    machine.damage("filesystem");
    fs::remove_file(machine.path("metrics/backup_drill_filesystem.prom")).unwrap();
    machine.fails("backup-drill-filesystem");
    assert!(
        !machine
            .path("metrics/backup_drill_filesystem.prom")
            .exists()
    );
}

#[test]
fn encrypted_shared_files_are_whole_or_do_not_count() {
    if !can_run(&["restic", "age", "age-keygen", "zstd"]) {
        return;
    }
    let machine = Machine::new(&inventory(
        "filesystem: {encryption: true, compression: true}, database: null, configuration: null",
    ));
    machine.succeeds("backup-restic filesystem init --repository-version 2");
    machine
        .project
        .write("shared/a/b.txt", "text of a customer");
    // Without a recipient nothing can be closed.
    machine.fails("backup-filesystem");
    machine.fails("backup-drill-filesystem");

    let identity = machine.identity();
    machine.succeeds("backup-filesystem");
    machine.succeeds("backup-drill-filesystem");
    let restored = machine.path("restored");
    fs::create_dir(&restored).unwrap();
    run(Command::new("bash").args(["-c", "set -o pipefail; \"$0\" filesystem dump latest --tag filesystem shared.tar.zst.age | age --decrypt --identity \"$1\" | zstd --decompress --stdout | tar --extract --directory \"$2\""])
        .arg(machine.path("bin/backup-restic"))
        .args([&identity, &restored]));
    let text = fs::read_to_string(restored.join("a/b.txt")).unwrap();
    assert_eq!(text, "text of a customer");
}

#[test]
fn configuration_opens_for_the_identity_only() {
    if !can_run(&["restic", "age", "age-keygen", "zstd"]) {
        return;
    }
    let machine = Machine::new(&inventory(
        "configuration: {encryption: true, compression: true}, database: null, filesystem: null",
    ));
    let identity = machine.identity();
    machine.succeeds("backup-restic configuration init --repository-version 2");
    machine
        .project
        .write("root/etc/app/a.conf", "key = value\n");
    machine
        .project
        .write("root/usr/local/sbin/b", "#!/bin/sh\n");
    let host = run(Command::new("uname").arg("-n"));
    let drill = machine.project.read("bin/backup-drill-configuration");
    machine.project.write(
        "bin/backup-drill-configuration",
        &common::adapt(&drill, &[("    app1\n", &format!("    {host}"))]),
    );
    machine.succeeds("backup-configuration");
    let said = machine.succeeds("backup-drill-configuration");
    assert!(said.contains(" files"), "{said}");

    let restored = machine.path("restored");
    machine.succeeds(&format!(
        "backup-restic configuration restore latest --target {}",
        restored.display()
    ));
    let archive = walkdir::WalkDir::new(&restored)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .find(|path| path.ends_with("configuration.tar.zst.age"))
        .unwrap();
    let open = |identity: &Path| {
        Command::new("bash")
            .args(["-c", "set -o pipefail; age --decrypt --identity \"$0\" \"$1\" | zstd --decompress --stdout | tar --extract --to-stdout etc/app/a.conf"])
            .args([identity, &archive])
            .output()
            .unwrap()
    };
    assert_eq!(open(&identity).stdout, b"key = value\n");
    fs::remove_file(&identity).unwrap();
    assert!(!open(&machine.identity()).status.success());

    machine.damage("configuration");
    machine.fails("backup-drill-configuration");
    machine.fails("backup-restic configuration check --read-data");
}

#[test]
fn a_database_comes_back_row_by_row() {
    if !can_run(&["restic", "mariadbd", "mariadb-install-db", "mariadb-dump"]) {
        return;
    }
    let machine = Machine::new(
        "environment: {development: {database: {driver: mariadb}}}\n\
         backup: {database: {compression: true}, filesystem: null, configuration: null}\n",
    );
    machine.succeeds("backup-restic database init --repository-version 2");
    let _server = mariadb(&machine);
    machine.succeeds("backup-database");
    machine.metric("backup_database", "backup_last_duration_seconds");
    let said = machine.succeeds("backup-drill-database");
    assert!(said.contains("2 tables, 1002 rows"), "{said}");
    machine.metric(
        "backup_drill_database",
        "backup_drill_last_success_timestamp_seconds",
    );

    // A dump that lacks rows is noticed.
    let functions = machine.project.read("lib/database-functions.sh");
    let lossy = common::adapt(
        &functions,
        &[(
            "--databases \"$database\"",
            "--databases \"$database\" --where='id < 900'",
        )],
    );
    machine.project.write("lib/database-functions.sh", &lossy);
    machine.succeeds("backup-database");
    let output = machine.script("backup-drill-database");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success());
    assert!(
        said.contains("orders has 899 rows, not 1000 to 1000"),
        "{said}"
    );

    // One that fails halfway is no backup.
    let broken = common::adapt(
        &functions,
        &[(
            "--databases \"$database\"",
            "--databases \"$database\" nowhere",
        )],
    );
    machine.project.write("lib/database-functions.sh", &broken);
    let before = machine.snapshots("database");
    machine.fails("backup-database");
    assert_eq!(machine.snapshots("database"), before);
}

/// Starts a server with two tables, which the user of backups may read.
fn mariadb(machine: &Machine) -> Daemon {
    let data = machine.path("data");
    let option = |name: &str, path: &Path| format!("--{name}={}", path.display());
    run(Command::new("mariadb-install-db")
        .args(["--no-defaults", "--user=mysql", "--skip-test-db"])
        .arg("--auth-root-authentication-method=normal")
        .arg(option("datadir", &data)));
    let socket = data.join("socket");
    let server = Daemon::start(
        Command::new("mariadbd")
            .args(["--no-defaults", "--user=mysql", "--skip-networking"])
            .arg(option("datadir", &data))
            .arg(option("socket", &socket)),
        &machine.path("server.log"),
    );
    wait_until("the server answers", || socket.exists());
    let sql = "CREATE DATABASE app; \
        CREATE TABLE app.customers (id INT PRIMARY KEY, name VARCHAR(99)); \
        INSERT INTO app.customers VALUES (1, 'O''Hara'), (2, 'ö\\n'); \
        CREATE TABLE app.orders (id INT PRIMARY KEY); \
        INSERT INTO app.orders SELECT seq FROM app.seq_1_to_1000; \
        CREATE USER backup@localhost IDENTIFIED BY 'word'; \
        GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON *.* TO backup@localhost;";
    run(Command::new("mariadb")
        .args(["--no-defaults", "--user=root", "--execute", sql])
        .arg(option("socket", &socket)));
    machine.project.write(
        "config/database.cnf",
        &format!(
            "[client]\nuser = backup\npassword = \"word\"\nsocket = {}\n",
            socket.display()
        ),
    );
    server
}
