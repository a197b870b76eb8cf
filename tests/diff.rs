//! What the formats of `precast diff` print for plans made by hand.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use precast::diff::hunks::{Change, Depth, changes};
use precast::diff::{Format, Options, html, human, json, markdown, unified};
use precast::plan::{Plan, PlannedFile, Status};

const PLAIN: Options = Options {
    styled: false,
    stat: false,
};

const FORMATS: [(&str, Format); 5] = [
    ("human", human::print),
    ("unified", unified::print),
    ("markdown", markdown::print),
    ("json", json::print),
    ("html", html::print),
];

fn file(path: &str, status: Status, old: Option<&str>, new: Option<&str>) -> PlannedFile {
    PlannedFile {
        path: path.to_owned(),
        status,
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
        hash: None,
        impacts: Vec::new(),
    }
}

fn plan(environment: &str, files: Vec<PlannedFile>) -> Plan {
    Plan {
        environment: environment.to_owned(),
        files,
        ..Plan::default()
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}

fn sample() -> Vec<Plan> {
    let old = "upstream app {\n  least_conn;\n  server 10.0.1.11:80 max_fails=3;\n  server 10.0.1.12:80 max_fails=3;\n}\n\nserver {\n  listen 80;\n  server_name shop.example;\n  location / {\n    proxy_pass http://app;\n    proxy_read_timeout 60s;\n  }\n}\n";
    let new = "upstream app {\n  least_conn;\n  server 10.0.1.11:80 max_fails=3;\n  server 10.0.1.12:80 max_fails=3;\n  server 10.0.1.13:80 max_fails=3;\n}\n\nserver {\n  listen 80;\n  server_name shop.example;\n  location / {\n    proxy_pass http://app;\n    proxy_read_timeout 30s;\n  }\n}\n";
    let mut update = file("nginx/sites/app.conf", Status::Update, Some(old), Some(new));
    update.impacts = vec!["reloads nginx on lb1, lb2".to_owned()];
    let mut created = file(
        "php/app3/php.ini",
        Status::Create,
        None,
        Some("[PHP]\nmemory_limit = 512M\n"),
    );
    created.impacts = vec!["restarts php-fpm on app3".to_owned()];
    let deleted = file(
        "php/old.ini",
        Status::Delete,
        Some("[PHP]\nexpose_php = On"),
        None,
    );
    let edited = file(
        "terraform/main.tf",
        Status::Edited,
        Some("a = 1\nb = 2 # mine\u{1b}[2J\n"),
        Some("a = 1\nb = 2\n"),
    );
    let same = file("terraform/versions.tf", Status::Unchanged, None, None);
    vec![
        plan("production", vec![update, created, deleted, edited, same]),
        plan("staging", Vec::new()),
    ]
}

/// Compares with a file of `tests/diff/`; `UPDATE=1` rewrites it.
fn is_as_kept(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diff")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).expect("written");
    }
    assert_eq!(text, fs::read_to_string(path).expect("a kept text"));
}

#[test]
fn human_reads_well() {
    is_as_kept("human.txt", &human::print(&sample(), PLAIN));
}

#[test]
fn human_stat_reads_well() {
    let options = Options {
        stat: true,
        ..PLAIN
    };
    is_as_kept("stat.txt", &human::print(&sample(), options));
}

#[test]
fn markdown_reads_well() {
    is_as_kept("markdown.md", &markdown::print(&sample(), PLAIN));
}

#[test]
fn html_reads_well() {
    is_as_kept("page.html", &html::print(&sample(), PLAIN));
}

#[test]
fn styles_are_the_only_difference_of_styled_text() {
    let styled = human::print(
        &sample(),
        Options {
            styled: true,
            stat: false,
        },
    );
    assert!(styled.contains("\u{1b}["));
    assert_eq!(
        anstream::adapter::strip_str(&styled).to_string(),
        human::print(&sample(), PLAIN)
    );
}

#[test]
fn nothing_to_do_is_said() {
    let plans = [plan("production", Vec::new())];
    assert_eq!(human::print(&plans, PLAIN), "no changes\n");
    assert_eq!(unified::print(&plans, PLAIN), "");
}

