//! A rendered Galera cluster at work: two members, the arbitrator, the role agents, and HAProxy
//! beside the application. Its writer is lost, and nothing that was acknowledged with it.

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
    "mariadbd",
    "mariadb",
    "mariadb-install-db",
    "mariabackup",
    "garbd",
    "socat",
    "haproxy",
    "ip",
    "unshare",
    "openssl",
    "curl",
    "python3",
];

/// Rows written before the writer is lost, and after it.
const ROWS: usize = 20;

#[test]
fn the_cluster_outlives_its_writer() {
    if !can_run(TOOLS) {
        return;
    }
    let lab = lab();
    create(&lab);
    let mut first = server(&lab, "db1", &["--wsrep-new-cluster"]);
    run_sql(&lab, "db1", &users(&lab));
    let again = run_sql(&lab, "db1", &users(&lab));
    let mut lines: Vec<&str> = again.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 2, "the second time changes nothing:\n{again}");
    // A copy of the first member, over TLS.
    let _second = server(&lab, "db2", &[]);
    let _arbitrator = arbitrator(&lab);
    wait_long("the arbitrator votes", || votes(&lab, "db2") == "3");
    let role = |machine: &str, role: &str| {
        lab.status(
            "app1",
            &format!("http://{}:8008/{role}", lab.address(machine)),
        ) == "200"
    };
    // One after the other, as the play starts them: the first to look becomes primary.
    let agents = ["db1", "db2"].map(|machine| {
        let agent = agent(&lab, machine);
        wait_long("the first member is primary", || role("db1", "primary"));
        agent
    });
    wait_long("the second one follows", || role("db2", "replica"));

    let _proxy = lab.start_proxy("app1");
    run_sql(
        &lab,
        "db1",
        "CREATE TABLE shop.written (id INT PRIMARY KEY)",
    );
    let client = "mariadb --no-defaults --host=127.0.0.1 --port=3306 --user=shop --password=shop \
                  --ssl-ca=/etc/ssl/internal/ca.pem --connect-timeout=3 shop";
    let writer = Writer::start(
        &lab,
        "app1",
        &format!("{client} -e \"INSERT INTO written VALUES ($i)\" 2>/dev/null"),
    );
    wait_long("rows are written", || writer.rows().len() >= ROWS);
    let before = writer.rows().len();
    lab.lose("db1");
    first.kill();
    wait_long("rows are written again", || {
        writer.rows().len() >= before + ROWS
    });
    assert!(role("db2", "primary"), "the second member is primary");
    let gap = writer.longest_gap();

    // It takes what it missed from the other one, which stays primary.
    let _first = server(&lab, "db1", &[]);
    let _agent = agent(&lab, "db1");
    wait_long("the lost member is back", || role("db1", "replica"));
    assert!(role("db2", "primary"), "the second member is still primary");
    let acknowledged = writer.rows();
    let stored = run_sql(
        &lab,
        "db1",
        "SET SESSION wsrep_sync_wait = 1; SELECT id FROM shop.written",
    );
    for (row, _) in &acknowledged {
        let row = row.to_string();
        assert!(stored.lines().any(|line| line == row), "row {row} is lost");
    }
    println!(
        "{} rows acknowledged, none lost; writes resumed within {gap:.1} s",
        acknowledged.len()
    );
    drop(agents);
}

fn lab() -> Lab {
    let project = Project::bundled();
    let dependencies = project.read("inventories/dependencies.yml");
    project.write(
        "inventories/dependencies.yml",
        &dependencies.replace("  database:\n", "  database:\n    - mariadb: \">=10.11\"\n"),
    );
    project.render(&[
        "production",
        "--set=environment.production.database.driver=mariadb",
        "--set=infrastructure.network=10.81.0.0/20",
        "--set=scaling.database.read_replicas=1",
        "--set=performance.database.buffer_pool=64M",
        "--set=performance.database.query_cache=16M",
        "--set=performance.database.max_connections=200",
        "--set=php.max_children=20",
        "--set=health_checks.database.interval=5",
        "--set=health_checks.database.timeout=4",
    ]);
    let lab = Lab::new(
        project,
        "production",
        &["db1", "db2", "mon1", "app1"],
        &["/etc/mysql", "/etc/haproxy", "/var/lib/mysql"],
        "mysql",
    );
    for machine in ["db1", "db2"] {
        let settings = "/etc/mysql/mariadb.conf.d/90-platform.cnf";
        lab.copy(
            &format!("database/{machine}/mariadb.cnf"),
            machine,
            settings,
        );
        // As the package has it.
        let main = lab.place(machine, "/etc/mysql/my.cnf");
        fs::write(
            main,
            "[client-server]\n!includedir /etc/mysql/mariadb.conf.d/\n",
        )
        .unwrap();
        for folder in ["/run/mysqld", "/var/log/mysql"] {
            fs::create_dir_all(lab.place(machine, folder)).unwrap();
        }
        own(&lab, machine);
    }
    lab
}

