//! `precast init`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};

use anyhow::{Result, bail};
use include_dir::{Dir, include_dir};

use super::Session;
use crate::cli::Init;
use crate::exit::Exit;
use crate::key::KeyPath;
use crate::load::io_words;
use crate::model::manual::Manual;
use crate::render::collect;

/// The inventory this repository is tested with is also what a project starts from.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/inventories");

/// Writes a documented starter project. Files that exist are kept.
pub(super) fn run(session: &Session, args: &Init) -> Result<Exit> {
    let project = session.project.join(&args.folder);
    let manual = Manual::default();
    let mut files = BTreeMap::new();
    collect(&STARTER, &mut files);
    for (name, text) in files {
        let path = project.join("inventories").join(&name);
        let shown = format!("inventories/{name}");
        let folder = path.parent().unwrap_or(&project);
        let written = fs::create_dir_all(folder).and_then(|()| {
            let mut created = File::create_new(&path)?;
            created.write_all(document(&text, &manual).as_bytes())
        });
        match written {
            Ok(()) => session.remark(&format!("wrote {shown}\n"))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                session.remark(&format!("kept {shown}, which exists\n"))?;
            }
            Err(error) => bail!("cannot write `{}`: {}", path.display(), io_words(&error)),
        }
    }
    session.remark("next: edit `inventories/`, then run `precast check` and `precast render`\n")?;
    Ok(Exit::Clean)
}

/// Puts what a key means above it, unless a comment already stands there.
fn document(text: &str, manual: &Manual) -> String {
    let mut documented = String::with_capacity(text.len() * 2);
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut commented = false;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        let item = content.strip_prefix("- ").unwrap_or(content);
        let named = item
            .split_once(':')
            .map(|(name, _)| name)
            .filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        if let Some(name) = named {
            above.retain(|(outer, _)| *outer < indent);
            let key: KeyPath = above
                .iter()
                .map(|(_, name)| name.as_str())
                .chain([name])
                .fold(KeyPath::default(), |key, name| key.join(name));
            above.push((indent, name.to_owned()));
            // Sections have their comment at the top of the file; environments repeat each other.
            let repeated = key.steps().len() > 2 && key.to_string().starts_with("environment.");
            if indent > 0
                && !commented
                && !repeated
                && let Some(entry) = manual.entry(&key)
            {
                for words in wrap(&entry.description, 92 - indent) {
                    let _ = writeln!(documented, "{:indent$}# {words}", "");
                }
            }
        }
        commented = content.starts_with('#');
        documented.push_str(line);
        documented.push('\n');
    }
    documented
}

/// Breaks a sentence into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