#[test]
fn json_keeps_its_shape() {
    let value: serde_json::Value =
        serde_json::from_str(&json::print(&sample(), PLAIN)).expect("JSON");
    assert_eq!(
        value,
        serde_json::json!({"version": 1, "environments": [
            {"name": "production", "files": [
                {"path": "production/nginx/sites/app.conf", "status": "update", "added": 2,
                 "removed": 1, "impact": ["reloads nginx on lb1, lb2"]},
                {"path": "production/php/app3/php.ini", "status": "create", "added": 2,
                 "removed": 0, "impact": ["restarts php-fpm on app3"]},
                {"path": "production/php/old.ini", "status": "delete", "added": 0,
                 "removed": 2, "impact": []},
                {"path": "production/terraform/main.tf", "status": "edited", "added": 1,
                 "removed": 1, "impact": []},
                {"path": "production/terraform/versions.tf", "status": "unchanged", "added": 0,
                 "removed": 0, "impact": []},
            ]},
            {"name": "staging", "files": []},
        ]})
    );
}

#[test]
fn nothing_a_file_holds_acts_on_the_reader() {
    let nasty =
        "\u{1b}]0;owned\u{7} \u{9b}2J \u{202e}gpj </table><script>alert(1)</script> \r```` \u{0}\n";
    let path = "nginx/a\u{1b}<b>|`.conf";
    let plans = [plan(
        "production",
        vec![file(path, Status::Edited, Some(nasty), Some("fine\n"))],
    )];
    for (name, print) in FORMATS {
        if name == "unified" {
            continue;
        }
        let text = print(&plans, PLAIN);
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'),
            "{name}: {text}"
        );
        assert!(name != "html" || !text.contains("<script"), "{text}");
        assert!(name != "markdown" || text.contains("`````diff"), "{text}");
    }
}

#[test]
fn a_long_new_file_is_cut_on_the_terminal() {
    let text = "line\n".repeat(1000);
    let plans = [plan(
        "production",
        vec![file("php/a.ini", Status::Create, None, Some(&text))],
    )];
    let shown = human::print(&plans, PLAIN);
    assert!(
        shown.contains("960 more lines; `precast diff --format unified production` shows all"),
        "{shown}"
    );
    assert!(shown.lines().count() < 60, "{shown}");
}

