//! One line for each finding, in the form editors can jump to.

use std::fmt::Write as _;

use super::{Diagnostics, text};
use crate::source::Sources;

/// The longest message that is printed whole.
const LONGEST: usize = 1000;

/// Prints `file:line:column: severity[CODE]: message` for each finding.
pub fn print(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for finding in diagnostics.iter() {
        if let Some(span) = finding.at {
            let place = text::line(&sources.place(span), LONGEST);
            let _ = write!(out, "{place}: ");
        }
        let severity = finding.severity.name();
        let message = text::line(&finding.message, LONGEST);
        let _ = writeln!(out, "{severity}[{}]: {message}", finding.code);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::text::testing::sample;

    #[test]
    fn each_finding_is_one_line() {
        let (found, sources) = sample();
        assert_eq!(
            print(&found, &sources),
            "\
inventories/production/scaling.yml:3:14: error[L05]: `scaling.app.servers` is 4, above 2
--set:1:18: warning[L27]: `php.child_memory` is 1K
info[L31]: backups stay here
inventories/50% a,b.yml:2:3: error[L01]: `a␛[2J␍␊::error::b`, 100%: \u{fffd}\u{fffd}
"
        );
    }

    #[test]
    fn nothing_found_prints_nothing() {
        assert_eq!(print(&Diagnostics::default(), &Sources::default()), "");
    }
}
