//! Stage 1: finds the inventory's files and reads them. The only stage that reads `inventories/`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Sources, Span};
use crate::units::{Name, Scalar, Unit};

/// The largest inventory file that is read. A thousand times the reference document; larger files
/// are mistakes, and reading one would only end in an error about its content.
const LARGEST_FILE: u64 = 16 << 20;

/// Which environments a document speaks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// `inventories/*`: every environment.
    Shared,
    /// `inventories/<environment>/*`: that one.
    Environment(Name),
    /// A `PRECAST__…` environment variable.
    Variable,
    /// A `--set` argument.
    Argument,
}

/// A piece of YAML: a file, a fenced block of a Markdown file, or an override.
#[derive(Debug, Clone)]
pub struct Document {
    /// The layer it belongs to.
    pub layer: Layer,
    /// The part of its source that is YAML.
    pub span: Span,
}

/// Everything read, in the order in which it is merged.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The texts.
    pub sources: Sources,
    /// The YAML in them, lowest layer first.
    pub documents: Vec<Document>,
}

/// Values given outside the inventory.
#[derive(Debug, Default, Clone)]
pub struct Overrides {
    /// `PRECAST__SECTION__KEY` and value, in name order.
    pub variables: Vec<(String, String)>,
    /// `section.key=value`, in the order given.
    pub arguments: Vec<String>,
}

impl Overrides {
    /// Picks the overrides out of the process's environment variables.
    pub fn from_environment(
        variables: impl Iterator<Item = (String, String)>,
        arguments: Vec<String>,
    ) -> Self {
        let mut variables: Vec<_> = variables
            .filter(|(name, _)| name.starts_with(VARIABLE_PREFIX))
            .collect();
        variables.sort();
        Self {
            variables,
            arguments,
        }
    }
}

/// What every overriding environment variable begins with.
pub const VARIABLE_PREFIX: &str = "PRECAST__";

/// Reads `inventories/` under `root` and takes up the overrides.
///
/// Whatever cannot be read is reported, and the rest is returned.
pub fn load(root: &Path, overrides: &Overrides, diagnostics: &mut Diagnostics) -> Loaded {
    let mut loaded = Loaded::default();
    for (path, layer) in inventory_files(root, diagnostics) {
        let shown = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        match read(&path) {
            Ok(text) => {
                let markdown = path.extension().is_some_and(|extension| extension == "md");
                let id = loaded.sources.add(shown, text);
                loaded.add(id, &layer, markdown);
            }
            Err(why) => diagnostics.push(
                Diagnostic::error("F01", format!("cannot read `{shown}`: {why}"))
                    .hint("mend or remove the file, then run again"),
            ),
        }
    }
    for (name, value) in &overrides.variables {
        let id = loaded.sources.add(name.clone(), format!("{name}={value}"));
        loaded.add(id, &Layer::Variable, false);
    }
    for argument in &overrides.arguments {
        let id = loaded.sources.add("--set", argument.clone());
        loaded.add(id, &Layer::Argument, false);
    }
    loaded
}

impl Loaded {
    fn add(&mut self, source: SourceId, layer: &Layer, markdown: bool) {
        let text = &self.sources.get(source).text;
        let ranges = if markdown {
            fenced_yaml(text)
        } else {
            std::iter::once(0..text.len()).collect()
        };
        self.documents
            .extend(ranges.into_iter().map(|range| Document {
                layer: layer.clone(),
                span: Span {
                    source,
                    start: range.start,
                    end: range.end,
                },
            }));
    }
}

