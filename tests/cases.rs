//! Runs the folders in `tests/cases/`: each is a project, a command line and the exact output.
//!
//! A case holds `cmd` (arguments, one command a line; `#` begins a comment, `-` a command whose
//! output does not matter, `$` a shell command that changes the project in between), `in/` (the project; the
//! repository's own inventory without it), and what is expected: `stdout`, `stderr`, `exit` (0 when
//! absent) and `out/` (the whole tree after the last command; not compared when absent).
//! `UPDATE=1 cargo test --test cases` writes what was seen; read the diff before you commit it.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use similar::TextDiff;

#[test]
fn every_case_gives_exactly_what_it_says() {
    let update = std::env::var_os("UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("cmd").is_file())
        .collect();
    cases.sort();
    assert!(
        !cases.is_empty(),
        "there are no cases in {}",
        root.display()
    );
    let failures: Vec<String> = cases.iter().flat_map(|case| run(case, update)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Runs one case and returns what differs.
fn run(case: &Path, update: bool) -> Vec<String> {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let project = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cases")
        .join(&name);
    let _ = fs::remove_dir_all(&project);
    fs::create_dir_all(&project).unwrap();
    let input = case.join("in");
    if input.is_dir() {
        copy(&input, &project);
    } else {
        let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories");
        copy(&bundled, &project.join("inventories"));
    }
    let mut seen = BTreeMap::new();
    let (mut stdout, mut stderr, mut exit) = (String::new(), String::new(), 0);
    for line in read(&case.join("cmd")).lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(script) = line.strip_prefix("$ ") {
            let mut shell = Command::new("sh");
            shell.args(["-ec", script]).current_dir(&project);
            if !shell.status().unwrap().success() {
                return vec![format!("case {name}: `{script}` failed")];
            }
            continue;
        }
        let (line, matters) = match line.strip_prefix("- ") {
            Some(line) => (line, false),
            None => (line, true),
        };
        let output = command(line, &project).output().unwrap();
        if matters {
            stdout += &String::from_utf8(output.stdout).unwrap();
            stderr += &String::from_utf8(output.stderr).unwrap();
        }
        exit = output.status.code().unwrap_or(101);
        if exit == 101 {
            return vec![format!("case {name}: `{line}` panicked:\n{stderr}")];
        }
    }
    seen.insert("stdout".to_owned(), stdout);
    seen.insert("stderr".to_owned(), stderr);
    let code = if exit == 0 {
        String::new()
    } else {
        format!("{exit}\n")
    };
    seen.insert("exit".to_owned(), code);
    if case.join("out").is_dir() {
        let mut expected = BTreeMap::new();
        files(&case.join("out"), "out", &mut expected);
        let mut written = BTreeMap::new();
        files(&project.join("out"), "out", &mut written);
        for path in expected.keys() {
            written.entry(path.clone()).or_default();
        }
        seen.extend(written);
    }
    let mut failures = Vec::new();
    for (path, seen) in seen {
        let expected = read(&case.join(&path));
        if seen == expected {
            continue;
        }
        if update {
            let target = case.join(&path);
            if seen.is_empty() {
                let _ = fs::remove_file(target);
            } else {
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::write(target, &seen).unwrap();
            }
            continue;
        }
        let diff = TextDiff::from_lines(&expected, &seen);
        let diff = diff.unified_diff().header("expected", "seen").to_string();
        failures.push(format!("case {name}, {path}:\n{diff}"));
    }
    failures
}

/// Splits a command line at spaces; `'…'` holds what has spaces in it, `NAME=value` in front sets
/// environment variables.
fn command(line: &str, project: &Path) -> Command {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_precast"));
    command.current_dir(project).env_remove("NO_COLOR");
    let mut arguments = words.into_iter().peekable();
    while let Some((name, value)) = arguments
        .peek()
        .and_then(|word| word.split_once('='))
        .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    {
        command.env(name, value);
        arguments.next();
    }
    command.args(arguments);
    command
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn files(folder: &Path, shown: &str, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let shown = format!("{shown}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            files(&path, &shown, found);
        } else {
            found.insert(shown, fs::read_to_string(&path).unwrap());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
