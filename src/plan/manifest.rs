//! `MANIFEST`: which files precast wrote, and what was in them. `sha256sum -c MANIFEST` reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The file's name in an environment's folder.
pub const FILE: &str = "MANIFEST";

/// The files precast wrote, with the hashes each may have.
///
/// While a run writes, a file is listed with its old and its new hash, so that it is known to be
/// precast's own wherever the run may be stopped. Otherwise there is one hash per file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest(BTreeMap<String, BTreeSet<String>>);

/// Returns the SHA-256 of a text in hexadecimal digits.
pub fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}

impl Manifest {
    /// Reads a manifest. Lines that are no entry, and paths that would leave the folder, are
    /// ignored: a damaged manifest makes files foreign, never deletable.
    pub fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for line in text.lines() {
            if let Some((hash, path)) = line.split_once("  ")
                && hash.len() == 64
                && is_inside(path)
            {
                manifest.add(path, hash);
            }
        }
        manifest
    }

    /// Lists a file.
    pub fn add(&mut self, path: &str, hash: &str) {
        self.0
            .entry(path.to_owned())
            .or_default()
            .insert(hash.to_owned());
    }

    /// Lists a file as another manifest does, if it does.
    pub fn copy(&mut self, other: &Self, path: &str) {
        if let Some(hashes) = other.0.get(path) {
            self.0.insert(path.to_owned(), hashes.clone());
        }
    }

    /// Lists a file under this hash alone.
    pub fn replace(&mut self, path: &str, hash: &str) {
        self.0.remove(path);
        self.add(path, hash);
    }

    /// Lists a file no more.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Returns the paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns whether a file is listed.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Returns whether precast wrote this content to this path.
    pub fn knows(&self, path: &str, hash: &str) -> bool {
        self.0.get(path).is_some_and(|hashes| hashes.contains(hash))
    }

    /// Returns whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns what both list.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (path, hashes) in &other.0 {
            both.0
                .entry(path.clone())
                .or_default()
                .extend(hashes.iter().cloned());
        }
        both
    }

    /// Writes the manifest's text, sorted by path.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (path, hashes) in &self.0 {
            for hash in hashes {
                let _ = writeln!(text, "{hash}  {path}");
            }
        }
        text
    }
}

fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
        && path != FILE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_survives_being_written() {
        let mut manifest = Manifest::default();
        manifest.add("nginx/nginx.conf", &hash("a"));
        manifest.add("ansible/site.yml", &hash("b"));
        assert_eq!(Manifest::parse(&manifest.text()), manifest);
    }

    #[test]
    fn paths_that_leave_the_folder_are_ignored() {
        let digest = hash("");
        for path in ["../x", "/etc/passwd", "a/../../b", "a//b", ".", "MANIFEST"] {
            assert!(
                Manifest::parse(&format!("{digest}  {path}\n")).is_empty(),
                "{path}"
            );
        }
    }

    #[test]
    fn hashes_are_sha256() {
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
