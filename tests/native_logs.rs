//! The rendered logging at work: rsyslog on an application machine and on the monitoring machine,
//! with TLS between them, mtail, logrotate and what cleans the store.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::logging::{Logging, count};
use common::{Daemon, Project, can_run, can_use, run, wait_until};

#[test]
fn lines_of_every_machine_reach_the_store() {
    if !can_run(&["rsyslogd", "logger", "openssl", "mtail", "curl"]) {
        return;
    }
    let mut logging = Logging::new();
    let store = logging.store();
    let mut app = logging.client("app1");
    let mtail = logging.mtail();

    logging.log(
        "app1",
        "user.warning",
        "php",
        "PHP Fatal error:  Uncaught one",
    );
    logging.log("app1", "user.debug", "php", "what only a developer reads");
    logging.log(
        "app1",
        "authpriv.info",
        "sshd",
        "Invalid user root from 192.0.2.1",
    );
    logging.log(
        "mon1",
        "daemon.notice",
        "prometheus",
        "level=error msg=\"no space left\"",
    );
    logging.append(
        "app1",
        "nginx/access.log",
        "{\"uri\":\"/\",\"status\":502,\"bytes\":0}\n",
    );
    logging.append(
        "app1",
        "nginx/error.log",
        "2026/11/25 12:00:00 [crit] 7#7: *1 no live upstreams\n",
    );
    logging.append(
        "app1",
        "php8.2-fpm-slow.log",
        "\n[25-Nov-2026 12:00:00]  [pool app] pid 7\nscript_filename = /x.php\n[0x1] a() /x.php:2\n\n\
         [25-Nov-2026 12:00:09]  [pool app] pid 8\nscript_filename = /y.php\n",
    );
    let php = logging.stored("app1", "php", "Uncaught one");
    assert!(php.contains(" warning php["), "{php}");
    assert!(
        logging
            .stored("app1", "sshd", "Invalid user")
            .contains(" info sshd[")
    );
    // A machine that says nothing still shows that its lines arrive.
    assert!(
        logging
            .stored("app1", "rsyslogd", "-- MARK --")
            .contains(" info rsyslogd:")
    );
    assert!(
        logging
            .stored("mon1", "prometheus", "no space")
            .contains(" err prometheus")
    );
    assert!(
        logging
            .stored("app1", "nginx-access", "502")
            .contains(" info nginx-access: {")
    );
    assert!(
        logging
            .stored("app1", "nginx", "upstreams")
            .contains(" crit nginx: 2026")
    );
    let slow = logging.stored("app1", "php-slow", "/y.php");
    let entry = slow.lines().find(|line| line.contains("/x.php:2")).unwrap();
    assert!(
        entry.contains("pid 7") && !entry.contains("pid 8"),
        "one entry a line: {slow}"
    );
    assert!(
        !logging.read("app1", "php").contains("developer"),
        "debug lines are dropped"
    );

    for (name, labels, expected) in [
        ("php_errors_total", &["app1", "fatal"][..], "1"),
        ("php_errors_total", &["app1", "warning"], "0"),
        ("http_responses_total", &["app1", "5xx"], "1"),
        ("http_upstream_failures_total", &["app1"], "1"),
        ("ssh_login_failures_total", &["app1"], "1"),
        ("oom_kills_total", &["mon1"], "0"),
    ] {
        wait_until(&format!("{name} {labels:?} is {expected}"), || {
            count(&mtail.url, name, labels) == expected
        });
    }

    nothing_is_lost_while_the_store_is_down(&mut logging, store, &mut app);
    machines_without_a_certificate_of_the_environment_are_refused(&logging);
}

