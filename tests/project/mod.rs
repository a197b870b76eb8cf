//! A project folder to plan and write in, with renderings made by hand.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use precast::diag::Diagnostics;
use precast::plan::tree::OutputTree;
use precast::plan::{Plan, Rendered, Status, plan};
use precast::write::{lock, write};
use tempfile::TempDir;

/// Two small files.
pub(crate) const TWO: &[(&str, &str)] = &[("nginx/nginx.conf", "a\n"), ("php/app1/php.ini", "b\n")];

/// A project folder that goes with the test.
pub(crate) struct Project(TempDir);

impl Project {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root().join("out/production").join(path)
    }

    pub(crate) fn plan(&self, files: &[(&str, &str)]) -> Plan {
        let (plan, findings) = plan_in(self.root(), &rendered(files));
        let words: Vec<&String> = findings.iter().map(|finding| &finding.message).collect();
        assert!(words.is_empty(), "{words:?}");
        plan
    }

    pub(crate) fn render(&self, files: &[(&str, &str)], overwrite: bool) {
        let plan = self.plan(files);
        write_in(self.root(), &[plan], overwrite).expect("written");
    }

    pub(crate) fn refusal(&self, files: &[(&str, &str)]) -> String {
        let (_, findings) = plan_in(self.root(), &rendered(files));
        assert!(findings.has_errors());
        let words: Vec<&str> = findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        words.join("; ")
    }

    pub(crate) fn statuses(&self, files: &[(&str, &str)]) -> Vec<(String, Status)> {
        let plan = self.plan(files);
        plan.files
            .iter()
            .map(|file| (file.path.clone(), file.status))
            .collect()
    }

    /// Returns every file and folder below the project with its content.
    pub(crate) fn tree(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        tree(self.root())
    }

    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.at(path)).ok()
    }
}

pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("readable").into_path())
        .map(|path| (path.clone(), fs::read(path).ok()))
        .collect()
}

pub(crate) fn rendered(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

pub(crate) fn plan_in(root: &Path, files: &BTreeMap<String, String>) -> (Plan, Diagnostics) {
    let mut findings = Diagnostics::default();
    let files = files
        .iter()
        .map(|(path, text)| {
            let file = Rendered {
                text: text.clone(),
                impacts: Vec::new(),
                consequences: None,
            };
            (path.clone(), file)
        })
        .collect();
    let plan = plan(&OutputTree::new(root), "production", files, &mut findings);
    (plan, findings)
}

pub(crate) fn write_in(root: &Path, plans: &[Plan], overwrite: bool) -> anyhow::Result<()> {
    let lock = lock(root).expect("nobody else");
    write(&OutputTree::new(root), plans, overwrite, &lock)
}
