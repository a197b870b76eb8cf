//! What the tests that run real programs share: a project to render, programs to run, and
//! conditions to wait for.

#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod cache;
pub(crate) mod errors;
pub(crate) mod lab;
pub(crate) mod logging;
pub(crate) mod network;
pub(crate) mod platform;
pub(crate) mod receivers;

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Returns whether all these programs are installed and the test runs as root, which ports below
/// 1024, the private key of Debian's certificate and php-fpm's user need. Says which one is
/// missing where the test is skipped, and fails instead in CI.
pub(crate) fn can_run(tools: &[&str]) -> bool {
    can_use(tools) && !lacks((!is_root()).then(|| "it needs root".to_owned()))
}

/// The same for programs that any user may run.
pub(crate) fn can_use(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| !installed(tool));
    !lacks(missing.map(|tool| format!("{tool} is not installed")))
}

fn lacks(missing: Option<String>) -> bool {
    if let Some(missing) = missing {
        assert!(std::env::var_os("CI").is_none(), "cannot run: {missing}");
        println!("skipped: {missing}");
        return true;
    }
    false
}

fn installed(tool: &str) -> bool {
    std::env::split_paths(&search_path()).any(|folder| folder.join(tool).is_file())
}

/// Returns where programs are looked for: those beside the build first, then the system's
/// folders, then the user's.
pub(crate) fn search_path() -> OsString {
    let user = std::env::var_os("PATH").unwrap_or_default();
    let beside = [
        concat!(env!("CARGO_MANIFEST_DIR"), "/target/lint/bin"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/target/mysql/bin"),
    ];
    let system = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
    let folders = beside.into_iter().chain(system).map(PathBuf::from);
    std::env::join_paths(folders.chain(std::env::split_paths(&user))).unwrap()
}

/// Returns the programs that `precast verify` may run.
pub(crate) fn tools() -> precast::verify::program::Tools {
    precast::verify::program::Tools::new(&search_path())
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}

/// Runs a program to its end and returns what it printed, on both streams.
///
/// # Panics
/// With what it printed, when it fails.
pub(crate) fn run(command: &mut Command) -> String {
    let (stdout, stderr) = run_apart(command);
    stdout + &stderr
}

/// The same, with the streams apart.
///
/// # Panics
/// With what it printed, when it fails.
pub(crate) fn run_apart(command: &mut Command) -> (String, String) {
    let output = command
        .env("PATH", search_path())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}:\n{stdout}{stderr}");
    (stdout, stderr)
}

/// A copy of the bundled inventory in a folder of its own, which every user may enter.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// Copies the bundled inventory.
    pub(crate) fn bundled() -> Self {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories");
        copy(&bundled, &folder.path().join("inventories"));
        Self { folder }
    }

    /// Begins with this inventory alone.
    pub(crate) fn new(inventory: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let project = Self { folder };
        project.write("inventories/all.yml", inventory);
        project
    }

    /// Returns a path in the project.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Reads a file of the project.
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes a file, and the folders it is in.
    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Copies a folder of the project to another place in it.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        copy(&self.path(from), &self.path(to));
    }

    /// Returns the command `precast -C <project> <arguments>`.
    pub(crate) fn precast(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_precast"));
        command.arg("-C").arg(self.folder.path()).args(arguments);
        command
    }

    /// Renders every environment.
    pub(crate) fn render(&self, arguments: &[&str]) {
        run(self
            .precast(&["render", "--yes", "--quiet"])
            .args(arguments));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Replaces literal pieces of a text.
///
/// # Panics
/// When one of them is not there: the rendered file is no longer what the test believes.
pub(crate) fn adapt(text: &str, replacements: &[(&str, &str)]) -> String {
    replacements
        .iter()
        .fold(text.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "`{old}` is not in:\n{text}");
            text.replace(old, new)
        })
}

/// A program in the foreground with all its children, ended when dropped.
pub(crate) struct Daemon {
    child: Child,
}

impl Daemon {
    /// Starts a program in a process group of its own, its output in a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = fs::File::create(log).unwrap();
        let child = command
            .env("PATH", search_path())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { child }
    }

    /// Returns the program's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the program and its children at once, as a loss of power would.
    pub(crate) fn kill(&mut self) {
        self.signal("KILL");
        let _ = self.child.wait();
    }

    /// Asks the program to end, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.signal("TERM");
        wait_until("the program ends", || {
            !matches!(self.child.try_wait(), Ok(None))
        });
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args(["-s", signal, "--", &group])
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("TERM");
            let patience = Instant::now() + Duration::from_secs(5);
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < patience {
                sleep(Duration::from_millis(20));
            }
            self.kill();
        }
    }
}

/// Waits until a condition holds.
///
/// # Panics
/// After 30 seconds.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < patience, "waited in vain: {what}");
        sleep(Duration::from_millis(20));
    }
}

/// Returns three numbers that begin loopback networks of this process alone, so that two runs on
/// one computer do not meet.
pub(crate) fn loopback() -> String {
    let id = std::process::id();
    format!("127.{}.{}", 32 + id / 250 % 100, id % 250)
}
