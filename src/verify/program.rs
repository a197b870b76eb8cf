//! Programs: which there are on this computer, and how to come by the others.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name, or its names from the likeliest on.
    pub commands: &'static [&'static str],
    /// How to come by it: `Debian package nginx-light`.
    pub source: &'static str,
    /// A word in what `--version` says that makes it another program: Debian's `mysqld` is MariaDB.
    pub unless: Option<&'static str>,
}

impl Program {
    /// Describes a program of this name.
    pub const fn new(commands: &'static [&'static str], source: &'static str) -> Self {
        Self {
            commands,
            source,
            unless: None,
        }
    }

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        self.commands[0]
    }
}

/// The folders in which programs are looked for.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// Takes the folders of a `PATH`. Beside each `bin` its `sbin` counts, which the PATH of an
    /// ordinary user leaves out, and the folders Debian keeps the versions of PostgreSQL in.
    pub fn new(path: &OsStr) -> Self {
        let mut folders = Vec::new();
        for folder in std::env::split_paths(path) {
            // An empty entry is this folder, where no program has any business.
            if folder.as_os_str().is_empty() {
                continue;
            }
            // Programs are started in another folder.
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            folders.push(folder.clone());
            if folder.file_name().is_some_and(|name| name == "bin")
                && let Some(above) = folder.parent()
            {
                folders.push(above.join("sbin"));
                let mut versions: Vec<PathBuf> = fs::read_dir(above.join("lib/postgresql"))
                    .into_iter()
                    .flatten()
                    .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
                    .collect();
                versions.sort();
                folders.extend(versions.into_iter().rev());
            }
        }
        Self { folders }
    }

    /// Returns the folders, for the `PATH` of the programs themselves.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Returns where a program is, if it is installed.
    pub fn find(&self, program: &Program) -> Option<PathBuf> {
        program
            .commands
            .iter()
            .flat_map(|command| self.folders.iter().map(move |folder| folder.join(command)))
            .filter(|path| is_executable(path))
            .find(|path| !program.unless.is_some_and(|word| says(path, word)))
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn says(path: &Path, word: &str) -> bool {
    Command::new(path)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(word))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::{Program, Tools};

    const SH: Program = Program::new(&["no-such-shell", "sh"], "Debian package dash");

    #[test]
    fn programs_are_found_by_any_of_their_names() {
        let tools = Tools::new(OsStr::new("/nonexistent:/bin"));
        assert_eq!(tools.find(&SH).as_deref(), Some(Path::new("/bin/sh")));
        assert!(tools.folders().contains(&"/sbin".into()));
        assert_eq!(Tools::new(OsStr::new("")).find(&SH), None);
    }
}
