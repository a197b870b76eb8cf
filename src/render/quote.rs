//! One quoting filter per format. Every value a template places passes through one, so that no
//! inventory value can leave its place.

mod documents;
mod ini;
mod programs;
mod system;
mod words;
mod yaml;

use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, Value};

/// What a filter returns.
pub type Quoted = Result<String, tera::Error>;

/// Writes a value in the notation of a format, or says why it has no place there.
pub type Filter = fn(&Value) -> Quoted;

/// The filters by name; a test demands one of them after every interpolated value.
pub const FILTERS: &[(&str, Filter)] = &[
    ("ansible", yaml::ansible),
    ("comment", documents::comment),
    ("fenced", documents::fenced),
    ("hcl", programs::hcl),
    ("ini", ini::ini),
    ("ini_expression", ini::ini_expression),
    ("json", documents::json),
    ("json_document", documents::json_document),
    ("markdown", documents::markdown),
    ("mysql", ini::mysql),
    ("nft", words::nft),
    ("nginx", programs::nginx),
    ("path", words::path),
    ("prose", documents::prose),
    ("rsyslog", programs::rsyslog),
    ("shell", system::shell),
    ("systemd", system::systemd),
    ("word", words::word),
    ("yaml", yaml::yaml),
];

/// Registers the filters.
pub fn register(tera: &mut Tera) {
    for (name, filter) in FILTERS.iter().copied() {
        tera.register_filter(name, move |v: Value, _: Kwargs, _: &State| filter(&v));
    }
}

/// A scalar as the template engine sees it.
enum Scalar<'a> {
    Text(&'a str),
    Flag(bool),
    Number(String),
}

fn scalar(value: &Value) -> Result<Scalar<'_>, tera::Error> {
    if let Some(text) = value.as_str() {
        return Ok(Scalar::Text(text));
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Scalar::Flag(flag));
    }
    if value.is_number() {
        return Ok(Scalar::Number(value.to_string()));
    }
    Err(tera::Error::message(format!(
        "a {} cannot be written as one value",
        value.name()
    )))
}

/// Adds a character by its number, in the notation HCL and YAML share.
fn push_code(quoted: &mut String, c: char) {
    let _ = write!(quoted, "\\u{:04x}", u32::from(c));
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(super) fn all(filter: fn(&Value) -> Quoted, texts: &[&str]) -> Vec<String> {
        texts
            .iter()
            .map(|text| filter(&Value::from(*text)).unwrap())
            .collect()
    }
}
