//! Rules about the repository itself.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

use std::fs;
use std::path::PathBuf;

use precast::targets;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let files: Vec<_> = walkdir::WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == extension))
        .filter(|entry| {
            !entry
                .path()
                .components()
                .any(|part| part.as_os_str() == "target")
        })
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.into_path(), text)
        })
        .collect();
    assert!(!files.is_empty(), "no .{extension} files in {folder}");
    files
}

#[test]
fn source_files_are_short() {
    for (path, text) in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let lines = text.lines().count();
        let path = path.display();
        assert!(
            lines <= 400,
            "{path} has {lines} lines: which second job moved in?"
        );
    }
}

#[test]
fn yaml_parsers_are_named_in_one_module() {
    for (path, text) in files("src", "rs") {
        let named = ["serde_yaml", "saphyr"]
            .iter()
            .any(|name| text.contains(name));
        let shown = path.display().to_string();
        assert!(!named || shown.contains("/src/parse"), "{shown}");
    }
}

/// sudo logs the command it runs, with what `environment` adds to it.
#[test]
fn no_task_hands_a_variable_to_a_program_in_its_environment() {
    for (path, text) in files("templates/ansible", "yml") {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.trim() != "environment:" {
                continue;
            }
            let depth = line.len() - line.trim_start().len();
            let values = lines
                .clone()
                .take_while(|line| line.len() - line.trim_start().len() > depth);
            for value in values {
                assert!(!value.contains("{{"), "{}: {value}", path.display());
            }
        }
    }
}

#[test]
fn each_target_has_templates_and_each_template_folder_a_target() {
    let mut folders: Vec<String> = fs::read_dir(root().join("templates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut names: Vec<&str> = targets::ALL.iter().map(|target| target.name).collect();
    names.sort_unstable();
    assert_eq!(folders, names);
    for name in names {
        assert!(
            root().join(format!("src/targets/{name}.rs")).is_file(),
            "{name} has no module"
        );
    }
}

#[test]
fn lints_are_listed_by_code_and_every_code_has_a_case() {
    let codes: Vec<&str> = precast::validate::LINTS
        .iter()
        .map(|lint| lint.code)
        .collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(
        codes, sorted,
        "lints stand in the order of their codes, once each"
    );
    let seen: String = walkdir::WalkDir::new(root().join("tests/cases"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "stdout" || entry.file_name() == "stderr")
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect();
    for code in codes {
        assert!(
            seen.contains(&format!("[{code}]")),
            "no case in tests/cases shows {code}"
        );
    }
}
