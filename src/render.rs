//! Stage 7: fills templates. The built-in ones are part of the binary; a file of the same name in
//! the project's `templates/` takes a built-in one's place.

pub mod quote;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use include_dir::{Dir, DirEntry, include_dir};
use tera::Tera;
use walkdir::WalkDir;

use crate::artifact::Artifact;
use crate::diag::{Diagnostic, Diagnostics};
use crate::load;
use crate::suggest::nearest;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What the name of a file that is filled ends in. Other files are copied as they are.
pub const SUFFIX: &str = ".tera";

/// The templates of a run, parsed.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    verbatim: BTreeMap<String, String>,
}

impl Templates {
    /// Parses the built-in templates and the project's own.
    ///
    /// Overrides that cannot be read, name no built-in template or do not parse are reported.
    pub fn load(root: &Path, diagnostics: &mut Diagnostics) -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILT_IN, &mut files);
        overrides(root, &mut files, diagnostics);
        let (filled, verbatim): (BTreeMap<_, _>, BTreeMap<_, _>) = files
            .into_iter()
            .partition(|(name, _)| name.ends_with(SUFFIX));
        let mut tera = Tera::default();
        quote::register(&mut tera);
        if let Err(error) = tera.add_raw_templates(filled) {
            diagnostics.push(
                Diagnostic::error(
                    "F07",
                    format!("a template does not parse: {}", chain(&error)),
                )
                .hint("mend the file in `templates/`, or remove it to use the built-in one"),
            );
        }
        Self { tera, verbatim }
    }

    /// Fills one template.
    ///
    /// # Errors
    /// When the template asks for a value that is not there, or a value cannot be quoted.
    pub fn render(&self, artifact: &Artifact) -> Result<String> {
        if let Some(text) = self.verbatim.get(artifact.template) {
            return Ok(text.clone());
        }
        self.tera
            .render(artifact.template, &artifact.context)
            .map_err(|error| anyhow::anyhow!("{}", chain(&error)))
            .with_context(|| format!("cannot render `{}`", artifact.path))
    }
}

/// Returns the names of every built-in template, for tests and messages.
pub fn built_in() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    collect(&BUILT_IN, &mut files);
    files
}

/// Returns the names of the built-in templates below a folder of `templates/`, in name order.
pub fn built_in_below(folder: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut folders: Vec<&'static Dir<'static>> = BUILT_IN.get_dir(folder).into_iter().collect();
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        names.extend(folder.files().filter_map(|file| file.path().to_str()));
    }
    names.sort_unstable();
    names
}

/// Adds the texts of an embedded folder by path.
pub(crate) fn collect(folder: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, files),
            DirEntry::File(file) => {
                let text = file.contents_utf8().expect("embedded files are UTF-8");
                files.insert(file.path().display().to_string(), text.to_owned());
            }
        }
    }
}

fn overrides(root: &Path, files: &mut BTreeMap<String, String>, diagnostics: &mut Diagnostics) {
    let folder = root.join("templates");
    if !folder.is_dir() {
        return;
    }
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let (path, text) = match entry.map_err(anyhow::Error::from).and_then(|entry| {
            let text = entry
                .file_type()
                .is_file()
                .then(|| load::read(entry.path()).map_err(anyhow::Error::msg))
                .transpose()?;
            Ok((entry.into_path(), text))
        }) {
            Ok((path, Some(text))) => (path, text),
            Ok((_, None)) => continue,
            Err(error) => {
                diagnostics.push(
                    Diagnostic::error("F01", format!("cannot read a template: {error:#}"))
                        .hint("mend or remove the file, then run again"),
                );
                continue;
            }
        };
        let name = path
            .strip_prefix(&folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        if let Some(built_in) = files.get_mut(&name) {
            *built_in = text;
            continue;
        }
        let hint = match nearest(&name, files.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `templates/{near}`?"),
            None => "a project's template takes the place of the built-in one of the same name"
                .to_owned(),
        };
        diagnostics.push(
            Diagnostic::error("F07", format!("there is no built-in template `{name}`")).hint(hint),
        );
    }
}

/// Joins an error and its causes; Tera's first line alone says only that it failed.
fn chain(error: &tera::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}