/// Gives the server what is its own.
fn own(lab: &Lab, machine: &str) {
    let folders = ["/run/mysqld", "/var/log/mysql", "/var/lib/mysql"];
    run(Command::new("chown")
        .args(["-R", "mysql:"])
        .args(folders.map(|folder| lab.place(machine, folder))));
}

/// Makes empty data folders, as Debian's package does.
fn create(lab: &Lab) {
    run(&mut lab.on(
        "db1",
        &[
            "mariadb-install-db",
            "--user=mysql",
            "--skip-test-db",
            "--skip-name-resolve",
            "--skip-log-bin",
        ],
    ));
    run(Command::new("cp")
        .arg("-r")
        .arg(lab.place("db1", "/var/lib/mysql/."))
        .arg(lab.place("db2", "/var/lib/mysql")));
    own(lab, "db2");
}

fn server(lab: &Lab, machine: &str, arguments: &[&str]) -> Daemon {
    let program = ["mariadbd", "--user=mysql"];
    let daemon = lab.start(machine, &[&program[..], arguments].concat());
    wait_long("a member is synced", || {
        status(lab, machine, "wsrep_local_state_comment") == "Synced"
    });
    daemon
}

fn status(lab: &Lab, machine: &str, name: &str) -> String {
    let query = format!(
        "SELECT variable_value FROM information_schema.global_status WHERE variable_name = '{name}'"
    );
    let output = client(lab, machine, &query).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn votes(lab: &Lab, machine: &str) -> String {
    status(lab, machine, "wsrep_cluster_size")
}

fn client(lab: &Lab, machine: &str, sql: &str) -> Command {
    let program = ["mariadb", "--no-defaults", "-BN", "-uroot", "-e", sql];
    lab.on(machine, &program)
}

fn run_sql(lab: &Lab, machine: &str, sql: &str) -> String {
    run(&mut client(lab, machine, sql))
}

fn users(lab: &Lab) -> String {
    let template = lab.rendered("ansible/roles/mariadb/templates/users.sql.j2");
    let variables = lab.rendered("ansible/inventory/group_vars/database/mariadb.yml");
    let clients = "10.81.0.0/255.255.240.0";
    assert!(
        variables.contains(&format!("mariadb_clients: \"{clients}\"")),
        "{variables}"
    );
    let values = json!({
        "mariadb_application": "shop", "mariadb_form": "galera", "mariadb_clients": clients,
        "database_password": "shop", "database_monitor_password": "monitor",
        "database_backup_password": "backup",
    });
    jinja(&template, &values)
}

fn arbitrator(lab: &Lab) -> Daemon {
    lab.copy("database/mon1/garb.env", "mon1", "/run/garb.env");
    // As garb-systemd does.
    let script = ". /run/garb.env; exec garbd -a \"gcomm://$GALERA_NODES\" -g \"$GALERA_GROUP\" \
                  -o \"$GALERA_OPTIONS\" -w /run";
    lab.start_logging("mon1", "garbd", &["bash", "-c", script])
}

/// Starts the role agent as its unit does, but as root, whom the server knows as well.
fn agent(lab: &Lab, machine: &str) -> Daemon {
    let unit = lab.rendered(&format!("database/{machine}/role_agent.service"));
    let line = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let agent = lab.project.path("out/production/database/role_agent.py");
    let line = common::adapt(
        line,
        &[
            ("/usr/local/lib/role_agent", &agent.display().to_string()),
            ("--user role_agent", "--user root"),
        ],
    );
    lab.start(machine, &line.split(' ').collect::<Vec<_>>())
}
