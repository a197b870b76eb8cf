//! What planning and writing do to `out/`: to its own files and to other people's.

mod project;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use precast::plan::Status;
use precast::plan::tree::OutputTree;
use project::{Project, TWO, tree, write_in};

#[test]
fn a_first_run_creates_and_a_second_does_nothing() {
    let project = Project::new();
    project.render(TWO, false);
    assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("a\n"));
    assert!(project.plan(TWO).is_clean());
    let before = project.tree();
    project.render(TWO, false);
    project.render(TWO, true);
    assert_eq!(project.tree(), before);
}

#[test]
fn sha256sum_accepts_manifest() {
    let project = Project::new();
    project.render(TWO, false);
    let output = Command::new("sha256sum")
        .args(["--check", "--strict", "MANIFEST"])
        .current_dir(project.at(""))
        .output()
        .expect("sha256sum runs");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_file_no_longer_rendered_goes_with_its_folders() {
    let project = Project::new();
    project.render(TWO, false);
    let left = &[("nginx/nginx.conf", "new\n")];
    assert_eq!(
        project.statuses(left),
        [
            ("nginx/nginx.conf".to_owned(), Status::Update),
            ("php/app1/php.ini".to_owned(), Status::Delete),
        ]
    );
    project.render(left, false);
    assert!(!project.at("php").exists());
    assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("new\n"));
    assert!(project.plan(left).is_clean());
}

#[test]
fn an_environment_that_is_gone_leaves_nothing() {
    let project = Project::new();
    project.render(TWO, false);
    project.render(&[], false);
    assert!(!project.at("").exists());
}

#[test]
fn foreign_files_are_never_touched() {
    let project = Project::new();
    project.render(TWO, false);
    fs::write(project.at("php/app1/notes.txt"), "mine").expect("written");
    fs::write(project.at("notes.precast-new"), "mine").expect("written");
    project.render(&[("nginx/nginx.conf", "a\n")], true);
    project.render(&[], true);
    assert_eq!(project.read("php/app1/notes.txt").as_deref(), Some("mine"));
    assert_eq!(project.read("notes.precast-new").as_deref(), Some("mine"));
    assert!(!project.at("nginx").exists());
    assert!(!project.at("MANIFEST").exists());
}

#[test]
fn a_foreign_file_in_a_place_counts_as_edited() {
    let project = Project::new();
    fs::create_dir_all(project.at("nginx")).expect("a folder");
    fs::write(project.at("nginx/nginx.conf"), "mine").expect("written");
    assert_eq!(project.statuses(TWO)[0].1, Status::Edited);
    project.render(TWO, false);
    assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("mine"));
    // Still nobody's: not removed either when it is no longer rendered.
    project.render(&[], true);
    assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("mine"));
}

#[test]
fn an_edit_by_hand_is_kept_until_overwritten() {
    let project = Project::new();
    project.render(TWO, false);
    fs::write(project.at("nginx/nginx.conf"), "mine").expect("written");
    let next = &[("nginx/nginx.conf", "next\n"), ("php/app1/php.ini", "c\n")];
    for _ in 0..2 {
        assert_eq!(project.statuses(next)[0].1, Status::Edited);
        project.render(next, false);
        assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("mine"));
        assert_eq!(project.read("php/app1/php.ini").as_deref(), Some("c\n"));
    }
    project.render(next, true);
    assert_eq!(project.read("nginx/nginx.conf").as_deref(), Some("next\n"));
    assert!(project.plan(next).is_clean());
}

#[test]
fn an_edited_file_no_longer_rendered_is_kept_until_overwritten() {
    let project = Project::new();
    project.render(TWO, false);
    fs::write(project.at("php/app1/php.ini"), "mine").expect("written");
    let left = &TWO[..1];
    for _ in 0..2 {
        assert_eq!(project.statuses(left)[1].1, Status::Edited);
        project.render(left, false);
        assert_eq!(project.read("php/app1/php.ini").as_deref(), Some("mine"));
    }
    project.render(left, true);
    assert!(!project.at("php").exists());
    assert!(project.plan(left).is_clean());
}

