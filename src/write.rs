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
    let mut steps: Vec<Steps<'_>> = plans
        .iter()
        .map(|plan| Steps::of(output, plan, overwrite))
        .collect();
    steps.par_iter().for_each(Steps::clean);
    steps.retain(|steps| !steps.is_idle());
    let staged = steps
        .par_iter_mut()
        .try_for_each(|steps| steps.stage(output.root()));
    if let Err(error) = staged {
        unstage(&steps);
        return Err(error);
    }
    steps.par_iter().try_for_each(Steps::apply)
}

/// Takes back what [`Steps::stage`] wrote. Only folders it created go: an empty one that was there
/// before may be somebody's.
fn unstage(steps: &[Steps<'_>]) {
    for steps in steps {
        for text in &steps.texts {
            let _ = fs::remove_file(temporary(&text.path));
        }
        let _ = fs::remove_file(temporary(&steps.manifest()));
        let _ = fs::remove_file(steps.next_manifest());
    }
    let mut created: Vec<&PathBuf> = steps.iter().flat_map(|steps| &steps.created).collect();
    // Inner folders sort after those they are in.
    created.sort();
    for folder in created.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// A file's new text.
struct Text<'a> {
    path: PathBuf,
    text: &'a str,
}

/// What happens to one environment's folder.
struct Steps<'a> {
    folder: PathBuf,
    texts: Vec<Text<'a>>,
    removals: Vec<PathBuf>,
    before: Manifest,
    after: Manifest,
    /// Folders that did not exist.
    created: Vec<PathBuf>,
}

impl<'a> Steps<'a> {
    fn of(output: &OutputTree, plan: &'a Plan, overwrite: bool) -> Self {
        let mut steps = Self {
            folder: output.path(&plan.environment, ""),
            texts: Vec::new(),
            removals: Vec::new(),
            before: plan.manifest.clone(),
            after: plan.next_manifest(),
            created: Vec::new(),
        };
        for file in plan.changes() {
            if file.status == Status::Edited && !overwrite {
                continue;
            }
            let path = output.path(&plan.environment, &file.path);
            if let (Some(text), Some(hash)) = (&file.new, &file.hash) {
                steps.texts.push(Text { path, text });
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

    /// Returns whether there is nothing to do.
    fn is_idle(&self) -> bool {
        self.texts.is_empty() && self.removals.is_empty() && self.before == self.after
    }

    /// Writes every text beside its place.
    fn stage(&mut self, root: &Path) -> Result<()> {
        for text in &self.texts {
            let folder = text.path.parent().unwrap_or(root);
            create_folders(folder, root, &mut self.created)?;
            write_file(&temporary(&text.path), &text.path, text.text)?;
        }
        create_folders(&self.folder, root, &mut self.created)?;
        let manifest = self.manifest();
        write_file(&temporary(&manifest), &manifest, &self.between().text())?;
        if self.between() == self.after {
            return Ok(());
        }
        write_file(&self.next_manifest(), &manifest, &self.after.text())
    }

    /// What MANIFEST says while files are moved. Where there was none before, that is what it says
    /// in the end; replacing a file costs a wait for the disk, so it is not done twice.
    fn between(&self) -> Manifest {
        self.before.union(&self.after)
    }

    /// Moves every text into its place.
    fn apply(&self) -> Result<()> {
        rename(&temporary(&self.manifest()), &self.manifest())?;
        for text in &self.texts {
            rename(&temporary(&text.path), &text.path)?;
        }
        for path in &self.removals {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(failed(path, &error));
                }
                _ => {}
            }
        }
        // Of every file that is listed no more, not only of those just removed: a run that was
        // killed may have removed a file and not its folder.
        for path in self.before.paths().filter(|path| !self.after.has(path)) {
            remove_empty_folders(&self.folder.join(path), &self.folder);
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

    /// Returns where MANIFEST waits until all else is done. No file's temporary name is this one,
    /// for no file's name is empty.
    fn next_manifest(&self) -> PathBuf {
        self.folder.join(TEMPORARY)
    }

    /// Removes temporary files that a killed run left.
    fn clean(&self) {
        let walk = walkdir::WalkDir::new(&self.folder).follow_root_links(false);
        for entry in walk.into_iter().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy();
            if entry.file_type().is_file() && name.starts_with('.') && name.ends_with(TEMPORARY) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{TEMPORARY}"))
}

/// Creates a folder and those above it, up to `root`, and remembers which were missing. Unlike
/// [`fs::create_dir_all`] it takes no symbolic link for a folder.
fn create_folders(folder: &Path, root: &Path, created: &mut Vec<PathBuf>) -> Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Ok(_) => {
            return Err(anyhow!("something that is not a folder is in the way")
                .context(format!("cannot create `{}`", folder.display())));
        }
        Err(_) => {}
    }
    if folder != root
        && let Some(above) = folder.parent()
    {
        create_folders(above, root, created)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {
            created.push(folder.to_owned());
            Ok(())
        }
        // Another environment was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(folder, &error)),
    }
}

/// Writes a temporary file. What goes wrong is told of the file it is for.
fn write_file(path: &Path, shown: &Path, text: &str) -> Result<()> {
    // Never through a link somebody put there.
    File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| failed(shown, &error))
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
        if current == top || !current.starts_with(top) {
            return;
        }
        match fs::remove_dir(current) {
            Err(error) if error.kind() != ErrorKind::NotFound => return,
            _ => folder = current.parent(),
        }
    }
}
