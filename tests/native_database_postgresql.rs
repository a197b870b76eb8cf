//! A rendered PostgreSQL cluster at work: three members led by Patroni, etcd, and HAProxy beside
//! the application. Its primary's machine is lost, and nothing that was acknowledged with it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::fs;
use std::process::Command;

use common::lab::{Lab, Writer, jinja, wait_long};
use common::{Daemon, Project, can_run, run};
use serde_json::json;

const TOOLS: &[&str] = &[
    "patroni",
    "patronictl",
    "etcd",
    "etcdctl",
    "psql",
    "haproxy",
    "ip",
    "unshare",
    "setpriv",
    "openssl",
    "curl",
    "python3",
];

const MEMBERS: [&str; 3] = ["db1", "db2", "db3"];

/// Rows written before the primary is lost, and after it.
const ROWS: usize = 20;

#[test]
fn the_cluster_outlives_its_primary() {
    if !can_run(TOOLS) {
        return;
    }
    let lab = lab();
    let _agreement = MEMBERS.map(|machine| etcd(&lab, machine));
    wait_long("etcd agrees", || etcdctl(&lab, true));
    assert!(
        !etcdctl(&lab, false),
        "etcd speaks to nobody without a certificate"
    );

    let role = |machine: &str, role: &str| {
        lab.status(
            "app1",
            &format!("http://{}:8008/{role}", lab.address(machine)),
        ) == "200"
    };
    let mut members = vec![patroni(&lab, "db1")];
    wait_long("the first member is primary", || role("db1", "primary"));
    let sql = users(&lab);
    assert!(psql(&lab, "db1", &sql).contains("changed"));
    let again = psql(&lab, "db1", &sql);
    assert!(!again.contains("changed"), "the second time: {again}");
    psql(&lab, "db1", "ALTER ROLE shop PASSWORD 'shop'");
    members.extend(["db2", "db3"].map(|machine| patroni(&lab, machine)));
    wait_long("the others are replicas", || {
        role("db2", "replica") && role("db3", "replica")
    });
    // Only members may change anything.
    let reload = ["-XPOST", "-s", "-o/dev/null", "-w%{http_code}"];
    let url = format!("http://{}:8008/reload", lab.address("db1"));
    let refused = [&["curl"][..], &reload, &[&url]].concat();
    assert_eq!(run(&mut lab.on("app1", &refused)), "403");
    // What the play would agree on is what the cluster was made with.
    lab.copy(
        "database/patroni_dynamic.yml",
        "db1",
        "/etc/patroni/dynamic.yml",
    );
    let agree = [
        "edit-config",
        "--replace",
        "/etc/patroni/dynamic.yml",
        "--force",
    ];
    assert!(patronictl(&lab, "db1", &agree).contains("Not changed"));

    let _proxy = lab.start_proxy("app1");
    psql(
        &lab,
        "db1",
        "\\c shop\nCREATE TABLE written (id INT PRIMARY KEY);\nALTER TABLE written OWNER TO shop",
    );
    let client = "PGPASSWORD=shop psql -qXc \"INSERT INTO written VALUES ($i)\" 'host=127.0.0.1 port=5432 \
                  user=shop dbname=shop sslmode=verify-ca sslrootcert=/etc/ssl/internal/ca.pem connect_timeout=3'";
    let writer = Writer::start(&lab, "app1", &format!("{client} 2>/dev/null"));
    wait_long("rows are written, and one replica has each", || {
        writer.rows().len() >= ROWS && patronictl(&lab, "db2", &["list"]).contains("Sync Standby")
    });
    let before = writer.rows().len();
    wait_long("more rows are written", || {
        writer.rows().len() >= before + ROWS
    });
    let before = writer.rows().len();
    lab.lose("db1");
    wait_long("rows are written again", || {
        writer.rows().len() >= before + ROWS
    });
    let gap = writer.longest_gap();
    let primary = ["db2", "db3"]
        .into_iter()
        .find(|machine| role(machine, "primary"))
        .unwrap();

    let acknowledged = writer.rows();
    let stored = psql(&lab, primary, "\\c shop\nSELECT id FROM written");
    for (row, _) in &acknowledged {
        let row = row.to_string();
        assert!(stored.lines().any(|line| line == row), "row {row} is lost");
    }
    // It is rewound, and follows.
    let _agreement = etcd(&lab, "db1");
    members.push(patroni(&lab, "db1"));
    wait_long("the lost member is back", || role("db1", "replica"));
    println!(
        "{} rows acknowledged, none lost; writes resumed within {gap:.1} s",
        acknowledged.len()
    );
    for machine in MEMBERS {
        lab.lose(machine);
    }
}

