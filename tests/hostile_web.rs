//! Text that means something to nginx, to INI files or to the template engine arrives unchanged.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::process::Command;

use common::platform::front;
use common::{Project, can_run, loopback, run, wait_until};
use serde_json::Value;

const TEXTS: &[&str] = &[
    "it's",
    "'",
    "\"",
    "say \"hi\", it's \"'fine'\"",
    "back\\slash",
    "''",
    "'quoted'",
    "ends in \\",
    "\\n is no line break",
    "\\'; \\\";",
    "a; b # c",
    "# not a comment",
    "; nor this",
    "a = b",
    "[section]",
    "}",
    "{ x; }",
    "costs $5, $host, ${HOME}, $$, a$",
    "{{ 1 + 1 }}",
    "{% raw %} {# c #} %}",
    "%{ if true } %{ endif } %s",
    "a & b | c ^ ~d ! (e)",
    "ünïcödé 日本 \u{1f418}",
    "no\u{a0}break",
    "E_ALL",
    "PHP_VERSION",
    "STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT",
    "On",
    "none",
    "null",
    "false",
    "0",
    "-1",
    "0123",
    "0x1A",
    "1e3",
    "128M",
    "<script>alert(1)</script>",
    "*/ ?> -->",
];

/// Not for headers, which have spaces around a value removed.
const SPACED: &[&str] = &[" ", " a ", "a  b"];

/// Writes every text into every free-text key that reaches nginx or PHP.
fn project() -> Project {
    let project = Project::bundled();
    let keys = |prefix: &str, texts: &[&str]| -> Value {
        let entry = |(number, text): (usize, &&str)| (format!("{prefix}{number}"), (*text).into());
        Value::Object(texts.iter().enumerate().map(entry).collect())
    };
    let all = [TEXTS, SPACED].concat();
    let inventory = serde_json::json!({
        "php": { "settings": keys("hostile.v", &all) },
        "load_balancer": { "headers": keys("X-Hostile-", TEXTS) },
        "environment": { "production": { "variables": keys("HOSTILE_", &all) } },
    });
    // JSON is YAML.
    project.write("inventories/hostile.yml", &inventory.to_string());
    project.write(
        "inventories/project.yml",
        "project: {name: shop, description: \"a; } # ${x} {{ y }} 'z'\"}",
    );
    let network = format!("--set=infrastructure.network={}.0/24", loopback());
    project.render(&["production", &network]);
    project
}

#[test]
fn php_reads_every_text_unchanged() {
    if !can_run(&["php8.2", "php-fpm8.2"]) {
        return;
    }
    let project = project();
    let texts = [TEXTS, SPACED].concat();
    for sapi in ["fpm", "cli"] {
        let folder = project.path(&format!("out/production/php/{sapi}"));
        let read = run(Command::new("php8.2")
            .args([
                "-n",
                "-r",
                "echo json_encode(parse_ini_file($argv[1]));",
                "--",
            ])
            .arg(folder.join("90-app.ini")));
        compare(&read, "hostile.v", &texts);
        let code =
            "foreach (range(0, $argv[1]) as $n) $r[\"hostile.v$n\"] = get_cfg_var(\"hostile.v$n\");
            echo json_encode($r);";
        let read = run(Command::new("php8.2")
            .args(["-r", code, "--", &(texts.len() - 1).to_string()])
            .env("PHP_INI_SCAN_DIR", &folder));
        compare(&read, "hostile.v", &texts);
    }
    let pool = project.path("out/production/php/fpm/app.conf");
    let read = run(Command::new("php8.2")
        .args([
            "-n",
            "-r",
            "echo json_encode(parse_ini_file($argv[1])['env']);",
            "--",
        ])
        .arg(&pool));
    compare(&read, "HOSTILE_", &texts);
    let main = format!(
        "[global]\nerror_log = /dev/null\ninclude = {}\n",
        pool.display()
    );
    let main = project.write("fpm.conf", &main);
    let read = run(Command::new("php-fpm8.2").arg("-tt").arg("-y").arg(main));
    for (number, text) in texts.iter().enumerate() {
        let line = format!("env[HOSTILE_{number}] = {text}");
        assert!(
            read.lines().any(|l| l.ends_with(&line)),
            "{line} in:\n{read}"
        );
    }
}

fn compare(json: &str, prefix: &str, texts: &[&str]) {
    let read: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(read[format!("{prefix}{number}")], *text, "{prefix}{number}");
    }
}

#[test]
fn nginx_sends_every_text_unchanged() {
    if !can_run(&["nginx", "curl"]) {
        return;
    }
    let project = project();
    // No application machine is there, and headers are on errors too.
    let address = format!("{}.11", loopback());
    let _nginx = front(&project, &address);
    let mut answer = String::new();
    wait_until("nginx answers", || {
        let output = Command::new("curl")
            .args(["-sk", "--http1.1", "--noproxy", "*", "-D-", "-o/dev/null"])
            .arg(format!("https://{address}:8443/"))
            .output()
            .unwrap();
        answer = String::from_utf8(output.stdout).unwrap();
        !answer.is_empty()
    });
    for (number, text) in TEXTS.iter().enumerate() {
        let line = format!("X-Hostile-{number}: {text}");
        assert!(
            answer.split("\r\n").any(|l| l == line),
            "{line} in:\n{answer}"
        );
    }
}

#[test]
fn nginx_reads_the_longest_header() {
    if !can_run(&["nginx"]) {
        return;
    }
    let project = Project::bundled();
    for longest in ["x".repeat(3999), "$".repeat(444), "\"".repeat(1999)] {
        let write = |text: &str| {
            let headers = serde_json::json!({ "load_balancer": { "headers": { "X-A": text } } });
            project.write("inventories/headers.yml", &headers.to_string());
        };
        write(&longest);
        project.render(&["production"]);
        let main = project.path("out/production/nginx/nginx.conf");
        run(Command::new("nginx").arg("-t").arg("-c").arg(main));
        write(&format!("{longest}$"));
        let refused = project.precast(&["check"]).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
    }
}

#[test]
fn what_no_format_can_carry_is_refused() {
    for (key, value) in [
        ("php.settings.user_agent", "a\nb"),
        ("php.settings.user_agent", "a\rb"),
        ("php.settings.user_agent", "a\0b"),
        ("php.settings.on", "a"),
        ("load_balancer.headers.X-A", "a\nSet-Cookie: b"),
        ("load_balancer.headers.X A", "a"),
        ("load_balancer.headers.X-A;", "a"),
        ("environment.production.variables.A", "a\nb"),
        ("environment.production.variables.A", "$HOME"),
        ("environment.production.variables.A", ""),
        ("environment.production.variables.A]", "a"),
        ("project.description", "a\nb"),
    ] {
        let project = Project::bundled();
        let nested = key.rsplit('.').fold(
            Value::from(value),
            |inner, name| serde_json::json!({ name: inner }),
        );
        let text =
            nested
                .to_string()
                .replacen("\"project\":{", "\"project\":{\"name\":\"shop\",", 1);
        let file = if key.starts_with("project") {
            "project"
        } else {
            "hostile"
        };
        project.write(&format!("inventories/{file}.yml"), &text);
        let output = project.precast(&["render", "--yes"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{key} {value:?}:\n{said}");
        assert!(said.contains("error"), "{key} {value:?}:\n{said}");
        assert!(!project.path("out/production/php").exists(), "{key}");
    }
}
