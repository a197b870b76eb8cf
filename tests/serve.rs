//! The rendered production files at work on loopback addresses: a load balancer and two
//! application machines, with nginx, php-fpm and curl themselves.
//!
//! The environment gets a network in 127.0.0.0/8, so that addresses stay as they are rendered.
//! The rest is replaced literally, and each replacement must find its place: paths, because
//! machines share this computer's disk; ports below 1024; and addresses to listen on and to
//! connect from, because machines share its network.

mod common;

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use common::{Daemon, Project, adapt, can_run, loopback, wait_until};
use serde_json::Value;

/// Answers with what PHP sees.
const INDEX: &str = r#"<?php
header('Content-Type: application/json');
usleep(20000);
echo json_encode(['server' => $_SERVER, 'environment' => getenv(), 'debug' => ini_get('display_errors'),
    'execution' => ini_get('max_execution_time'), 'errors' => error_reporting()]);
"#;

/// Where visitors come from. Not in the environment's network.
const VISITOR: &str = "127.200.0.9";

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
        ("DB_READ_PORT", "3307"),
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

struct Platform {
    /// Ends before the folder its programs write to goes.
    machines: Vec<(Daemon, Daemon)>,
    _front: Daemon,
    project: Project,
    load_balancer: String,
    apps: [String; 2],
    monitoring: String,
    url: String,
}

impl Platform {
    fn start() -> Self {
        let network = loopback();
        let project = Project::bundled();
        project.render(&[
            "production",
            &format!("--set=infrastructure.network={network}.0/24"),
            "--set=scaling.app.servers=2",
            "--set=load_balancer.fail_timeout=1",
            "--set=environment.production.variables.FEATURES='a;b #c'",
        ]);
        let load_balancer = format!("{network}.11");
        let mut platform = Self {
            machines: Vec::new(),
            _front: front(&project, &load_balancer),
            url: format!("https://{load_balancer}:8443/"),
            load_balancer,
            apps: [format!("{network}.129"), format!("{network}.130")],
            monitoring: format!("{network}.17"),
            project,
        };
        platform.url.pop();
        platform.machines = vec![platform.machine(0), platform.machine(1)];
        for app in &platform.apps {
            wait_until("an application machine answers", || {
                code(VISITOR, &[], &format!("http://{app}:8080/")) == "200"
            });
        }
        wait_until("the load balancer answers", || {
            code(VISITOR, &[], &platform.url) == "200"
        });
        platform
    }

    /// Starts php-fpm and nginx of an application machine.
    fn machine(&self, number: usize) -> (Daemon, Daemon) {
        let (name, address) = (format!("app{}", number + 1), &self.apps[number]);
        let place = |path: &str| self.project.path(&format!("{name}/{path}"));
        let out = "out/production";
        for (path, text) in [
            ("public/index.php", INDEX),
            ("public/.env", "secret"),
            ("public/style.css", "a {}"),
            ("public/upload.txt", "<?php echo 'executed';"),
        ] {
            self.project.write(&format!("{name}/{path}"), text);
        }
        let socket = place("app.sock").display().to_string();
        let pool = adapt(
            &self.project.read(&format!("{out}/php/fpm/app.conf")),
            &[
                ("/run/php/app.sock", &socket),
                (
                    "/var/log/php8.2-fpm-slow.log",
                    &place("slow.log").display().to_string(),
                ),
            ],
        );
        let pool = self.project.write(&format!("{name}/pool.conf"), &pool);
        let main = format!(
            "[global]\nerror_log = {}\ninclude = {}\n",
            place("fpm.log").display(),
            pool.display()
        );
        let main = self.project.write(&format!("{name}/fpm.conf"), &main);
        let settings = self.project.path(&format!("{out}/php/fpm"));
        let scan = format!("/etc/php/8.2/fpm/conf.d:{}", settings.display());
        let fpm = Daemon::start(
            Command::new("php-fpm8.2")
                .arg("-F")
                .arg("-y")
                .arg(main)
                .env("PHP_INI_SCAN_DIR", scan),
            &place("fpm.out"),
        );
        let site = adapt(
            &self.project.read(&format!("{out}/nginx/sites/app.conf")),
            &[
                (
                    "listen 8080 default_server",
                    &format!("listen {address}:8080 default_server"),
                ),
                (
                    "/srv/app/current/public",
                    &place("public").display().to_string(),
                ),
                ("/run/php/app.sock", &socket),
            ],
        );
        (fpm, nginx(&self.project, &name, "app.conf", &site))
    }

    fn get(&self, path: &str) -> Value {
        let body = curl(
            VISITOR,
            &["-HHost: shop.test"],
            &format!("{}{path}", self.url),
        );
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    fn get_with(&self, headers: &[&str]) -> Value {
        let headers = [headers, &["-HHost: shop.test"]].concat();
        serde_json::from_str(&curl(VISITOR, &headers, &self.url)).unwrap()
    }
}

/// Starts the load balancer. It connects from its own address, as it does on a machine of its own.
fn front(project: &Project, address: &str) -> Daemon {
    let site = adapt(
        &project.read("out/production/nginx/sites/load_balancer.conf"),
        &[
            ("listen 80 ", &format!("listen {address}:8081 ")),
            ("listen 443 ", &format!("listen {address}:8443 ")),
            ("listen 8080;", &format!("listen {address}:8080;")),
            (
                "proxy_pass ",
                &format!("proxy_bind {address};\n    proxy_pass "),
            ),
        ],
    );
    nginx(project, "lb1", "load_balancer.conf", &site)
}

fn nginx(project: &Project, machine: &str, name: &str, site: &str) -> Daemon {
    let place = |path: &str| project.path(&format!("{machine}/{path}"));
    project.write(&format!("{machine}/nginx/sites/{name}"), site);
    let main = adapt(
        &project.read("out/production/nginx/nginx.conf"),
        &[
            ("/run/nginx.pid", &place("nginx.pid").display().to_string()),
            ("/var/log/nginx", &place("").display().to_string()),
        ],
    );
    let main = project.write(&format!("{machine}/nginx/nginx.conf"), &main);
    Daemon::start(
        Command::new("nginx")
            .args(["-g", "daemon off;", "-c"])
            .arg(main),
        &place("nginx.out"),
    )
}

fn curl(from: &str, arguments: &[&str], url: &str) -> String {
    let bounds = [
        "-sk",
        "--max-time",
        "30",
        "--noproxy",
        "*",
        "--interface",
        from,
    ];
    let output = Command::new("curl")
        .args(bounds)
        .args(arguments)
        .arg(url)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the status of an answer, `000` when there was none.
fn code(from: &str, arguments: &[&str], url: &str) -> String {
    curl(
        from,
        &[arguments, &["-o/dev/null", "-w%{http_code}"]].concat(),
        url,
    )
}
