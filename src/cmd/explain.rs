//! `precast explain`

use anyhow::{Result, anyhow};

use super::Session;
use crate::cli::Explain;
use crate::compile::Inventories;
use crate::diag::Diagnostics;
use crate::exit::Exit;
use crate::explain::place::Line;
use crate::explain::{key, place};
use crate::key::KeyPath;
use crate::render::Templates;
use crate::validate::explanation;

/// Explains a code, a line of a rendered file, or a key: whichever the subject looks like.
pub(super) fn run(session: &Session, args: &Explain) -> Result<Exit> {
    let subject = args.subject.as_str();
    if is_code(subject) {
        return code(session, &subject.to_ascii_uppercase());
    }
    let mut diagnostics = Diagnostics::default();
    let loaded = session.load(&mut diagnostics);
    let inventories = Inventories::new(&loaded, &[], &mut diagnostics);
    let line = Line::parse(subject);
    let wrong_key = |why| anyhow!("{why}");
    let answer = if let Some(line) = line {
        inventories.check(&mut diagnostics);
        let templates = Templates::load(&session.project, &mut diagnostics);
        session.report_errors(&mut diagnostics, &loaded.sources)?;
        if diagnostics.has_errors() {
            return Ok(Exit::Error);
        }
        place::explain(&inventories, &templates, &line)
    } else {
        session.report_errors(&mut diagnostics, &loaded.sources)?;
        let subject: KeyPath = subject.parse().map_err(wrong_key)?;
        key::explain(&inventories, &subject)
    };
    session.print(&answer.map_err(|why| anyhow!(why))?)?;
    Ok(Exit::Clean)
}

fn is_code(subject: &str) -> bool {
    (3..=4).contains(&subject.len())
        && subject.starts_with(|c: char| c.is_ascii_alphabetic())
        && subject[1..].bytes().all(|b| b.is_ascii_digit())
}

fn code(session: &Session, code: &str) -> Result<Exit> {
    let (title, text) = explanation(code)
        .ok_or_else(|| anyhow!("there is no diagnostic `{code}`; `precast check` shows codes"))?;
    session.print(&format!("{code}: {title}\n\n{text}\n"))?;
    Ok(Exit::Clean)
}
