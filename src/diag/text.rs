//! User text on its way out: to a terminal, a log, a line.

use crate::load::VARIABLE_PREFIX;
use crate::source::Source;

/// Returns what is shown for a character that a terminal would obey instead of show, or that
/// would turn the text around it: its picture where there is one.
pub(super) fn visible(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{61c}' => '\u{fffd}',
        other => other,
    }
}

/// Returns one line without control characters, cut after `most` characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).map(visible).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

/// Returns whether a source is a file that other programs can open; overrides are not.
pub(super) fn is_file(source: &Source) -> bool {
    !source.name.starts_with("--") && !source.name.starts_with(VARIABLE_PREFIX)
}

#[cfg(test)]
pub(super) mod testing {
    //! Findings that every format must print.

    use crate::diag::{Diagnostic, Diagnostics, Severity};
    use crate::source::{SourceId, Sources, Span};

    /// Returns the span of the first `needle` in a source.
    pub(in crate::diag) fn find(sources: &Sources, source: SourceId, needle: &str) -> Span {
        let start = sources.get(source).text.find(needle).unwrap();
        Span {
            source,
            start,
            end: start + needle.len(),
        }
    }

    /// Returns four findings: one in two files, one about an override, one without a place, and
    /// one whose text tries to escape.
    pub(in crate::diag) fn sample() -> (Diagnostics, Sources) {
        let mut sources = Sources::default();
        let own = sources.add(
            "inventories/production/scaling.yml",
            "scaling:\n  app:\n    servers: 4 # \u{1b}[31m\n",
        );
        let shared = sources.add("inventories/50% a,b.yml", "scaling:\n  app: {most: 2}\n");
        let set = sources.add("--set", "php.child_memory=1k");
        let mut found = Diagnostics::default();
        let mut clash = Diagnostic::error("L05", "`scaling.app.servers` is 4, above 2")
            .key("scaling.app.servers".parse().unwrap())
            .at(find(&sources, own, "4"))
            .label("too many")
            .related(find(&sources, shared, "2"), "the most")
            .note("`scaling.cache.servers` has its default value")
            .hint("lower it to 2");
        clash.environment = Some("production".to_owned());
        found.push(clash);
        found.push(
            Diagnostic::new("L27", Severity::Warning, "`php.child_memory` is 1K")
                .key("php.child_memory".parse().unwrap())
                .at(find(&sources, set, "1k")),
        );
        found.push(Diagnostic::new("L31", Severity::Info, "backups stay here"));
        found.push(
            Diagnostic::error("L01", "`a\u{1b}[2J\r\n::error::b`, 100%: \u{9b}\u{202e}")
                .at(find(&sources, shared, "app")),
        );
        (found, sources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(line("a\u{1b}[0m\n\t\u{7f}\u{9b}é", 99), "a␛[0m␊␉␡\u{fffd}é");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(line("ééé", 2), "éé…");
        assert_eq!(line("éé", 2), "éé");
    }
}
