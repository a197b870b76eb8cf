//! Keeps the examples of README.md in step with the program. `UPDATE=1 cargo test --test readme`
//! writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that panics says why")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn examples_show_what_the_program_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut current = String::new();
    let mut examples = 0;
    let mut blocks = readme.split("```console\n");
    current += blocks.next().unwrap();
    for block in blocks {
        let (example, rest) = block.split_once("```\n").unwrap();
        let (command, _) = example.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ precast ").unwrap();
        // The repository is a project itself, and its `out/` is up to date.
        let output = Command::new(env!("CARGO_BIN_EXE_precast"))
            .args(arguments.split(' '))
            .current_dir(root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}");
        let said = String::from_utf8(output.stdout).unwrap();
        let _ = write!(current, "```console\n{command}\n{said}```\n{rest}");
        examples += 1;
    }
    assert!(examples > 0);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(
        current == fs::read_to_string(&path).unwrap(),
        "README.md is stale: UPDATE=1 cargo test --test readme"
    );
}
