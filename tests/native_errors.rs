//! What reports the application's errors, at work in php-fpm: against a receiver that answers,
//! one that hangs, and Bugsink itself behind the portal.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;
use std::time::Duration;

use common::errors::{Application, Receiver};
use common::logging::Logging;
use common::{Daemon, adapt, can_run, run, wait_until};
use serde_json::{Value, json};

/// A request that fails must not take longer than one that does not, whatever the store does.
const SOON: Duration = Duration::from_millis(900);

#[test]
fn errors_are_reported_and_requests_go_on_as_without() {
    if !can_run(&["php-fpm8.2", "nginx", "curl"]) {
        return;
    }
    let project = common::Project::bundled();
    project.render(&["production"]);
    let address = format!("{}.129", common::loopback());
    let receiver = Receiver::start(&address);
    let settings = json!({
        "dsn": format!("http://abc@{address}:{}/errors/7", receiver.port),
        "environment": "production",
        "authority": null,
    });
    let application = Application::start(&project, &address, &settings.to_string());

    for (script, code, reported) in [
        ("well.php", "200", ""),
        ("hidden.php", "200", ""),
        ("throw.php", "500", "DomainException"),
        ("warn.php", "200", "Warning"),
        ("memory.php", "500", "Fatal error"),
        ("caught.php", "503", "LogicException"),
    ] {
        assert_eq!(application.get(script).0, code, "{script}");
        if reported.is_empty() {
            continue;
        }
        let reports = receiver.wait(1);
        let report = reports.last().unwrap();
        assert!(
            report.starts_with("POST /errors/api/7/envelope/ HTTP/1.1\r\n"),
            "{report}"
        );
        assert!(report.contains("sentry_key=abc"), "{report}");
        for secret in ["geheim", "hunter2"] {
            assert!(!report.contains(secret), "{secret} in {report}");
        }
        let event: Value = serde_json::from_str(report.trim_end().lines().last().unwrap()).unwrap();
        assert_eq!(
            event["exception"]["values"][0]["type"], reported,
            "{event:#}"
        );
        assert_eq!(event["environment"], "production");
        assert_eq!(event["release"], "r42");
        assert_eq!(event["tags"]["request_id"], "trace-7");
    }
    assert!(
        receiver.taken.lock().unwrap().is_empty(),
        "nothing is reported twice"
    );
    // PHP itself said what it always says.
    let said = project.read("errors/php.log");
    assert!(
        said.contains("PHP Fatal error:  Uncaught DomainException"),
        "{said}"
    );

    *receiver.answers.lock().unwrap() = false;
    for (script, code) in [
        ("throw.php", "500"),
        ("warn.php", "200"),
        ("well.php", "200"),
    ] {
        let (got, time) = application.get(script);
        println!("{script} answered {got} in {time:?} while the error store hangs");
        assert_eq!(got, code);
        assert!(time < SOON, "{script} took {time:?}");
    }
    wait_until("the reporter has given up", || {
        project.path("errors/down").exists()
    });
    // Attempts end for a while: a store that is down takes no children of php-fpm with it.
    std::thread::sleep(Duration::from_secs(2));
    receiver.taken.lock().unwrap().clear();
    for _ in 0..8 {
        assert_eq!(application.get("throw.php").0, "500");
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(receiver.taken.lock().unwrap().len(), 0);
}

/// `target/bugsink` is a virtual environment with what the rendered requirements list.
#[test]
fn bugsink_takes_what_is_reported_through_the_portal() {
    let bugsink = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bugsink/bin");
    if !bugsink.join("gunicorn").is_file() {
        println!("skipped: target/bugsink has no Bugsink");
        return;
    }
    if !can_run(&["php-fpm8.2", "nginx", "curl", "openssl", "python3"]) {
        return;
    }
    let logging = Logging::new();
    let project = &logging.project;
    let folder = project.path("mon1/bugsink").display().to_string();
    let out = "out/production/monitoring";
    let conf = adapt(
        &project.read(&format!("{out}/errors/bugsink_conf.py")),
        &[("/var/lib/bugsink", &folder)],
    );
    project.write("mon1/bugsink/bugsink_conf.py", &conf);
    let setup = adapt(
        &project.read(&format!("{out}/errors/bugsink-setup.py")),
        &[("/etc/bugsink", &folder), ("/var/lib/bugsink", &folder)],
    );
    let setup = project.write("mon1/bugsink/setup.py", &setup);
    let program = |name: &str| {
        let mut command = Command::new(bugsink.join(name));
        command
            .current_dir(&folder)
            .env(
                "SECRET_KEY",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            )
            .env("DJANGO_SETTINGS_MODULE", "bugsink_conf");
        command
    };
    for database in ["default", "snappea"] {
        run(program("bugsink-manage").args(["migrate", "--no-input", "--database", database]));
    }
    let password = project.write("mon1/password", "0123456789abcdefghijklmnopqrstuv");
    let set_up = || {
        run(program("python")
            .arg(&setup)
            .stdin(std::fs::File::open(&password).unwrap()))
    };
    assert!(set_up().contains("made the project"));
    assert_eq!(set_up(), "", "the second time nothing changes");
    let dsn = project.read("mon1/bugsink/dsn");

    let address = logging.address();
    let listen = format!("{address}:{}", 20_000 + std::process::id() % 10_000);
    let _gunicorn = Daemon::start(
        program("gunicorn").args(["--bind", &listen, "--workers", "1", "bugsink.wsgi"]),
        &project.path("mon1/gunicorn.out"),
    );
    let _tasks = Daemon::start(
        &mut program("bugsink-runsnappea"),
        &project.path("mon1/tasks.out"),
    );
    let _portal = logging.portal(&listen);
    wait_until("Bugsink answers through the portal", || {
        logging.portal_code("errors/health/ready", true) == "200"
    });
    assert_eq!(logging.portal_code("errors/health/ready", false), "401");

    let settings = json!({
        "dsn": dsn,
        "environment": "production",
        "authority": project.path("ca/ca.pem"),
    });
    let application = Application::start(project, &logging.address_of_app(), &settings.to_string());
    assert_eq!(application.get("throw.php").0, "500");
    let metrics = adapt(
        &project.read(&format!("{out}/errors/error-metrics.py")),
        &[],
    );
    let metrics = project.write("mon1/error-metrics.py", &metrics);
    let mut told = String::new();
    wait_until("the error is an issue", || {
        run(Command::new("python3")
            .arg(&metrics)
            .arg(project.path("mon1/bugsink/db.sqlite3"))
            .arg(project.path("mon1")));
        told = project.read("mon1/errors.prom");
        told.contains("errors_open_issues 1\n")
    });
    assert!(told.contains("errors_events_total 1\n"), "{told}");
    println!("{told}");
    // What is older than the retention goes: nothing, here.
    assert!(run(program("bugsink-manage").arg("delete_old_events")).contains("deleted 0 events"));
}
