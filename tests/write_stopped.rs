//! What is left when writing is refused, has no room, or is killed.

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use precast::plan::Status;
use precast::write::lock;
use project::{Project, TWO, plan_in, tree, write_in};

#[test]
fn a_run_that_cannot_write_leaves_everything_as_it_was() {
    let project = Project::new();
    fs::create_dir_all(project.at("php")).expect("a folder");
    fs::create_dir_all(project.root().join("out/empty")).expect("a folder");
    let plan = project.plan(&[("a/b/c.conf", "a\n"), ("php/app1/php.ini", "b\n")]);
    // It comes between the plan and the writing.
    fs::write(project.at("php/app1"), "in the way").expect("written");
    let before = project.tree();
    let error = write_in(project.root(), &[plan], false).expect_err("a file in the way");
    assert!(
        format!("{error:#}").contains("out/production/php/app1"),
        "{error:#}"
    );
    assert_eq!(project.tree(), before);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let project = Project::new();
    let held = lock(project.root()).expect("nobody else");
    let run = Command::new(env!("CARGO_BIN_EXE_precast"))
        .arg("-C")
        .arg(project.root())
        .args(["render", "--yes"])
        .output()
        .expect("it runs");
    assert_eq!(run.status.code(), Some(1));
    let words = String::from_utf8_lossy(&run.stderr);
    assert!(
        words.contains("another `precast render` is at work"),
        "{words}"
    );
    drop(held);
    // A child that another test is just starting holds a copy of the lock until it runs.
    let free = (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        lock(project.root()).is_ok()
    });
    assert!(free, "the lock outlives its holder");
}

/// A mounted file system that goes with the test.
struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let project = Project::new();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(project.root())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        assert!(
            std::env::var_os("CI").is_none(),
            "cannot mount a small disk"
        );
        skipped("needs root");
        return;
    }
    let _mount = Mount(project.root().to_owned());
    project.render(TWO, false);
    let before = project.tree();
    let large = "x".repeat(100_000);
    let plan = project.plan(&[
        ("aaa/new/first.conf", "small\n"),
        ("nginx/nginx.conf", "changed\n"),
        ("php/large.conf", &large),
    ]);
    let error = format!(
        "{:#}",
        write_in(project.root(), &[plan], false).expect_err("a full disk")
    );
    assert!(error.contains("out/production/php/large.conf`"), "{error}");
    assert!(error.contains("no space left on device"), "{error}");
    assert_eq!(project.tree(), before);
    assert!(project.plan(TWO).is_clean());
}

#[expect(
    clippy::print_stderr,
    reason = "the reader of the test run has to know"
)]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Two renderings that share some files, and texts long enough to be caught half written.
fn version(number: usize) -> BTreeMap<String, String> {
    let range = if number.is_multiple_of(2) {
        0..30
    } else {
        15..45
    };
    range
        .map(|file| {
            let text = format!("version {number} of {file}\n").repeat(300);
            (format!("target{}/host{file}/{file}.conf", file % 3), text)
        })
        .collect()
}

const VICTIM: &str = "PRECAST_TEST_VICTIM";

/// Not a test of its own: it renders without end when [`runs_killed_at_any_moment_are_made_good`]
/// starts it as a process to kill.
#[test]
fn victim() {
    let Some(root) = std::env::var_os(VICTIM).map(PathBuf::from) else {
        return;
    };
    for number in (0..2).cycle() {
        let (plan, _) = plan_in(&root, &version(number));
        write_in(&root, &[plan], false).expect("written");
    }
}

#[test]
fn runs_killed_at_any_moment_are_made_good() {
    let project = Project::new();
    let versions = [version(0), version(1)];
    let (plan, _) = plan_in(project.root(), &versions[0]);
    write_in(project.root(), &[plan], false).expect("written");
    let mut interrupted = 0;
    for round in 0..30 {
        let mut victim = Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", "victim"])
            .env(VICTIM, project.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_micros(6_000 + round * 1_231));
        victim.kill().expect("killed");
        victim.wait().expect("it ends");
        for (path, bytes) in tree(&project.at("")) {
            let path = path.strip_prefix(project.at("")).expect("inside");
            let name = path.to_str().expect("UTF-8");
            let whole: BTreeSet<&[u8]> = versions
                .iter()
                .filter_map(|version| version.get(name).map(String::as_bytes))
                .collect();
            interrupted += usize::from(name.ends_with(".precast-new"));
            if let Some(bytes) = bytes.filter(|_| !whole.is_empty()) {
                assert!(whole.contains(bytes.as_slice()), "{name} is broken");
            }
        }
        let wanted = &versions[usize::from(round % 3 == 0)];
        let (plan, _) = plan_in(project.root(), wanted);
        for file in &plan.files {
            assert_ne!(
                file.status,
                Status::Edited,
                "{} is taken for edited",
                file.path
            );
        }
        write_in(project.root(), &[plan], false).expect("written");
        assert!(plan_in(project.root(), wanted).0.is_clean());
        let left: BTreeSet<String> = walkdir::WalkDir::new(project.at(""))
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(project.at("")).expect("inside");
                path.to_str().expect("UTF-8").to_owned()
            })
            .filter(|name| name != "MANIFEST")
            .collect();
        assert_eq!(left, wanted.keys().cloned().collect());
    }
    assert!(interrupted > 0, "no run was killed at work");
}
