//! A program that runs.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

/// A program that runs, in a process group of its own. It is ended when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: tempfile::NamedTempFile,
    name: String,
}

impl Running {
    /// Starts a command with its output in a file of this folder.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, folder: &Path) -> Result<Self> {
        let log = tempfile::NamedTempFile::new_in(folder)?;
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(append(log.path())?)
            .stderr(append(log.path())?)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { child, log, name })
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it takes longer than this; it is ended then.
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(2);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > until {
                let name = Path::new(&self.name).file_name().unwrap_or_default();
                let name = name.to_string_lossy();
                return Err(anyhow!("{name} took longer than {} s", patience.as_secs()));
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Returns whether it has ended.
    pub fn ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Returns what it has printed so far.
    pub fn said(&self) -> String {
        fs::read(self.log.path())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended() {
            return;
        }
        let group = format!("-{}", self.child.id());
        let _ = Command::new("/bin/kill")
            .args(["-KILL", "--", &group])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn append(path: &Path) -> Result<File> {
    Ok(File::options().append(true).open(path)?)
}
