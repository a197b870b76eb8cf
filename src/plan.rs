//! Stage 8: holds what was rendered against what is in `out/`.

pub mod manifest;
pub mod tree;

use std::collections::BTreeMap;

use manifest::Manifest;
use tree::OutputTree;

use crate::artifact::Consequences;
use crate::diag::Diagnostics;

/// What one environment's files look like now, and what they should look like.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The environment's name.
    pub environment: String,
    /// Its files by path below `out/<environment>/`.
    pub files: Vec<PlannedFile>,
    /// What `MANIFEST` says now.
    pub manifest: Manifest,
}

/// One file.
#[derive(Debug, Clone)]
pub struct PlannedFile {
    /// Its path below `out/<environment>/`.
    pub path: String,
    /// What happens to it.
    pub status: Status,
    /// What is on disk; `None` where there is nothing.
    pub old: Option<String>,
    /// What was rendered; `None` where nothing is any more. Empty for an unchanged file, whose
    /// text nobody needs twice.
    pub new: Option<String>,
    /// The hash of what was rendered.
    pub hash: Option<String>,
    /// What deploying the change does.
    pub impacts: Vec<String>,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It appears.
    Create,
    /// Its text changes.
    Update,
    /// It goes: nothing renders it any more.
    Delete,
    /// It stays.
    Unchanged,
    /// Somebody changed it by hand since it was rendered; it is left alone without `--overwrite`.
    Edited,
}

impl Status {
    /// Returns the word used in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Unchanged => "unchanged",
            Self::Edited => "edited",
        }
    }
}

/// A rendered file on its way into a plan.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its text.
    pub text: String,
    /// What deploying a change of it does.
    pub impacts: Vec<String>,
    /// Finds out what more a certain change does.
    pub consequences: Option<Consequences>,
}

impl Plan {
    /// Returns the files something would happen to.
    pub fn changes(&self) -> impl Iterator<Item = &PlannedFile> {
        self.files
            .iter()
            .filter(|file| file.status != Status::Unchanged)
    }

    /// Returns whether writing would do nothing: no file changes and MANIFEST is as it should be.
    pub fn is_clean(&self) -> bool {
        self.changes().next().is_none() && self.manifest == self.next_manifest()
    }

    /// Returns MANIFEST as it is after writing.
    pub fn next_manifest(&self) -> Manifest {
        let mut next = Manifest::default();
        for file in &self.files {
            match (&file.hash, file.status) {
                (_, Status::Delete) => {}
                // An edited file stays listed under the hash it was rendered with, so that it is
                // still known to be edited next time.
                (_, Status::Edited) => next.copy(&self.manifest, &file.path),
                (Some(hash), _) => next.add(&file.path, hash),
                (None, _) => {}
            }
        }
        next
    }
}

/// Compares one environment's rendered files with the disk.
///
/// An empty `rendered` plans the removal of an environment that is gone from the inventory.
/// Paths that cannot be read, or that a symbolic link leads elsewhere, are reported.
pub fn plan(
    output: &OutputTree,
    environment: &str,
    rendered: BTreeMap<String, Rendered>,
    diagnostics: &mut Diagnostics,
) -> Plan {
    let mut read = |path: &str| match output.read(environment, path) {
        Ok(text) => text,
        Err(finding) => {
            diagnostics.push(*finding);
            None
        }
    };
    let manifest =
        read(manifest::FILE).map_or_else(Manifest::default, |text| Manifest::parse(&text));
    let mut files = Vec::with_capacity(rendered.len());
    for path in manifest.paths() {
        if !rendered.contains_key(path)
            && let Some(old) = read(path)
        {
            let status = if manifest.knows(path, &manifest::hash(&old)) {
                Status::Delete
            } else {
                Status::Edited
            };
            files.push(PlannedFile {
                path: path.to_owned(),
                status,
                old: Some(old),
                new: None,
                hash: None,
                impacts: Vec::new(),
            });
        }
    }
    for (path, rendered) in rendered {
        let Rendered {
            text,
            mut impacts,
            consequences,
        } = rendered;
        let old = read(&path);
        let hash = manifest::hash(&text);
        let status = match &old {
            None => Status::Create,
            Some(old) if *old == text => Status::Unchanged,
            Some(old) if manifest.knows(&path, &manifest::hash(old)) => Status::Update,
            Some(_) => Status::Edited,
        };
        if let (Status::Update, Some(consequences), Some(old)) = (status, consequences, &old) {
            impacts.extend(consequences(old, &text));
        }
        let (old, new) = if status == Status::Unchanged {
            (None, None)
        } else {
            (old, Some(text))
        };
        files.push(PlannedFile {
            path,
            status,
            old,
            new,
            hash: Some(hash),
            impacts,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Plan {
        environment: environment.to_owned(),
        files,
        manifest,
    }
}
