use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::OperatingSystem;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L40",
    severity: Severity::Info,
    title: "systems that only developers use",
    explanation: "\
Servers run Linux. `windows` and `macos` say that the application also runs on developers' machines:
nothing is rendered for them, since nobody deploys to them.

Nothing needs to be done. Without `linux` in the list, however, servers run a system the application
was not made for, which is a warning.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let systems = &resolved.inventory.system.os;
    let desktops: Vec<&str> = [
        (OperatingSystem::Windows, "`windows`"),
        (OperatingSystem::Macos, "`macos`"),
    ]
    .into_iter()
    .filter(|(system, _)| systems.contains(system))
    .map(|(_, name)| name)
    .collect();
    if !desktops.is_empty() {
        findings.report(
            "system.os",
            format!(
                "nothing is rendered for {}: servers run Linux",
                desktops.join(" and ")
            ),
            "keep it as a note to developers, or remove it",
        );
    }
    if !systems.contains(&OperatingSystem::Linux) {
        findings.report_with(
            Severity::Warning,
            "system.os",
            &[],
            "servers run Linux, which is not among the systems the application runs on",
            "add `linux`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn desktops_are_notes() {
        let inventory =
            |systems: &str| format!("environment: {{dev: {{}}}}\nsystem: {{os: [{systems}]}}");
        assert_eq!(
            findings("L40", &inventory("linux, windows, macos")),
            ["nothing is rendered for `windows` and `macos`: servers run Linux"]
        );
        assert!(findings("L40", &inventory("linux")).is_empty());
        assert_eq!(
            findings("L40", &inventory("")),
            ["servers run Linux, which is not among the systems the application runs on"]
        );
    }
}
