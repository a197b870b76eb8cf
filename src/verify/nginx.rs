//! nginx tests each set of sites that meets on a machine.
//!
//! For the trial, certificates are stand-ins, what is written goes nowhere, and ports are sockets
//! in the private folder: nginx opens them even to test.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, OPENSSL, PATIENCE};
use super::files::{Files, folder, matching};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const NGINX: Program = Program::new(&["nginx"], "Debian package nginx-light");

const MAIN: &str = "nginx/nginx.conf";

pub(super) const CHECKER: Checker = Checker {
    name: "nginx",
    programs: &[NGINX, OPENSSL],
    root: false,
    jobs,
    judge,
};

fn jobs(files: &Files) -> Vec<Job> {
    if !files.contains_key(MAIN) {
        return Vec::new();
    }
    let sites = sites(files);
    let job = |sites: &[String], variant: &str| {
        let judged = [&[MAIN.to_owned()], sites].concat();
        let read = matching(files, &["nginx/**.conf", "monitoring/portal/**.conf"]);
        Job::new(files, judged, &read).variant(variant)
    };
    let mut jobs: Vec<Job> = if is_single(files) {
        vec![job(&sites, "all")]
    } else {
        let alone = |site| job(std::slice::from_ref(site), site);
        sites.iter().map(alone).collect()
    };
    // One that is all an nginx of its own reads.
    jobs.extend(
        matching(files, &["monitoring/portal/*.conf"])
            .into_iter()
            .filter(|path| is_whole(&files[path]))
            .map(|path| Job::new(files, vec![path], &[])),
    );
    jobs
}

/// Returns whether a file is a whole configuration, not a site of one.
fn is_whole(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("events"))
}

/// Returns what is put into `sites/` on one machine or another.
fn sites(files: &Files) -> Vec<String> {
    matching(files, &["nginx/sites/*.conf", "monitoring/portal/*.conf"])
        .into_iter()
        .filter(|path| !is_whole(&files[path]))
        .collect()
}

/// Returns whether one machine does everything.
fn is_single(files: &Files) -> bool {
    files
        .get("ansible/inventory/hosts.yml")
        .is_some_and(|hosts| hosts.matches("ansible_host:").count() == 1)
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let (certificate, key) = desk.certificate()?;
    for path in desk.files().keys() {
        let sockets = desk.aside(&path.replace('/', "-"));
        desk.adapt(path, |line| adapted(line, &sockets, &certificate, &key))?;
    }
    // The sites of other machines are elsewhere.
    let wanted: Vec<&str> = desk.judged().iter().map(String::as_str).collect();
    for site in sites(desk.files()) {
        if !wanted.contains(&site.as_str()) {
            fs::remove_file(desk.path(&site))?;
        } else if folder(&site) != "nginx/sites" {
            fs::create_dir_all(desk.path("nginx/sites"))?;
            fs::rename(desk.path(&site), desk.path(&placed(&site)))?;
        }
    }
    let mut command = desk.command(&NGINX)?;
    command
        .arg("-t")
        .arg("-c")
        .arg(desk.path(desk.main()))
        .arg("-p")
        .arg(desk.aside(""))
        .args(["-e", "stderr"]);
    let mut said = desk.finish(&mut command, PATIENCE)?;
    // Its own words about not being root are no complaint about a file.
    said.text = said
        .text
        .lines()
        .filter(|line| line.contains('[') && !line.contains("super-user privileges"))
        .map(wordless)
        .collect::<Vec<_>>()
        .join("\n");
    for site in sites(desk.files()) {
        said.text = said.text.replace(&placed(&site), &site);
    }
    said.ok &= said.text.is_empty();
    Ok(desk.findings(&said))
}

/// Returns where a site of another target is put among the others.
fn placed(site: &str) -> String {
    if folder(site) == "nginx/sites" {
        return site.to_owned();
    }
    format!("nginx/sites/{}", site.replace('/', "-"))
}

/// Drops the program's name and numbers: `nginx: [emerg] 12#12: `.
fn wordless(line: &str) -> String {
    let line = line.find('[').map_or(line, |at| &line[at..]);
    let numbered = |word: &str| word.ends_with(':') && word.contains('#');
    let words = line.split(' ').filter(|word| !numbered(word));
    words.collect::<Vec<_>>().join(" ")
}

fn adapted(line: &str, sockets: &Path, certificate: &Path, key: &Path) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut words = line.trim().trim_end_matches(';').split_whitespace();
    let first = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let certificate = certificate.display();
    match (first, rest.as_slice()) {
        ("ssl_certificate_key" | "proxy_ssl_certificate_key", _) => {
            format!("{indent}{first} {};", key.display())
        }
        (
            "ssl_certificate"
            | "ssl_client_certificate"
            | "ssl_trusted_certificate"
            | "proxy_ssl_trusted_certificate"
            | "proxy_ssl_certificate",
            _,
        ) => format!("{indent}{first} {certificate};"),
        ("error_log", _) => format!("{indent}error_log stderr crit;"),
        ("access_log", [target, more @ ..]) if target.starts_with('/') => {
            format!("{indent}access_log /dev/null {};", more.join(" "))
        }
        (name, [_]) if name.ends_with("_temp_path") => {
            format!("{indent}{name} {}.d;", sockets.display())
        }
        ("pid", _) => format!("{indent}pid {}.pid;", sockets.display()),
        ("auth_basic_user_file", _) => format!("{indent}{first} /dev/null;"),
        ("listen", [address, options @ ..]) if !address.starts_with("unix:") => {
            // An option of sockets alone means nothing on a path.
            let options: Vec<&str> = options
                .iter()
                .copied()
                .filter(|option| !option.starts_with("ipv6only") && *option != "reuseport")
                .map(|option| option.trim_end_matches(';'))
                .collect();
            let name = address
                .trim_end_matches(';')
                .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            let tail = line.split_once(';').map_or("", |(_, comment)| comment);
            format!(
                "{indent}listen unix:{}/{name}.sock {};{tail}",
                sockets.parent().unwrap_or(sockets).display(),
                options.join(" ")
            )
        }
        _ => line.to_owned(),
    }
}