#[test]
fn an_edit_taken_back_is_no_edit() {
    let project = Project::new();
    project.render(TWO, false);
    fs::write(project.at("nginx/nginx.conf"), "mine").expect("written");
    project.render(TWO, false);
    fs::write(project.at("nginx/nginx.conf"), "a\n").expect("written");
    assert!(project.plan(TWO).is_clean());
}

#[test]
fn a_lost_manifest_is_written_again() {
    let project = Project::new();
    project.render(TWO, false);
    fs::remove_file(project.at("MANIFEST")).expect("removed");
    assert!(!project.plan(TWO).is_clean());
    project.render(TWO, false);
    assert!(project.plan(TWO).is_clean());
}

#[test]
fn links_are_refused_and_nothing_is_written_behind_them() {
    for place in [
        "out",
        "out/production",
        "out/production/nginx",
        "out/production/nginx/nginx.conf",
        "out/production/MANIFEST",
    ] {
        for dangling in [false, true] {
            let project = Project::new();
            let elsewhere = tempfile::tempdir().expect("a folder");
            let aim = elsewhere.path().join("aim");
            if !dangling {
                let is_file = place.matches('/').count() == 3 || place.ends_with("MANIFEST");
                if is_file {
                    fs::write(&aim, "theirs").expect("written");
                } else {
                    fs::create_dir(&aim).expect("a folder");
                }
            }
            let link = project.root().join(place);
            fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
            symlink(&aim, &link).expect("a link");
            let before = tree(elsewhere.path());
            let words = project.refusal(TWO);
            assert!(
                words.contains(&format!("`{place}` is a symbolic link")),
                "{words}"
            );
            // Even if somebody put the link there after the plan was made.
            fs::remove_file(&link).expect("removed");
            let plan = project.plan(TWO);
            symlink(&aim, &link).expect("a link");
            if place
                .rsplit('/')
                .next()
                .is_some_and(|name| !name.contains('.') && name != "MANIFEST")
            {
                write_in(project.root(), &[plan], false).expect_err("a link in the way");
            } else {
                write_in(project.root(), &[plan], false).expect("the link itself is replaced");
                assert!(!link.is_symlink());
            }
            assert_eq!(tree(elsewhere.path()), before, "{place}");
        }
    }
}

#[test]
fn a_link_beside_the_environments_is_ignored() {
    let project = Project::new();
    project.render(TWO, false);
    symlink("production", project.root().join("out/latest")).expect("a link");
    let output = OutputTree::new(project.root());
    assert_eq!(output.environments(), ["production"]);
}

#[test]
fn what_is_in_the_way_is_named() {
    let project = Project::new();
    fs::create_dir_all(project.at("nginx/nginx.conf")).expect("a folder");
    fs::write(project.at("php"), "").expect("written");
    let words = project.refusal(TWO);
    assert!(
        words.contains("`out/production/nginx/nginx.conf`: it is not a file"),
        "{words}"
    );
    assert!(
        words.contains("`out/production/php`: it is not a folder"),
        "{words}"
    );
}

#[test]
fn temporary_files_of_a_killed_run_go_even_when_nothing_changes() {
    let project = Project::new();
    project.render(TWO, false);
    let before = project.tree();
    for left in [
        "nginx/.nginx.conf.precast-new",
        ".MANIFEST.precast-new",
        ".precast-new",
    ] {
        fs::write(project.at(left), "half").expect("written");
    }
    project.render(TWO, false);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_folder_emptied_by_a_killed_run_goes() {
    let project = Project::new();
    project.render(TWO, false);
    fs::remove_file(project.at("php/app1/php.ini")).expect("removed");
    project.render(&TWO[..1], false);
    assert!(!project.at("php").exists());
}
