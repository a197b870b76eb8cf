//! A private folder with the files of one job, and the programs that are run in it.

use std::ffi::OsStr;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use tempfile::TempDir;
use walkdir::WalkDir;

use super::files::Files;
use super::finding::{self, Finding};
use super::job::Job;
use super::program::{Program, Tools};
use super::running::Running;

/// How long a program may take, unless its checker says otherwise.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// How long a service may take to begin.
const SOON: Duration = Duration::from_secs(30);

/// Debian's `nobody`: whom programs run as that refuse to be root.
const NOBODY: u32 = 65534;

/// A private folder with a job's files in their places below it. It goes when dropped.
#[derive(Debug)]
pub struct Desk<'a> {
    folder: TempDir,
    root: PathBuf,
    job: &'a Job,
    tools: &'a Tools,
}

/// What a program printed and how it ended.
#[derive(Debug, Clone)]
pub struct Said {
    /// Whether it ended well.
    pub ok: bool,
    /// Both streams.
    pub text: String,
}

impl<'a> Desk<'a> {
    /// Lays a job's files out.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written to.
    pub fn new(job: &'a Job, tools: &'a Tools) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("precast-").tempdir()?;
        // Programs that refuse to be root must get in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let root = folder.path().canonicalize()?.join("out");
        let desk = Self {
            folder,
            root,
            job,
            tools,
        };
        fs::create_dir(&desk.root)?;
        fs::create_dir(desk.aside(""))?;
        for (path, text) in &desk.job.files {
            desk.write(path, text)?;
        }
        Ok(desk)
    }

    /// Returns the job's files.
    pub fn files(&self) -> &Files {
        &self.job.files
    }

    /// Returns the paths of the files that are judged.
    pub fn judged(&self) -> &[String] {
        &self.job.judged
    }

    /// Returns the only file that is judged, or the first.
    pub fn main(&self) -> &str {
        &self.job.judged[0]
    }

    /// Returns the job's variant.
    pub fn variant(&self) -> &str {
        &self.job.variant
    }

    /// Returns the place of a rendered file. The empty path is the folder of all.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Returns the place of a file that stands in for one on the machine, apart from the rendered
    /// ones.
    pub fn aside(&self, path: &str) -> PathBuf {
        self.folder.path().join("aside").join(path)
    }

    /// Writes a file at a place of a rendered one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &str, text: &str) -> Result<PathBuf> {
        write(self.path(path), text)
    }

    /// Writes a file that stands in for one on the machine.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_aside(&self, path: &str, text: &str) -> Result<PathBuf> {
        write(self.aside(path), text)
    }

    /// Changes a file for the trial, line by line, so that lines keep their numbers.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn adapt(&self, path: &str, change: impl Fn(&str) -> String) -> Result<PathBuf> {
        let text = self.job.files.get(path).map_or("", String::as_str);
        let changed: String = text.lines().map(|line| change(line) + "\n").collect();
        self.write(path, &changed)
    }

    /// Makes a certificate for `localhost` that signs itself, and its key, and returns both, the
    /// certificate first.
    ///
    /// # Errors
    /// When openssl fails.
    pub fn certificate(&self) -> Result<(PathBuf, PathBuf)> {
        let (certificate, key) = (self.aside("stand-in.pem"), self.aside("stand-in.key"));
        if certificate.exists() {
            return Ok((certificate, key));
        }
        let said = self.run(
            &OPENSSL,
            [
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
            ]
            .map(OsStr::new)
            .into_iter()
            .chain([key.as_os_str(), OsStr::new("-out"), certificate.as_os_str()]),
        )?;
        if !said.ok {
            return Err(anyhow!("openssl makes no certificate: {}", said.text));
        }
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
        Ok((certificate, key))
    }

    /// The same with the key in the file of the certificate, as `HAProxy` wants it, and beside it.
    ///
    /// # Errors
    /// When openssl fails.
    pub fn certificate_with_key(&self) -> Result<(PathBuf, PathBuf)> {
        let (certificate, key) = self.certificate()?;
        let both = fs::read_to_string(&certificate)? + &fs::read_to_string(&key)?;
        Ok((self.write_aside("both.pem", &both)?, key))
    }

    /// Returns a command that runs a program here.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn command(&self, program: &Program) -> Result<Command> {
        let path = self
            .tools
            .find(program)
            .ok_or_else(|| anyhow!("{} is not installed", program.name()))?;
        let folders = std::env::join_paths(self.tools.folders())?;
        let mut command = Command::new(path);
        command
            .current_dir(&self.root)
            .env("PATH", folders)
            .env("LC_ALL", "C.UTF-8")
            .env("TMPDIR", self.aside(""))
            .env("XDG_CACHE_HOME", self.aside("cache"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("FORCE_COLOR");
        Ok(command)
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// When it is not installed, cannot be started or takes too long.
    pub fn run(
        &self,
        program: &Program,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Said> {
        self.finish(self.command(program)?.args(arguments), PATIENCE)
    }

    /// Runs a program to its end as somebody who is not root.
    ///
    /// # Errors
    /// When it is not installed, cannot be started or takes too long.
    pub fn run_humbly(
        &self,
        program: &Program,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Said> {
        let mut command = self.command(program)?;
        if is_root() {
            for entry in WalkDir::new(self.folder.path()) {
                chown(entry?.path(), Some(NOBODY), Some(NOBODY))?;
            }
            command.uid(NOBODY).gid(NOBODY);
        }
        self.finish(command.args(arguments), PATIENCE)
    }

    /// Runs a command to its end, but no longer than this.
    ///
    /// # Errors
    /// When it cannot be started or takes too long.
    pub fn finish(&self, command: &mut Command, patience: Duration) -> Result<Said> {
        let mut running = self.start(command)?;
        let status = running.wait(patience)?;
        Ok(Said {
            ok: status.success(),
            text: running.said(),
        })
    }

    /// Starts a service, waits until it has said one of these words, and ends it. One that ends by
    /// itself has failed, and so has one that does not get there in time.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn begins(&self, command: &mut Command, ready: &[&str]) -> Result<Said> {
        let mut running = self.start(command)?;
        let until = Instant::now() + SOON;
        loop {
            let ended = running.ended();
            let text = running.said();
            if ready.iter().any(|word| text.contains(word)) {
                return Ok(Said { ok: true, text });
            }
            if ended || Instant::now() > until {
                return Ok(Said { ok: false, text });
            }
            sleep(Duration::from_millis(10));
        }
    }

    /// Finds a port of this computer that nothing listens on, nor on the one 10,000 above, which
    /// Redis takes for its cluster.
    ///
    /// # Errors
    /// When there is none.
    pub fn free_port(&self) -> Result<u16> {
        let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        // Where to begin is up to the folder's name, so that two desks do not meet.
        let start = self
            .folder
            .path()
            .to_string_lossy()
            .bytes()
            .fold(0_u16, |sum, b| {
                sum.wrapping_mul(31).wrapping_add(u16::from(b))
            });
        (0..10_000_u16)
            .map(|step| 20_000 + (start.wrapping_add(step)) % 10_000)
            .find(|port| free(*port) && free(port + 10_000))
            .ok_or_else(|| anyhow!("no port is free"))
    }

    fn start(&self, command: &mut Command) -> Result<Running> {
        Running::start(command, self.folder.path())
    }

    /// Reads what a program has against the files, when it ended badly.
    pub fn findings(&self, said: &Said) -> Vec<Finding> {
        self.findings_about(said, self.main())
    }

    /// The same, when what names no file is about this one.
    pub fn findings_about(&self, said: &Said, main: &str) -> Vec<Finding> {
        if said.ok {
            return Vec::new();
        }
        self.complaints(&said.text, main)
    }

    /// Reads complaints.
    pub fn complaints(&self, text: &str, main: &str) -> Vec<Finding> {
        let paths: Vec<String> = self.job.files.keys().cloned().collect();
        let aside = self.folder.path().join("aside");
        let text = text.replace(&*aside.to_string_lossy(), "…");
        finding::read(&text, &paths, &self.root.to_string_lossy(), main)
    }
}

/// What certificates are made with.
pub const OPENSSL: Program = Program::new(&["openssl"], "Debian package openssl");

/// Returns whether we are root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0)
}

fn write(path: PathBuf, text: &str) -> Result<PathBuf> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text)?;
    Ok(path)
}
