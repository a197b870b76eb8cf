//! Stage 10: brings `out/` to what was planned. The only stage that writes to it.
//!
//! Every new text first goes to a temporary file in its folder. Only when all of them are on disk
//! are they renamed into place, so a full disk changes nothing. MANIFEST lists old and new hashes
//! before the first rename and the new ones after the last, so that a run that is killed between
//! them leaves whole files that the next run still knows as its own.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use rayon::prelude::*;

use crate::load::io_words;
use crate::plan::manifest::{self, Manifest};
use crate::plan::tree::OutputTree;
use crate::plan::{Plan, Status};

/// What the names of temporary files end in.
const TEMPORARY: &str = ".precast-new";

/// Keeps other runs from writing while this one lasts.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

/// Takes the project's lock, which is on its folder itself, so that no file is left behind.
///
/// # Errors
/// When another run holds it, or the folder cannot be opened.
pub fn lock(project: &Path) -> Result<Lock> {
    let folder = File::open(project)
        .map_err(|error| anyhow!("cannot open `{}`: {}", project.display(), io_words(&error)))?;
    match folder.try_lock() {
        Ok(()) => Ok(Lock(folder)),
        Err(fs::TryLockError::WouldBlock) => Err(anyhow!(
            "another `precast render` is at work in `{}`; wait until it is done",
            project.display()
        )),
        Err(fs::TryLockError::Error(error)) => Err(anyhow!(
            "cannot lock `{}`: {}",
            project.display(),
            io_words(&error)
        )),
    }
}

/// Writes what was planned. Edited files are left alone unless `overwrite` is set.
///
/// # Errors
/// When the disk is full or refuses; then `out/` is as it was, or every file is whole and the next
/// run finishes the job.
pub fn write(output: &OutputTree, plans: &[Plan], overwrite: bool, _lock: &Lock) -> Result<()> {
    plans
        .par_iter()
        .for_each(|plan| clean(&output.path(&plan.environment, "")));
    let steps: Vec<Steps<'_>> = plans
        .iter()
        .filter(|plan| !plan.is_clean() || overwrite)
        .map(|plan| Steps::of(output, plan, overwrite))
        .collect();
    let staged = steps.par_iter().try_for_each(|steps| steps.stage(output));
    if let Err(error) = staged {
        steps.iter().for_each(Steps::unstage);
        return Err(error);
    }
    steps.par_iter().try_for_each(Steps::apply)
}

/// What happens to one environment's folder.
struct Steps<'a> {
    folder: PathBuf,
    /// Final path and text.
    texts: Vec<(PathBuf, &'a str)>,
    removals: Vec<PathBuf>,
    before: Manifest,
    after: Manifest,
}

impl<'a> Steps<'a> {
    fn of(output: &OutputTree, plan: &'a Plan, overwrite: bool) -> Self {
        let mut steps = Self {
            folder: output.path(&plan.environment, ""),
            texts: Vec::new(),
            removals: Vec::new(),
            before: plan.manifest.clone(),
            after: plan.next_manifest(),
        };
        for file in plan.changes() {
            if file.status == Status::Edited && !overwrite {
                continue;
            }
            let path = output.path(&plan.environment, &file.path);
            if let (Some(text), Some(hash)) = (&file.new, &file.hash) {
                steps.texts.push((path, text));
                if file.status == Status::Edited {
                    steps.after.replace(&file.path, hash);
                }
            } else {
                steps.removals.push(path);
                steps.after.remove(&file.path);
            }
        }
        steps
    }

    /// Writes every text beside its place.
    fn stage(&self, output: &OutputTree) -> Result<()> {
        for (path, text) in &self.texts {
            let folder = path.parent().unwrap_or(output.root());
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            write_file(&temporary(path), text)?;
        }
        fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, &error))?;
        write_file(&temporary(&self.manifest()), &self.between().text())?;
        if self.between() == self.after {
            return Ok(());
        }
        write_file(&self.next_manifest(), &self.after.text())
    }

    /// What MANIFEST says while files are moved. Where there was none before, that is what it says
    /// in the end; replacing a file costs a wait for the disk, so it is not done twice.
    fn between(&self) -> Manifest {
        self.before.union(&self.after)
    }

    /// Takes back what [`Self::stage`] wrote.
    fn unstage(&self) {
        for (path, _) in &self.texts {
            let _ = fs::remove_file(temporary(path));
            remove_empty_folders(path, &self.folder);
        }
        let _ = fs::remove_file(temporary(&self.manifest()));
        let _ = fs::remove_file(self.next_manifest());
        let _ = fs::remove_dir(&self.folder);
        let _ = self.folder.parent().map(fs::remove_dir);
    }

    /// Moves every text into its place.
    fn apply(&self) -> Result<()> {
        rename(&temporary(&self.manifest()), &self.manifest())?;
        for (path, _) in &self.texts {
            rename(&temporary(path), path)?;
        }
        for path in &self.removals {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(failed(path, &error));
                }
                _ => remove_empty_folders(path, &self.folder),
            }
        }
        if self.after.is_empty() {
            let _ = fs::remove_file(self.next_manifest());
            fs::remove_file(self.manifest()).map_err(|error| failed(&self.manifest(), &error))?;
            let _ = fs::remove_dir(&self.folder);
            return Ok(());
        }
        if self.between() == self.after {
            return Ok(());
        }
        rename(&self.next_manifest(), &self.manifest())
    }

    fn manifest(&self) -> PathBuf {
        self.folder.join(manifest::FILE)
    }

    fn next_manifest(&self) -> PathBuf {
        temporary(&self.folder.join("MANIFEST.next"))
    }
}

/// Removes temporary files that a killed run left.
fn clean(folder: &Path) {
    let walk = walkdir::WalkDir::new(folder);
    for entry in walk.into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() && entry.file_name().to_string_lossy().ends_with(TEMPORARY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{TEMPORARY}"))
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    // Never through a link somebody put there.
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|error| failed(path, &error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| failed(path, &error))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| failed(to, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!("{}", io_words(error)).context(format!("cannot write `{}`", path.display()))
}

/// Removes the folders above a file up to `top`, as long as they are empty.
fn remove_empty_folders(path: &Path, top: &Path) {
    let mut folder = path.parent();
    while let Some(current) = folder {
        if current == top || !current.starts_with(top) || fs::remove_dir(current).is_err() {
            return;
        }
        folder = current.parent();
    }
}
