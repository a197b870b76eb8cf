//! Makes characters visible that would otherwise act on the reader's terminal or eyes.

use std::fmt::Write as _;

/// Appends `text` so that every character is one that is seen.
///
/// Control characters become their pictures (`␛`), tabs an arrow up to a width of four, and the
/// characters that reorder or hide text their code points.
pub fn push(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\t' => out.push_str("→   "),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('␀')),
            '\u{7f}' => out.push('␡'),
            _ if acts(c) => {
                let _ = write!(out, "<U+{:04X}>", c as u32);
            }
            _ => out.push(c),
        }
    }
}

/// Returns `text` with every character visible.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push(text, &mut out);
    out
}

/// Returns whether a character outside ASCII moves the cursor, breaks a line, or reorders or hides
/// text.
fn acts(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(visible("a\u{1b}[2J\tb\r\u{202e}ü"), "a␛[2J→   b␍<U+202E>ü");
    }
}
