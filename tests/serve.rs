//! The rendered production files at work on loopback addresses: a load balancer and two
//! application machines, with nginx, php-fpm and curl themselves.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use common::platform::{Platform, VISITOR, code, curl};
use common::{can_run, wait_until};
use serde_json::Value;

/// Requests sent while a machine goes down.
const REQUESTS: usize = 300;

#[test]
fn the_platform_serves_and_survives_the_loss_of_a_machine() {
    if !can_run(&["nginx", "php-fpm8.2", "curl"]) {
        return;
    }
    let mut platform = Platform::start();
    answers_reach_visitors_over_tls(&platform);
    visitors_cannot_choose_their_address(&platform);
    status_pages_are_for_monitoring(&platform);
    only_what_is_public_is_served(&platform);
    no_request_is_lost_with_a_machine(&mut platform);
    every_log_line_is_json_and_can_be_followed(&platform);
}

fn answers_reach_visitors_over_tls(platform: &Platform) {
    let home = platform.get("/a/pretty/path?x=1");
    for (name, value) in [
        ("REQUEST_URI", "/a/pretty/path?x=1"),
        ("SCRIPT_NAME", "/index.php"),
        ("HTTPS", "on"),
        ("SERVER_PORT", "443"),
        ("SERVER_NAME", "shop.test"),
        ("HTTP_X_FORWARDED_PROTO", "https"),
    ] {
        assert_eq!(home["server"][name], value, "{name} in {home:#}");
    }
    for (name, value) in [
        ("APP_ENV", "production"),
        ("APP_DEBUG", "false"),
        ("DB_HOST", "production-db"),
        ("DB_PASSWORD", "password of the test"),
        ("FEATURES", "a;b #c"),
    ] {
        assert_eq!(home["environment"][name], value, "{name} in {home:#}");
    }
    assert_eq!(home["environment"].get("PATH"), None, "clear_env");
    assert_eq!(home["execution"], "30");
    assert_eq!(home["errors"], 24_567);
    let redirect = curl(
        VISITOR,
        &["-o/dev/null", "-w%{http_code} %{redirect_url}"],
        &format!("http://{}:8081/a?b=c", platform.load_balancer),
    );
    let place = format!("308 https://{}/a?b=c", platform.load_balancer);
    assert_eq!(redirect, place);
    let health = format!("http://{}:8081/healthz", platform.load_balancer);
    assert_eq!(curl(VISITOR, &[], &health), "ok\n");
}

fn visitors_cannot_choose_their_address(platform: &Platform) {
    let lie = "-HX-Forwarded-For: 127.0.0.1, 203.0.113.66";
    let seen = platform.get_with(&[
        lie,
        "-HX-Real-IP: 203.0.113.66",
        "-HX-Forwarded-Host: evil.test",
    ]);
    for (name, value) in [
        ("REMOTE_ADDR", VISITOR),
        ("HTTP_X_FORWARDED_FOR", VISITOR),
        ("HTTP_X_REAL_IP", VISITOR),
        ("HTTP_X_FORWARDED_HOST", "shop.test"),
    ] {
        assert_eq!(seen["server"][name], value, "{name}");
    }
    // Nor past the load balancer.
    let direct = format!("http://{}:8080/", platform.apps[0]);
    let seen: Value = serde_json::from_str(&curl(VISITOR, &[lie], &direct)).unwrap();
    assert_eq!(seen["server"]["REMOTE_ADDR"], VISITOR);
}

fn status_pages_are_for_monitoring(platform: &Platform) {
    let app = format!("http://{}:8080", platform.apps[0]);
    for page in ["/fpm-status?openmetrics", "/fpm-ping", "/nginx-status"] {
        for from in [platform.monitoring.as_str(), "127.0.0.1"] {
            assert_eq!(code(from, &[], &format!("{app}{page}")), "200", "{page}");
        }
        assert_eq!(code(VISITOR, &[], &format!("{app}{page}")), "403");
        let lie = ["-HX-Forwarded-For: 127.0.0.1"];
        let public = format!("{}{page}", platform.url);
        assert_eq!(code(VISITOR, &lie, &public), "403", "{page}");
    }
    let status = format!("http://{}:8080/nginx-status", platform.load_balancer);
    assert_eq!(code(&platform.monitoring, &[], &status), "200");
    assert_eq!(code(VISITOR, &[], &status), "403");
}