fn lab() -> Lab {
    let project = Project::bundled();
    project.render(&[
        "production",
        "--set=environment.production.database.driver=postgresql",
        "--set=environment.production.database.port=5432",
        "--set=system.php.extensions=[pdo, pdo_pgsql, redis]",
        "--set=infrastructure.network=10.82.0.0/20",
        "--set=scaling.database.read_replicas=2",
        "--set=performance.database.buffer_pool=64M",
        "--set=performance.database.max_connections=200",
        "--set=php.max_children=20",
        "--set=health_checks.database.interval=20",
        "--set=health_checks.database.timeout=5",
    ]);
    let folders = [
        "/etc/haproxy",
        "/etc/patroni",
        "/var/lib/etcd",
        "/var/lib/postgresql",
    ];
    let machines = ["db1", "db2", "db3", "app1"];
    let lab = Lab::new(project, "production", &machines, &folders, "ssl-cert");
    for machine in MEMBERS {
        let settings = format!("database/{machine}/patroni.yml");
        lab.copy(&settings, machine, "/etc/patroni/config.yml");
        let settings = format!("database/{machine}/etcd.env");
        lab.copy(&settings, machine, "/run/etcd.env");
        fs::create_dir_all(lab.place(machine, "/run/postgresql")).unwrap();
        for (user, folder) in [
            ("postgres", "/run/postgresql"),
            ("postgres", "/var/lib/postgresql"),
            ("etcd", "/var/lib/etcd"),
        ] {
            run(Command::new("chown")
                .arg(user)
                .arg(lab.place(machine, folder)));
        }
    }
    lab
}

/// Starts a program as a user who may read private keys, with nothing but these settings.
fn start_as(lab: &Lab, machine: &str, user: &str, command: &str) -> Daemon {
    let script = format!(
        "exec setpriv --reuid={user} --regid={user} --groups={user},ssl-cert env -i PATH=/usr/bin:/bin {command}"
    );
    lab.start_logging(machine, user, &["sh", "-c", &script])
}

fn etcd(lab: &Lab, machine: &str) -> Daemon {
    let settings = "$(grep -v '^#' /run/etcd.env)";
    start_as(lab, machine, "etcd", &format!("{settings} etcd"))
}

fn etcdctl(lab: &Lab, certificate: bool) -> bool {
    let own = if certificate {
        "--cert /etc/ssl/internal/machine.pem --key /etc/ssl/internal/machine.key"
    } else {
        ""
    };
    let script = format!(
        "ETCDCTL_API=3 exec etcdctl --command-timeout=2s --dial-timeout=2s --endpoints=https://127.0.0.1:2379 \
         --cacert /etc/ssl/internal/ca.pem {own} endpoint health"
    );
    let output = lab.on("db1", &["sh", "-c", &script]).output().unwrap();
    output.status.success()
}

fn patroni(lab: &Lab, machine: &str) -> Daemon {
    let passwords = "PATRONI_REPLICATION_PASSWORD=replication PATRONI_REWIND_PASSWORD=rewind";
    start_as(
        lab,
        machine,
        "postgres",
        &format!("HOME=/var/lib/postgresql {passwords} patroni /etc/patroni/config.yml"),
    )
}

fn patronictl(lab: &Lab, machine: &str, arguments: &[&str]) -> String {
    let program = ["patronictl", "-c", "/etc/patroni/config.yml"];
    run(&mut lab.on(machine, &[&program[..], arguments, &["shop"]].concat()))
}

fn psql(lab: &Lab, machine: &str, sql: &str) -> String {
    let file = lab.project.write("machines/statements.sql", sql);
    let user = [
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--clear-groups",
    ];
    let program = ["psql", "-qXtA", "-vON_ERROR_STOP=1", "-dpostgres", "-f"];
    run(&mut lab.on(
        machine,
        &[&user[..], &program, &[&file.display().to_string()]].concat(),
    ))
}

fn users(lab: &Lab) -> String {
    let template = lab.rendered("ansible/roles/postgresql/templates/users.sql.j2");
    jinja(&template, &json!({ "postgresql_application": "shop" }))
}
