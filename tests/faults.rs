//! What happens to `out/` when something goes wrong around the program: nothing, or whole files.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and one that is skipped says so"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use common::{Project, can_run, run, wait_until};

/// Everything below a folder, by path; links are not followed.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (path.display().to_string(), text)
        })
        .collect()
}

fn render(project: &Project, arguments: &[&str]) -> Output {
    project
        .precast(&["render", "--yes", "--quiet"])
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs `render`, which must fail with these words and leave `out/` as it is.
fn refuses(project: &Project, arguments: &[&str], words: &str) {
    let before = tree(&project.path("out"));
    let output = render(project, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "`{words}` is not in:\n{said}");
    assert_eq!(tree(&project.path("out")), before);
}

#[test]
fn the_manifest_is_what_sha256sum_expects() {
    let project = Project::bundled();
    project.render(&[]);
    run(Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "MANIFEST"])
        .current_dir(project.path("out/production")));
}

#[test]
fn links_are_not_followed() {
    for linked in [
        "out",
        "out/production",
        "out/production/php",
        "out/production/php/fpm/app.conf",
    ] {
        let project = Project::bundled();
        project.render(&["production"]);
        let place = project.path(linked);
        let elsewhere = project.path("elsewhere");
        fs::rename(&place, &elsewhere).unwrap();
        symlink(&elsewhere, &place).unwrap();
        let before = tree(&elsewhere);
        let shown = format!("`{linked}` is a symbolic link");
        refuses(
            &project,
            &["production", "--set=php.memory_limit=64M"],
            &shown,
        );
        assert_eq!(tree(&elsewhere), before);
    }
}

#[test]
fn a_manifest_that_names_other_places_deletes_nothing() {
    let project = Project::bundled();
    project.write("precious", "mine");
    let hash = precast::plan::manifest::hash("mine");
    project.write(
        "out/production/MANIFEST",
        &format!("{hash}  ../../precious\n"),
    );
    project.render(&[]);
    assert_eq!(project.read("precious"), "mine");
}

#[test]
fn files_of_others_are_kept() {
    let project = Project::bundled();
    project.write("out/production/notes.txt", "mine");
    project.write("out/production/php/fpm/app.conf", "mine too");
    project.render(&[]);
    assert_eq!(project.read("out/production/notes.txt"), "mine");
    assert_eq!(project.read("out/production/php/fpm/app.conf"), "mine too");
    project.render(&["--overwrite"]);
    assert_ne!(project.read("out/production/php/fpm/app.conf"), "mine too");
    fs::remove_dir_all(project.path("inventories/production")).unwrap();
    let staging = "environment: {staging: {}}";
    project.write("inventories/environment.yml", staging);
    project.render(&[]);
    assert_eq!(
        tree(&project.path("out/production")),
        BTreeMap::from([("notes.txt".to_owned(), "mine".to_owned())])
    );
}

#[test]
fn an_edited_file_that_is_no_longer_rendered_is_kept() {
    let project = Project::bundled();
    project.render(&[]);
    let path = "out/development/php/fpm/app.conf";
    project.write(path, "mine");
    project.write("inventories/environment.yml", "environment: {staging: {}}");
    project.render(&[]);
    let kept = BTreeMap::from([("php/fpm/app.conf", "mine")]);
    let left = tree(&project.path("out/development"));
    let left: BTreeMap<&str, &str> = left
        .iter()
        .filter(|(path, _)| *path != "MANIFEST")
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(left, kept);
    project.render(&["--overwrite"]);
    assert!(!project.path("out/development").exists());
}

#[test]
fn a_folder_in_the_way_is_named() {
    let project = Project::bundled();
    fs::create_dir_all(project.path("out/production/php/fpm/app.conf")).unwrap();
    let words = "cannot read `out/production/php/fpm/app.conf`: it is not a file";
    refuses(&project, &[], words);
    let project = Project::bundled();
    project.write("out/production", "a file");
    refuses(
        &project,
        &[],
        "cannot read `out/production`: it is not a folder",
    );
}

#[test]
fn one_run_writes_at_a_time() {
    let project = Project::bundled();
    let lock = precast::write::lock(&project.path("")).unwrap();
    refuses(&project, &[], "another `precast render` is at work");
    drop(lock);
    // A child that another test is just starting holds a copy of the lock until it runs.
    wait_until("the lock is free", || {
        render(&project, &[]).status.success()
    });
}

/// A project on a disk of its own, taken down when dropped.
struct SmallDisk(Project);

impl SmallDisk {
    fn new(size: &str) -> Self {
        let project = Project::bundled();
        let copy = project.path("inventories");
        let mounted = project.path("disk");
        fs::create_dir(&mounted).unwrap();
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&mounted));
        let disk = Self(project);
        run(Command::new("cp").arg("-r").arg(copy).arg(mounted));
        disk
    }

    fn render(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_precast"));
        command.arg("-C").arg(self.0.path("disk"));
        command.args(["render", "--yes", "--quiet"]).args(arguments);
        command.output().unwrap()
    }

    fn out(&self) -> BTreeMap<String, String> {
        tree(&self.0.path("disk/out"))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path("disk")).status();
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    if !can_run(&["mount"]) {
        return;
    }
    let disk = SmallDisk::new("16m");
    assert!(disk.render(&[]).status.success());
    let before = disk.out();
    let filler = fs::File::create(disk.0.path("disk/filler")).unwrap();
    let filled = std::io::copy(&mut std::io::repeat(0), &mut &filler);
    assert!(filled.is_err(), "the disk is not full");
    let output = disk.render(&["--set=php.timezone=Europe/Paris"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("cannot write") && said.contains("no space left"),
        "{said}"
    );
    assert_eq!(disk.out(), before);
    // The same on the way to a first `out/`.
    let disk = SmallDisk::new("128k");
    let output = disk.render(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no space left"), "{said}");
    assert!(!disk.0.path("disk/out").exists());
}

#[test]
fn a_read_only_disk_changes_nothing() {
    if !can_run(&["mount"]) {
        return;
    }
    let disk = SmallDisk::new("16m");
    run(Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(disk.0.path("disk")));
    let output = disk.render(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("read-only file system"), "{said}");
    assert!(disk.out().is_empty());
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_finishes() {
    let project = Project::bundled();
    let zones = ["UTC", "Europe/Paris"].map(|zone| format!("--set=php.timezone={zone}"));
    // What each file may hold: one text per zone.
    let whole = zones.clone().map(|zone| {
        project.render(&[&zone]);
        tree(&project.path("out"))
    });
    let mut killed = 0;
    for moment in 0..60 {
        let mut child = project
            .precast(&["render", "--yes", "--quiet"])
            .arg(&zones[moment % 2])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // No condition to wait for: any moment is meant to be survived.
        std::thread::sleep(Duration::from_micros(700 * moment as u64));
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        for (path, text) in tree(&project.path("out")) {
            let temporary = path.ends_with(".precast-new");
            let known = || whole.iter().any(|tree| tree.get(&path) == Some(&text));
            assert!(
                temporary || path.ends_with("MANIFEST") || known(),
                "{path} is neither old nor new:\n{text}"
            );
        }
    }
    assert!(killed > 0, "every run ended before it was killed");
    let output = render(&project, &[&zones[1]]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(tree(&project.path("out")), whole[1]);
}