/// Lists the shared files, then each environment's, both in name order.
fn inventory_files(root: &Path, diagnostics: &mut Diagnostics) -> Vec<(PathBuf, Layer)> {
    let inventories = root.join("inventories");
    if !inventories.is_dir() {
        diagnostics.push(
            Diagnostic::error(
                "F02",
                format!("there is no folder `inventories` in `{}`", root.display()),
            )
            .hint("run `precast init` to write a starter project, or name another folder with -C"),
        );
        return Vec::new();
    }
    let mut shared = Vec::new();
    let mut layered = Vec::new();
    // Links are followed, so that an inventory can be shared between projects; walkdir notices
    // links that lead back to a folder above them.
    let walk = WalkDir::new(&inventories)
        .follow_links(true)
        .max_depth(2)
        .sort_by_file_name();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let place = error.path().unwrap_or(&inventories);
                let why = if error.loop_ancestor().is_some() {
                    "the link leads back to a folder above it".to_owned()
                } else {
                    error.io_error().map_or_else(|| error.to_string(), io_words)
                };
                diagnostics.push(
                    Diagnostic::error(
                        "F01",
                        format!(
                            "cannot read `{}`: {why}",
                            place.strip_prefix(root).unwrap_or(place).display()
                        ),
                    )
                    .hint("mend or remove it, then run again"),
                );
                continue;
            }
        };
        let extension = entry.path().extension().and_then(|e| e.to_str());
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if hidden || entry.file_type().is_dir() || !matches!(extension, Some("yml" | "yaml" | "md"))
        {
            continue;
        }
        let path = entry.path().to_path_buf();
        if entry.depth() == 1 {
            shared.push((path, Layer::Shared));
            continue;
        }
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        match Name::read(Scalar::Text(&folder)) {
            Ok(name) => layered.push((path, Layer::Environment(name))),
            Err(refusal) => diagnostics.push(
                Diagnostic::error(
                    "F03",
                    format!(
                        "`inventories/{folder}` cannot be an environment: {}",
                        refusal.message
                    ),
                )
                .hint(refusal.hint),
            ),
        }
    }
    shared.extend(layered);
    shared
}

/// Reads a text file with the limits of an inventory.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let file = fs::File::open(path).map_err(|error| io_words(&error))?;
    let mut bytes = Vec::new();
    // A pipe or device has no length worth asking for, so the limit is on what is read.
    file.take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| io_words(&error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("it is larger than {} MiB", LARGEST_FILE >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(valid).matches('\n').count() + 1;
        format!("it is not UTF-8 text, from line {line}")
    })?;
    match text.find('\0') {
        None => Ok(text),
        Some(position) => {
            let line = text[..position].matches('\n').count() + 1;
            Err(format!("it has a NUL byte in line {line}"))
        }
    }
}

/// Describes an input or output error without the number the operating system gave it, which
/// differs between systems.
pub fn io_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// Returns the contents of every fenced block marked `yaml` or `yml`, without the fences.
fn fenced_yaml(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut blocks = Vec::new();
    // The open fence: its character, its length, and where YAML begins, if it is YAML.
    let mut open: Option<(char, usize, Option<usize>)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        let Some(mark @ ('`' | '~')) = trimmed.chars().next() else {
            continue;
        };
        let length = trimmed.chars().take_while(|c| *c == mark).count();
        let info = trimmed[length..].trim();
        match open {
            None if length >= 3 && !info.contains('`') => {
                let language = info.split_whitespace().next().unwrap_or("");
                let yaml = ["yaml", "yml"]
                    .iter()
                    .any(|name| language.eq_ignore_ascii_case(name));
                open = Some((mark, length, yaml.then_some(offset)));
            }
            Some((fence, at_least, yaml))
                if fence == mark && length >= at_least && info.is_empty() =>
            {
                blocks.extend(yaml.map(|begin| begin..start));
                open = None;
            }
            _ => {}
        }
    }
    // A fence that is never closed reaches to the end, as in CommonMark.
    if let Some((_, _, Some(begin))) = open {
        blocks.push(begin..text.len());
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yaml_fences_are_read() {
        let text = "a\n```yaml\nx: 1\n```\n```mermaid\ny: 2\n```\n~~~~ yml\nz: 3\n```\n~~~~\n";
        let blocks: Vec<&str> = fenced_yaml(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(blocks, ["x: 1\n", "z: 3\n```\n"]);
    }

    #[test]
    fn an_open_fence_reaches_to_the_end() {
        let text = "```yaml\nx: 1\n";
        assert_eq!(&text[fenced_yaml(text)[0].clone()], "x: 1\n");
    }
}
