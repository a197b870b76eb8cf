//! For `patch -p0`, run in the project's folder.
//!
//! Applied, it gives every file the content that `render --overwrite` would give it. `MANIFEST` is
//! not part of it; the next `render` brings that up to date.

use std::fmt::Write as _;

use super::Options;
use super::hunks::{Change, Depth, Hunk, Line, changes};
use crate::plan::Plan;

/// The hash of an empty file, as `patch` expects it where a file without lines appears or goes.
const EMPTY: &str = "e69de29";

/// Prints plans as one patch.
pub fn print(plans: &[Plan], _options: Options) -> String {
    let mut out = String::new();
    let changes = changes(plans, Depth::Lines);
    // Last, because `patch` would take the next file's header for a part of theirs.
    let (empty, rest): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| change.hunks.is_empty());
    for change in rest {
        print_change(change, &mut out);
    }
    for change in empty {
        print_empty(change, &mut out);
    }
    out
}

/// Prints a file without lines. There is no hunk to carry it, only Git's extended header, which
/// `patch` knows.
fn print_empty(change: &Change<'_>, out: &mut String) {
    let name = quoted(&change.path(), true);
    let _ = match (&change.file.old, &change.file.new) {
        (None, Some(_)) => writeln!(
            out,
            "diff --git {name} {name}\nnew file mode 100644\nindex 0000000..{EMPTY}"
        ),
        (Some(_), None) => writeln!(
            out,
            "diff --git {name} {name}\ndeleted file mode 100644\nindex {EMPTY}..0000000"
        ),
        _ => Ok(()),
    };
}

fn print_change(change: &Change<'_>, out: &mut String) {
    let path = change.path();
    let name = quoted(&path, false);
    // A tab ends a name that has spaces in it.
    let end = if path.contains(' ') { "\t" } else { "" };
    let side = |text: &Option<String>| match text {
        Some(_) => format!("{name}{end}"),
        None => "/dev/null".to_owned(),
    };
    let _ = writeln!(out, "--- {}", side(&change.file.old));
    let _ = writeln!(out, "+++ {}", side(&change.file.new));
    for hunk in &change.hunks {
        out.push_str(&header(hunk));
        out.push('\n');
        for line in &hunk.lines {
            print_line(line, out);
        }
    }
}

/// Appends a line as it stands in a patch.
pub(super) fn print_line(line: &Line<'_>, out: &mut String) {
    out.push(line.kind.mark());
    out.push_str(line.text);
    out.push('\n');
    if !line.ended {
        out.push_str("\\ No newline at end of file\n");
    }
}

/// Returns the line above a hunk.
pub(super) fn header(hunk: &Hunk<'_>) -> String {
    // A side without lines names the line before it.
    let side = |range: &std::ops::Range<usize>| match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    };
    format!("@@ -{} +{} @@", side(&hunk.old), side(&hunk.new))
}

/// Quotes a name as `patch` reads it, if it has to be. Spaces need it only where nothing else tells
/// two names apart.
fn quoted(path: &str, spaces: bool) -> String {
    let plain = |b: u8| b >= b' ' + u8::from(spaces) && b != 0x7f && b != b'"' && b != b'\\';
    if path.bytes().all(plain) {
        return path.to_owned();
    }
    let mut name = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => {
                name.push('\\');
                name.push(c);
            }
            c if c.is_ascii_control() => {
                let _ = write!(name, "\\{:03o}", c as u32);
            }
            c => name.push(c),
        }
    }
    name.push('"');
    name
}