#[test]
fn markdown_fits_a_comment_and_says_what_it_left_out() {
    let long: String = lines(3000, |n| format!("server app{n} ü\n"));
    let other = long.replace("ü", "ö");
    let sizes = [(1, 1), (1, 12), (3, 40), (150, 2)];
    for (environments, files) in sizes {
        let plans: Vec<Plan> = (0..environments)
            .map(|environment| {
                let mut all: Vec<PlannedFile> = (0..files)
                    .map(|n| file(&format!("t{n}/{n}.conf"), Status::Create, None, Some(&long)))
                    .collect();
                all[0] = file("t0/0.conf", Status::Update, Some(&long), Some(&other));
                for file in &mut all {
                    file.impacts = vec![format!("reloads {} on machine{environment}", file.path)];
                }
                plan(&format!("environment-{environment}"), all)
            })
            .collect();
        let text = markdown::print(&plans, PLAIN);
        assert!(text.len() <= 65_536, "{environments}: {}", text.len());
        assert!(text.len() > 40_000, "{environments}: {}", text.len());
        assert!(text.contains("Left out for want of room"), "{environments}");
        assert!(text.contains("update <code>out/environment-0/t0/0.conf"));
        let fences = text.lines().filter(|line| line.starts_with("```")).count();
        assert_eq!(fences % 2, 0);
        // Every line is either shown or counted as left out.
        let shown = text
            .lines()
            .filter(|line| line.starts_with("+server") || line.starts_with("-server"))
            .count();
        let left: usize = text
            .split("want of room: ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next()?.parse().ok())
            .expect("a number");
        let total: usize = changes(&plans, Depth::Lines)
            .iter()
            .map(Change::shown)
            .sum();
        assert_eq!(shown + left, total);
    }
}

const CONTENTS: [Option<&str>; 16] = [
    None,
    Some(""),
    Some("\n"),
    Some("a"),
    Some("a\n"),
    Some("a\nb\nc\n"),
    Some("a\nb\nc"),
    Some("a\r\nb\r\nc\r\n"),
    Some("a\rb\rc\n"),
    Some("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n"),
    Some("\\ No newline at end of file\n"),
    Some("a\u{2028}b\u{2029}c\u{85}d\u{c}e\u{b}f\n"),
    Some("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"),
    Some("1\n2\nx\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n20\n21"),
    Some("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"),
    Some("\n\n \n\t\n  \n"),
];

#[test]
fn patch_applies_what_unified_prints() {
    let mut files = Vec::new();
    let mut pairs: Vec<(&str, Option<String>, Option<String>)> = Vec::new();
    for (at, old) in CONTENTS.iter().enumerate() {
        for (to, new) in CONTENTS.iter().enumerate() {
            if old != new {
                let folder = ["nginx", "php with space", "quo\"te\\"][(at + to) % 3];
                pairs.push((folder, old.map(str::to_owned), new.map(str::to_owned)));
            }
        }
    }
    pairs.extend(random_pairs());
    for (index, (folder, old, new)) in pairs.iter().enumerate() {
        let status = match (old, new) {
            (None, _) => Status::Create,
            (_, None) => Status::Delete,
            _ if index % 5 == 0 => Status::Edited,
            _ => Status::Update,
        };
        let path = format!("{folder}/{index}.conf");
        files.push(file(&path, status, old.as_deref(), new.as_deref()));
    }
    let project = tempfile::tempdir().expect("a folder");
    let place = |file: &PlannedFile| project.path().join("out/production").join(&file.path);
    for file in &files {
        let place = place(file);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        if let Some(old) = &file.old {
            fs::write(place, old).expect("written");
        }
    }
    let plans = [plan("production", files)];
    let text = unified::print(&plans, PLAIN);
    patch(project.path(), &text);
    for file in &plans[0].files {
        let bytes = fs::read(place(file)).ok();
        assert_eq!(
            bytes.as_deref(),
            file.new.as_deref().map(str::as_bytes),
            "{file:?}"
        );
    }
}

/// Texts of few different lines, so that they share many, made without a random source.
fn random_pairs() -> Vec<(&'static str, Option<String>, Option<String>)> {
    let mut state = 7_u64;
    let mut next = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let lines = ["a\n", "b\n", "c\r\n", "\n", "d\u{2028}\n", "-- e\n"];
    let mut text = |length: u64| -> String {
        let mut text: String = (0..next(length))
            .map(|_| lines[usize::try_from(next(6)).expect("small")])
            .collect();
        if next(3) == 0 {
            text.push_str("no newline");
        }
        text
    };
    (0..120)
        .map(|_| ("random", Some(text(40)), Some(text(40))))
        .filter(|(_, old, new)| old != new)
        .collect()
}

fn patch(project: &Path, text: &str) {
    use std::io::Write as _;
    let child = Command::new("patch")
        .args(["-p0", "--silent"])
        .current_dir(project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !in_ci() => {
            return;
        }
        Err(error) => panic!("`patch` does not start: {error}"),
    };
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(text.as_bytes())
        .expect("read by patch");
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

#[test]
fn large_files_are_compared_quickly() {
    let old: String = lines(20_000, |n| {
        format!("  - target: 10.0.{}.{}:9100\n", n / 250, n % 250)
    });
    let worst: [String; 3] = [
        old.replacen("10.0.3.", "10.9.3.", 250),
        old.replace("target", "host"),
        lines(20_000, |n| ["a\n", "b\n", "c\n"][n * n % 7 % 3].to_owned()),
    ];
    for new in &worst {
        let plans = [plan(
            "production",
            vec![file(
                "monitoring/p.yml",
                Status::Update,
                Some(&old),
                Some(new),
            )],
        )];
        for (name, print) in FORMATS {
            let start = Instant::now();
            print(&plans, PLAIN);
            // Far above what it takes, even without optimisation on a busy machine.
            assert!(start.elapsed() < Duration::from_secs(10), "{name}");
        }
    }
}
