//! `precast env`

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

use super::Session;
use crate::cli::Env;
use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::exit::Exit;
use crate::load::io_words;
use crate::resolve::Resolved;
use crate::topology::{addresses, is_single, sizing};
use crate::units::{Name, Scalar, Unit};
use crate::{compare, derive};

/// Lists, adds or compares environments.
pub(super) fn run(session: &Session, args: &Env) -> Result<Exit> {
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let inventories = Inventories::new(&loaded, &[], &mut diagnostics);
    let resolved: Vec<Resolved<'_>> = inventories
        .names
        .iter()
        .map(|name| inventories.resolve(name, &mut diagnostics))
        .collect();
    session.report_errors(&mut diagnostics, &loaded.sources)?;
    if diagnostics.has_errors() {
        return Ok(Exit::Error);
    }
    match args {
        Env::List => list(session, &resolved),
        Env::Add { name, from } => add(session, &resolved, name, from),
        Env::Compare { left, right } => {
            let (left, right) = (find(&resolved, left)?, find(&resolved, right)?);
            session.print(&compare::compare(left, right))?;
            Ok(Exit::Clean)
        }
    }
}

fn find<'a>(resolved: &'a [Resolved<'a>], name: &str) -> Result<&'a Resolved<'a>> {
    resolved
        .iter()
        .find(|environment| environment.name.as_str() == name)
        .ok_or_else(|| {
            let known = resolved.iter().map(|environment| environment.name.clone());
            let hint = crate::resolve::environment_hint(name, &known.collect());
            anyhow!("there is no environment `{name}`: {hint}")
        })
}

fn list(session: &Session, resolved: &[Resolved<'_>]) -> Result<Exit> {
    let width = resolved
        .iter()
        .map(|environment| environment.name.as_str().len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for environment in resolved {
        let machines = if is_single(environment) {
            "1 machine".to_owned()
        } else {
            let count: u64 = crate::topology::Role::ALL
                .iter()
                .map(|role| u64::from(sizing::machine_count(environment, *role)))
                .sum();
            format!("{count} machines")
        };
        let settings = environment.settings();
        let _ = writeln!(
            text,
            "{:width$}  {:12}  {:16}  {} and {}",
            environment.name,
            machines,
            addresses::network(environment).to_string(),
            settings.cache.driver.name(),
            settings.database.driver.name(),
        );
    }
    session.print(&text)?;
    Ok(Exit::Clean)
}

fn add(session: &Session, resolved: &[Resolved<'_>], name: &str, from: &str) -> Result<Exit> {
    let name = Name::read(Scalar::Text(name))
        .map_err(|refusal| anyhow!("{}; {}", refusal.message, refusal.hint))?;
    if resolved.iter().any(|environment| environment.name == name) {
        bail!("there already is an environment `{name}`");
    }
    let source = find(resolved, from)?;
    let folder = Path::new("inventories").join(name.as_str());
    if session.project.join(&folder).exists() {
        bail!(
            "`{}` exists; choose another name or remove it",
            folder.display()
        );
    }
    let networks: Vec<_> = resolved.iter().map(addresses::network).collect();
    for (file, root) in derive::layer(source, &name, &networks) {
        let path = folder.join(&file);
        let text = format!(
            "# Environment {name}, begun as a copy of {from}.\n{}",
            crate::parse::to_yaml(&Value::Object(root))
        );
        write_new(&session.project.join(&path), &text)?;
        session.remark(&format!("wrote {}\n", path.display()))?;
    }
    session.remark(&format!("next: `precast diff {name}`\n"))?;
    Ok(Exit::Clean)
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| File::create_new(path)?.write_all(text.as_bytes()))
        .map_err(|error| anyhow!("cannot write `{}`: {}", path.display(), io_words(&error)))
}
