//! Judges rendered files by the programs that will read them.
//!
//! A checker is a module here and a line in [`ALL`]. It cuts an environment's files into jobs; each
//! is laid out in a private folder, where a program judges it. Nothing outside of that folder is
//! read or written, no service listens where another one could meet it, and what has been judged
//! once is not judged again.

pub mod desk;
pub mod files;
pub mod finding;
pub mod human;
pub mod job;
pub mod json;
pub mod plain;
pub mod program;
pub mod running;
pub mod trace;

mod amtool;
mod ansible_lint;
mod ansible_playbook;
mod apt;
mod blackbox;
mod chronyd;
mod environment;
mod flags;
mod haproxy;
mod json_text;
mod keepalived;
mod logrotate;
mod mariadbd;
mod memcached;
mod mtail;
mod mysql_options;
mod mysqld;
mod nft;
mod nginx;
mod openssl;
mod patroni;
mod php;
mod php_fpm;
mod postgres;
mod promtool_config;
mod promtool_rules;
mod promtool_tests;
mod python;
mod redis;
mod redis_sentinel;
mod redis_settings;
mod rsyslogd;
mod shellcheck;
mod ssh;
mod sshd;
mod sysctl;
mod systemd;
mod terraform;
mod tmpfiles;
mod visudo;
mod yamllint;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use rayon::prelude::*;

use desk::{Desk, is_root};
use files::Files;
use finding::Finding;
use job::Job;
use program::{Program, Tools};

/// Something that judges files.
#[derive(Debug)]
pub struct Checker {
    /// Its name in the table.
    pub name: &'static str,
    /// The programs it runs, the one that judges first; none where precast itself judges.
    pub programs: &'static [Program],
    /// Whether it needs root.
    pub root: bool,
    /// Cuts an environment's files into jobs; none where it has no business.
    pub jobs: fn(&Files) -> Vec<Job>,
    /// Judges one job.
    pub judge: fn(&Desk<'_>) -> Result<Vec<Finding>>,
}

/// Every checker, the slow ones first, so that none of them is begun last.
pub const ALL: &[Checker] = &[
    ansible_lint::CHECKER,
    ansible_playbook::CHECKER,
    terraform::CHECKER,
    patroni::CHECKER,
    promtool_tests::CHECKER,
    redis::CHECKER,
    redis_sentinel::CHECKER,
    mysqld::CHECKER,
    mariadbd::CHECKER,
    postgres::CHECKER,
    systemd::CHECKER,
    php::CHECKER,
    shellcheck::CHECKER,
    yamllint::CHECKER,
    tmpfiles::CHECKER,
    sysctl::CHECKER,
    openssl::CHECKER,
    flags::CHECKER,
    environment::CHECKER,
    apt::CHECKER,
    amtool::CHECKER,
    blackbox::CHECKER,
    chronyd::CHECKER,
    haproxy::CHECKER,
    json_text::CHECKER,
    keepalived::CHECKER,
    logrotate::CHECKER,
    memcached::CHECKER,
    mtail::CHECKER,
    nft::CHECKER,
    nginx::CHECKER,
    php_fpm::CHECKER,
    promtool_config::CHECKER,
    promtool_rules::CHECKER,
    python::CHECKER,
    rsyslogd::CHECKER,
    ssh::CHECKER,
    sshd::CHECKER,
    visudo::CHECKER,
];

/// One environment's files.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The environment's name.
    pub environment: String,
    /// Its rendered files.
    pub files: Files,
}

/// What a checker says about one environment.
#[derive(Debug, Clone)]
pub struct Check {
    /// The environment's name.
    pub environment: String,
    /// The checker's name.
    pub checker: &'static str,
    /// The program that judged, or would have; the checker's own name where precast judges.
    pub program: &'static str,
    /// The paths of the files that were judged, in their order.
    pub files: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found.
    Passed,
    /// This was found.
    Failed(Vec<Finding>),
    /// It was not done, for this reason.
    Skipped(String),
}