fn nothing_is_lost_while_the_store_is_down(
    logging: &mut Logging,
    mut store: Daemon,
    app: &mut Daemon,
) {
    logging.log("app1", "user.info", "shop", "before");
    logging.stored("app1", "shop", "before");
    let refused = |logging: &Logging| logging.said("app1").matches("cannot connect").count();
    let before = refused(logging);
    store.stop();
    // TCP takes a line or more for delivered just as the connection breaks; from when it is known
    // to be broken, nothing may be lost.
    wait_until("the broken connection is noticed", || {
        logging.log("app1", "user.info", "shop", "unnoticed");
        refused(logging) > before
    });
    for number in 1..=200 {
        logging.log("app1", "user.info", "shop", &format!("meanwhile {number}"));
    }
    wait_until("the last line waits", || {
        logging.has_heard("app1", "meanwhile 200")
    });
    // A restart of the machine that waits must not lose what it waits with.
    app.stop();
    *app = logging.client("app1");
    logging.log("app1", "user.info", "shop", "after the restart");
    let _store = logging.store();
    logging.stored("app1", "shop", "after the restart");
    logging.stored("app1", "shop", "meanwhile 200");
    let text = logging.read("app1", "shop");
    let lost: Vec<_> = (1..=200)
        .filter(|number| !text.contains(&format!("meanwhile {number}\n")))
        .collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
}

fn machines_without_a_certificate_of_the_environment_are_refused(logging: &Logging) {
    let store = logging.store();
    logging.certificate("stranger");
    let stranger = logging.client("stranger");
    logging.log("stranger", "user.info", "shop", "let me in");
    wait_until("the stranger is refused", || {
        logging.said("mon1").contains("stranger")
    });
    assert_eq!(logging.read("stranger", "shop"), "");
    drop((stranger, store));
}

#[test]
fn the_store_is_cleaned_of_what_is_old_and_of_nothing_else() {
    if !can_use(&["zstd", "find", "bash"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production", "--set=monitoring.logging.retention=3d"]);
    let files = [
        ("2026-11-20/app1/php.log", "4 days ago"),
        ("2026-11-21/app1/php.log", "4 days ago"),
        ("2026-11-21/db1/late.log", "1 hour ago"),
        ("2026-11-23/app1/php.log", "50 hours ago"),
        ("2026-11-24/app1/php.log", "40 hours ago"),
        ("notes/app1/php.log", "400 days ago"),
    ];
    for (file, age) in files {
        let path = project.write(&format!("store/{file}"), "a line\n");
        run(Command::new("touch").args(["-d", age]).arg(path));
    }
    std::fs::create_dir(project.path("store/2026-11-26")).unwrap();
    let script = project.path("out/production/monitoring/store/clean-log-store.sh");
    // Twice: the second time there is nothing left to do.
    for _ in 0..2 {
        run(Command::new("bash").arg(&script).arg(project.path("store")));
        let mut kept = run(Command::new("find")
            .arg(project.path("store"))
            .args(["-type", "f", "-printf", "%P\\n"]))
        .lines()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        kept.sort();
        assert_eq!(
            kept,
            [
                // One machine's line is young, so its folder stays as a whole.
                "2026-11-21/app1/php.log.zst",
                "2026-11-21/db1/late.log",
                "2026-11-23/app1/php.log.zst",
                "2026-11-24/app1/php.log",
                "notes/app1/php.log",
            ]
        );
        assert!(project.path("store/2026-11-26").is_dir());
    }
    let packed = project.path("store/2026-11-23/app1/php.log.zst");
    assert_eq!(
        run(Command::new("zstd").arg("-dcq").arg(packed)),
        "a line\n"
    );
}

#[test]
fn logrotate_keeps_as_much_as_the_inventory_says() {
    if !can_run(&["logrotate"]) {
        return;
    }
    let project = Project::bundled();
    project.render(&["production", "--set=monitoring.logging.retention=3d"]);
    let logs = project.path("log");
    let log = logs.display().to_string();
    let text = common::adapt(
        &project.read("out/production/monitoring/logrotate/nginx"),
        &[
            ("/var/log/nginx/", &format!("{log}/")),
            (
                "invoke-rc.d nginx rotate >/dev/null 2>&1",
                &format!("touch {log}/told"),
            ),
        ],
    );
    let conf = project.write("nginx", &text);
    run(Command::new("chmod").arg("644").arg(&conf));
    for number in 0..6 {
        project.write("log/access.log", &format!("request {number}\n"));
        run(Command::new("logrotate")
            .args(["--force", "--state"])
            .arg(project.path("state"))
            .arg(&conf));
    }
    assert!(project.path("log/told").exists());
    assert_eq!(project.read("log/access.log.1"), "request 5\n");
    for (file, kept) in [
        ("access.log.2.gz", true),
        ("access.log.3.gz", true),
        ("access.log.4.gz", false),
    ] {
        assert_eq!(project.path("log").join(file).exists(), kept, "{file}");
    }
}