fn only_what_is_public_is_served(platform: &Platform) {
    for (path, expected) in [
        ("/.env", "404"),
        ("/.git/config", "404"),
        ("/missing.php", "404"),
        ("/upload.txt/x.php", "404"),
        ("/upload.txt", "200"),
        ("/missing.png", "200"),
    ] {
        let got = code(VISITOR, &[], &format!("{}{path}", platform.url));
        assert_eq!(got, expected, "{path}");
    }
    let headers = curl(
        VISITOR,
        &["-D-", "-o/dev/null"],
        &format!("{}/style.css", platform.url),
    );
    assert!(
        headers.contains("cache-control: max-age=86400"),
        "{headers}"
    );
    assert!(headers.contains("server: nginx\r\n"), "{headers}");
    let headers = curl(
        VISITOR,
        &["-D-", "-o/dev/null"],
        &format!("{}/", platform.url),
    );
    assert!(
        !headers.to_lowercase().contains("x-powered-by"),
        "{headers}"
    );
    let large = platform.project.write("large", &"x".repeat(21 << 20));
    let body = format!("@{}", large.display());
    let got = code(VISITOR, &["--data-binary", &body], &platform.url);
    assert_eq!(got, "413", "more than PHP reads");
}

fn no_request_is_lost_with_a_machine(platform: &mut Platform) {
    let sent = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let url = platform.url.clone();
    let (fpm, nginx) = platform.machines.last_mut().unwrap();
    let codes: Vec<String> = thread::scope(|scope| {
        let visitors: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut codes = Vec::new();
                    while sent.fetch_add(1, Ordering::SeqCst) < REQUESTS {
                        codes.push(code(VISITOR, &[], &url));
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                    codes
                })
            })
            .collect();
        let reached = |count| wait_until("requests", || done.load(Ordering::SeqCst) >= count);
        reached(REQUESTS / 4);
        fpm.kill();
        reached(REQUESTS / 2);
        nginx.kill();
        assert!(
            done.load(Ordering::SeqCst) < REQUESTS,
            "killed too late to matter"
        );
        visitors
            .into_iter()
            .flat_map(|visitor| visitor.join().unwrap())
            .collect()
    });
    let lost: Vec<_> = codes.iter().filter(|code| *code != "200").collect();
    assert_eq!(codes.len(), REQUESTS);
    assert!(
        lost.is_empty(),
        "{} of {REQUESTS} lost: {lost:?}",
        lost.len()
    );
    let lines = platform.project.read("lb1/access.log");
    let served = |address: &str| {
        lines
            .matches(&format!("\"upstream\":\"{address}:8080\""))
            .count()
    };
    let retried = lines.matches(":8080, ").count();
    println!(
        "{REQUESTS} requests, 0 lost; in all {} and {} were served at the first attempt, {retried} at the second",
        served(&platform.apps[0]),
        served(&platform.apps[1]),
    );
    assert!(
        served(&platform.apps[1]) > 0 && retried > 0,
        "the machine that went had no part in it"
    );
    platform.machines.pop();
    let machine = platform.machine(1);
    platform.machines.push(machine);
    wait_until("the machine is back", || {
        platform.get("/")["server"]["SERVER_ADDR"] == *platform.apps[1]
    });
}

fn every_log_line_is_json_and_can_be_followed(platform: &Platform) {
    let nasty = curl(
        VISITOR,
        &["-Aa\"b\\c", "-o/dev/null", "-w%{http_code}"],
        &format!("{}/trace", platform.url),
    );
    assert_eq!(nasty, "200");
    let find = |path: &str| {
        let mut found = None;
        for line in platform.project.read(path).lines() {
            let line: Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if line["uri"] == "/trace" {
                found = Some(line);
            }
        }
        found
    };
    let front = find("lb1/access.log").unwrap();
    let back = find("app1/access.log")
        .or_else(|| find("app2/access.log"))
        .unwrap();
    assert_eq!(front["user_agent"], "a\"b\\c");
    assert_eq!(front["request_id"], back["parent_request_id"]);
    assert_eq!(back["client"], VISITOR);
    assert_eq!(back["peer"], *platform.load_balancer);
}
