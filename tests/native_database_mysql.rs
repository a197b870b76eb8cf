//! A rendered MySQL cluster: members made by the role's own tasks, written to through the rendered
//! proxy while the primary is killed, and brought back after all of them were.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;
mod mysql;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{Daemon, run};
use mysql::{Cluster, MEMBERS};

/// The part of the role that needs no packages and no systemd.
const PLAY: &str = "---
- name: Set up members
  hosts: database
  gather_facts: false
  serial: 1
  max_fail_percentage: 0
  tasks:
    - name: Set up a member
      ansible.builtin.include_role:
        name: mysql
        tasks_from: \"{{ part }}.yml\"
      loop: [teach, \"{{ mysql_replication }}\", users]
      loop_control:
        loop_var: part
";

/// Writes numbers through the proxy, each on a connection of its own as requests do, and says
/// which were acknowledged and when.
const WRITER: &str = r#"<?php
$options = [PDO::MYSQL_ATTR_SSL_CA => $argv[1], PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 5];
for ($number = 1; ; $number++) {
    try {
        $database = new PDO('mysql:host=127.0.0.1;port=3306;dbname=shop', 'shop', 'Application1', $options);
        $database->exec('CREATE TABLE IF NOT EXISTS numbers (number INT PRIMARY KEY)');
        $database->exec("INSERT INTO numbers VALUES ($number)");
        echo microtime(true), ' ', $number, PHP_EOL;
    } catch (PDOException $error) {
        fwrite(STDERR, $error->getMessage() . PHP_EOL);
    }
    $database = null;
    usleep(50000);
}
"#;

/// Asks both ports whether whoever answers is read-only, and the write port without TLS.
const READER: &str = r#"<?php
foreach ([3306, 3307] as $port) {
    $database = new PDO("mysql:host=127.0.0.1;port=$port", 'shop', 'Application1', [
        PDO::MYSQL_ATTR_SSL_CA => $argv[1], PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    echo $database->query('SELECT @@GLOBAL.super_read_only')->fetchColumn(), ' ';
}
try {
    new PDO('mysql:host=127.0.0.1;port=3306', 'shop', 'Application1');
    echo 'plain';
} catch (PDOException $error) {
    echo 'encrypted';
}
"#;

const STATE: &str = "SELECT MEMBER_STATE FROM performance_schema.replication_group_members \
                     WHERE MEMBER_ID = @@GLOBAL.server_uuid";

const NUMBERS: &str = "SELECT number FROM shop.numbers ORDER BY number";

#[test]
fn a_lost_primary_loses_no_acknowledged_write() {
    if !mysql::can_run() {
        return;
    }
    let mut cluster = Cluster::start();
    cluster
        .project
        .write("out/staging/ansible/members.yml", PLAY);
    cluster.play("members.yml", &[]);
    let again = cluster.play("members.yml", &["--limit=db1"]);
    assert!(again.contains("changed=0"), "{again}");

    cluster.front();
    assert_eq!(cluster.primary("db1"), "db1");
    assert_eq!(
        cluster.role("db1", "primary"),
        "200 primary: the primary of the group"
    );
    assert_eq!(
        cluster.role("db1", "replica"),
        "503 primary: the primary of the group"
    );
    assert_eq!(
        cluster.role("db2", "replica"),
        "200 replica: a secondary of the group"
    );
    assert!(
        cluster
            .role("db2", "metrics")
            .contains("\ndatabase_members_online 3\n")
    );
    let mut seen = String::new();
    let patience = Instant::now() + Duration::from_secs(30);
    while seen != "0 1 encrypted" {
        assert!(Instant::now() < patience, "the ports say {seen}");
        let answer = cluster.php(READER).output().unwrap();
        seen = String::from_utf8_lossy(&answer.stdout).into_owned();
        seen += &String::from_utf8_lossy(&answer.stderr);
    }

    restores(&cluster);

    let writer = Writer::start(&cluster);
    writer.wait_for_more();
    cluster.servers[0].kill();
    let killed = Instant::now();
    writer.wait_for_more();
    println!(
        "writes resumed {:.1}s after the primary was killed",
        killed.elapsed().as_secs_f64()
    );
    assert!(killed.elapsed() < Duration::from_mins(1));
    assert_ne!(cluster.primary("db2"), "db1");
    assert!(cluster.role("db1", "health").starts_with("503"));

    // It comes back by itself.
    cluster.servers[0] = cluster.serve("db1", &[]);
    cluster.wait_for("db1", STATE, "ONLINE");
    println!(
        "the lost member was back after {:.1}s",
        killed.elapsed().as_secs_f64()
    );
    let acknowledged = writer.stop();
    let stored = numbers(&cluster, cluster.primary("db2"));
    assert!(acknowledged.len() > 20);
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|number| !stored.contains(number))
        .collect();
    assert!(lost.is_empty(), "lost {lost:?} of {}", acknowledged.len());

    recovers(&mut cluster, &acknowledged);
}

/// What is restored from a backup on the primary comes to every member.
fn restores(cluster: &Cluster) {
    const ROWS: &str = "SELECT COUNT(*) FROM shop.kept";
    cluster.ask("db1", "CREATE TABLE shop.kept (id INT PRIMARY KEY)");
    cluster.ask("db1", "INSERT INTO shop.kept VALUES (1), (2)");
    let path = |path: &str| cluster.project.path(path).display().to_string();
    let login = cluster.project.write(
        "login.cnf",
        &format!(
            "[client]\nuser = root\nsocket = {}\n",
            path("db1/run/mysqld.sock")
        ),
    );
    let script = format!(
        "set -euo pipefail; PATH={}:$PATH; . {}; login=--defaults-file={login}; dump > {dump}; \
         mysql $login --execute='DROP TABLE shop.kept'; mysql $login < {dump}",
        mysql::programs().display(),
        path("out/staging/backup/database-functions.sh"),
        login = login.display(),
        dump = path("dump.sql"),
    );
    run(cluster
        .inside("db1", "/bin/bash".into())
        .arg("-c")
        .arg(script));
    for member in MEMBERS {
        cluster.wait_for(member, ROWS, "2");
    }
}

/// All members are lost at once. None comes back by itself; the playbook brings them back.
fn recovers(cluster: &mut Cluster, acknowledged: &[String]) {
    for server in &mut cluster.servers {
        server.kill();
    }
    // They would try to join each other for a minute first.
    let servers = MEMBERS.map(|member| cluster.serve(member, &["--persisted-globals-load=OFF"]));
    cluster.servers = Vec::from(servers);
    for member in MEMBERS {
        cluster.wait_for(member, "SELECT 1", "1");
        assert_eq!(cluster.ask(member, STATE), "OFFLINE");
    }
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cluster.play("members.yml", &[]);
    }));
    assert!(
        refused.is_err(),
        "a group that had data was founded anew without being asked"
    );
    cluster.play(
        "recover_database.yml",
        &["-erecover_database_confirmed=true"],
    );
    for member in MEMBERS {
        cluster.wait_for(member, STATE, "ONLINE");
        let stored = numbers(cluster, member);
        assert!(acknowledged.iter().all(|number| stored.contains(number)));
    }
}

fn numbers(cluster: &Cluster, member: &str) -> Vec<String> {
    cluster
        .ask(member, NUMBERS)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// A process that writes until it is stopped.
struct Writer {
    process: Daemon,
    log: std::path::PathBuf,
}

impl Writer {
    fn start(cluster: &Cluster) -> Self {
        let log = cluster.project.path("app1/writer.log");
        let mut command: Command = cluster.php(WRITER);
        let process = Daemon::start(&mut command, &log);
        Self { process, log }
    }

    /// The numbers that were acknowledged so far.
    fn acknowledged(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.log).unwrap();
        text.lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(time, _)| time.parse::<f64>().is_ok())
            .map(|(_, number)| number.to_owned())
            .collect()
    }

    /// Waits for ten more.
    fn wait_for_more(&self) {
        let before = self.acknowledged().len();
        let patience = Instant::now() + Duration::from_secs(90);
        while self.acknowledged().len() < before + 10 {
            let text = || fs::read_to_string(&self.log).unwrap();
            assert!(Instant::now() < patience, "nothing is written:\n{}", text());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn stop(mut self) -> Vec<String> {
        self.process.kill();
        self.acknowledged()
    }
}