type Key = (&'static str, [u8; 32]);

/// What has been found about jobs already, so that equal ones are judged once.
#[derive(Debug, Default)]
pub struct Verdicts(Mutex<BTreeMap<Key, Vec<Finding>>>);

impl Verdicts {
    fn get(&self, key: &Key) -> Option<Vec<Finding>> {
        let verdicts = self.0.lock().ok()?;
        verdicts.get(key).cloned()
    }

    fn put(&self, key: Key, findings: Vec<Finding>) {
        if let Ok(mut verdicts) = self.0.lock() {
            verdicts.insert(key, findings);
        }
    }
}

/// How far along a run is: jobs done, jobs in all, and the checker that was done last.
pub type Progress<'a> = &'a (dyn Fn(usize, usize, &str) + Sync);

/// Judges environments. The checks stand in the order of the environments and the checkers' names.
pub fn verify(
    subjects: &[Subject],
    tools: &Tools,
    verdicts: &Verdicts,
    progress: Progress<'_>,
) -> Vec<Check> {
    let mut checkers: Vec<&Checker> = ALL.iter().collect();
    checkers.sort_by_key(|checker| checker.name);
    let lacking: BTreeMap<&str, String> = checkers
        .iter()
        .filter_map(|checker| Some((checker.name, lacks(checker, tools)?)))
        .collect();
    let mut jobs: BTreeMap<(usize, &str), Vec<Job>> = BTreeMap::new();
    for (number, subject) in subjects.iter().enumerate() {
        for checker in &checkers {
            jobs.insert((number, checker.name), (checker.jobs)(&subject.files));
        }
    }
    let mut new: BTreeMap<Key, (usize, &Checker, &Job)> = BTreeMap::new();
    for (order, checker) in ALL.iter().enumerate() {
        if lacking.contains_key(checker.name) {
            continue;
        }
        let own = jobs.iter().filter(|((_, name), _)| *name == checker.name);
        for job in own.flat_map(|(_, jobs)| jobs) {
            let key = (checker.name, job.key());
            if verdicts.get(&key).is_none() {
                new.insert(key, (order, checker, job));
            }
        }
    }
    judge(new, tools, verdicts, progress);
    let mut checks = Vec::new();
    for ((number, name), jobs) in &jobs {
        let Some(checker) = checkers.iter().find(|checker| checker.name == *name) else {
            continue;
        };
        if jobs.is_empty() {
            continue;
        }
        let mut judged: Vec<String> = jobs.iter().flat_map(|job| job.judged.clone()).collect();
        judged.sort();
        judged.dedup();
        checks.push(Check {
            environment: subjects[*number].environment.clone(),
            checker: checker.name,
            program: checker.programs.first().map_or(checker.name, Program::name),
            files: judged,
            outcome: outcome(checker, jobs, lacking.get(name), verdicts),
        });
    }
    checks
}

/// Judges jobs in parallel, the slowest checkers' first.
fn judge(
    jobs: BTreeMap<Key, (usize, &Checker, &Job)>,
    tools: &Tools,
    verdicts: &Verdicts,
    progress: Progress<'_>,
) {
    let mut jobs: Vec<_> = jobs.into_iter().collect();
    jobs.sort_by_key(|(key, (order, ..))| (*order, *key));
    let all = jobs.len();
    let done = AtomicUsize::new(0);
    // Unlike a parallel iterator over the list, a bridge hands jobs out in their order.
    jobs.into_iter()
        .par_bridge()
        .for_each(|(key, (_, checker, job))| {
            let found = Desk::new(job, tools).and_then(|desk| (checker.judge)(&desk));
            let mut findings = found.unwrap_or_else(|error| {
                vec![Finding {
                    file: job.judged[0].clone(),
                    line: None,
                    message: format!("{error:#}"),
                }]
            });
            findings.sort();
            findings.dedup();
            verdicts.put(key, findings);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all, checker.name);
        });
}

fn outcome(
    checker: &Checker,
    jobs: &[Job],
    lacking: Option<&String>,
    verdicts: &Verdicts,
) -> Outcome {
    if let Some(reason) = lacking {
        return Outcome::Skipped(reason.clone());
    }
    let mut findings: Vec<Finding> = jobs
        .iter()
        .filter_map(|job| verdicts.get(&(checker.name, job.key())))
        .flatten()
        .collect();
    findings.sort();
    findings.dedup();
    if findings.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(findings)
    }
}

/// Returns why a checker cannot judge here.
fn lacks(checker: &Checker, tools: &Tools) -> Option<String> {
    let missing = checker
        .programs
        .iter()
        .find(|program| tools.find(program).is_none());
    if let Some(program) = missing {
        return Some(format!(
            "{} is not installed ({})",
            program.name(),
            program.source
        ));
    }
    (checker.root && !is_root()).then(|| "it needs root".to_owned())
}
