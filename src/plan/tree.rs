//! The folder `out/`, read without following symbolic links.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::diag::Diagnostic;
use crate::load::io_words;
use crate::plan::manifest;

/// The folder of a project's rendered files.
#[derive(Debug)]
pub struct OutputTree {
    root: PathBuf,
    /// Folders already looked at, and whether they exist. One look per folder, not per file.
    folders: Mutex<BTreeMap<OsString, bool>>,
}

/// A finding; boxed because it is rare and large.
type Finding = Box<Diagnostic>;

impl OutputTree {
    /// Names the `out/` of a project.
    pub fn new(project: &Path) -> Self {
        Self {
            root: project.join("out"),
            folders: Mutex::default(),
        }
    }

    /// Returns the path of a file of an environment on disk.
    pub fn path(&self, environment: &str, path: &str) -> PathBuf {
        self.root.join(environment).join(path)
    }

    /// Returns the folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads a file; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, is no file, or a symbolic link stands anywhere on the way.
    pub fn read(&self, environment: &str, path: &str) -> Result<Option<String>, Finding> {
        let full = self.path(environment, path);
        if !self.folder_exists(full.parent().unwrap_or(&self.root))? {
            return Ok(None);
        }
        let shown = format!("out/{environment}/{path}");
        match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&shown, &io_words(&error))),
            Ok(metadata) if metadata.is_symlink() => return Err(link(&shown)),
            Ok(metadata) if !metadata.is_file() => {
                return Err(unreadable(&shown, "it is not a file"));
            }
            Ok(_) => {}
        }
        let mut bytes = Vec::new();
        fs::File::open(&full)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|error| unreadable(&shown, &io_words(&error)))?;
        // What is not UTF-8 was not written by precast; it only has to differ.
        Ok(Some(String::from_utf8(bytes).unwrap_or_else(|error| {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        })))
    }

    fn folder_exists(&self, folder: &Path) -> Result<bool, Finding> {
        let mut known = self.folders.lock().expect("no reader panics");
        if let Some(exists) = known.get(folder.as_os_str()) {
            return Ok(*exists);
        }
        let mut current = self.root.clone();
        let below = folder.strip_prefix(&self.root).unwrap_or(Path::new(""));
        let steps = std::iter::once(None).chain(below.components().map(Some));
        for step in steps {
            if let Some(step) = step {
                current.push(step);
            }
            let exists = if let Some(exists) = known.get(current.as_os_str()) {
                *exists
            } else {
                let exists = self.look(&current)?;
                known.insert(current.clone().into_os_string(), exists);
                exists
            };
            if !exists {
                known.insert(folder.as_os_str().to_owned(), false);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn look(&self, folder: &Path) -> Result<bool, Finding> {
        let below = folder.strip_prefix(&self.root).unwrap_or(folder);
        let shown = Path::new("out").join(below).display().to_string();
        let shown = shown.trim_end_matches('/');
        match fs::symlink_metadata(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(unreadable(shown, &io_words(&error))),
            Ok(metadata) if metadata.is_symlink() => Err(link(shown)),
            Ok(metadata) if !metadata.is_dir() => Err(unreadable(shown, "it is not a folder")),
            Ok(_) => Ok(true),
        }
    }

    /// Returns the environments that have a MANIFEST, in name order.
    pub fn environments(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.root) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            // A link such as `out/latest` is somebody's own.
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                fs::symlink_metadata(self.path(name, manifest::FILE))
                    .is_ok_and(|metadata| metadata.is_file())
            })
            .collect();
        names.sort();
        names
    }
}

fn unreadable(shown: &str, why: &str) -> Finding {
    Box::new(
        Diagnostic::error("F08", format!("cannot read `{shown}`: {why}"))
            .hint("mend its permissions, or move it out of `out/`"),
    )
}

fn link(shown: &str) -> Finding {
    Box::new(
        Diagnostic::error(
            "F08",
            format!("`{shown}` is a symbolic link, and links are not followed"),
        )
        .hint("replace it by a folder or file of its own; nothing is written outside `out/`"),
    )
}
