use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::is_single;

pub(super) const LINT: Lint = Lint {
    code: "L24",
    severity: Severity::Error,
    title: "a database cluster that no engine provides",
    explanation: "\
One member accepts writes and the others follow it. Two that accept writes overwrite each other's
changes or abort transactions at commit, so every supported engine is set up with exactly one. And
failover promotes a replica: without replicas there is nothing to promote.

Set `write_master` to 1. Set `read_replicas` to 2 or more, or `failover` to false.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    if is_single(resolved) {
        return;
    }
    let database = &resolved.inventory.scaling.database;
    if database.write_master.get() != 1 {
        findings.report(
            "scaling.database.write_master",
            format!(
                "`{}` members cannot accept writes, only 1 can",
                database.write_master
            ),
            "set it to 1",
        );
    }
    if database.failover.0 && database.read_replicas.get() == 0 {
        findings.report_with(
            Severity::Error,
            "scaling.database.read_replicas",
            &["scaling.database.failover"],
            "`failover` is on with `0` replicas, so there is none to promote",
            "use 2 replicas, so that a majority remains when one member is lost",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn one_member_accepts_writes() {
        let inventory =
            |masters: u32| format!("scaling: {{database: {{write_master: {masters}}}}}");
        assert_eq!(
            ha("L24", &inventory(2)),
            ["`2` members cannot accept writes, only 1 can"]
        );
        assert_eq!(ha("L24", &inventory(0)).len(), 1);
        assert!(ha("L24", &inventory(1)).is_empty());
    }

    #[test]
    fn failover_needs_replicas() {
        let inventory = |failover: bool| {
            format!("scaling: {{database: {{read_replicas: 0, failover: {failover}}}}}")
        };
        assert_eq!(
            ha("L24", &inventory(true)),
            ["`failover` is on with `0` replicas, so there is none to promote"]
        );
        assert!(ha("L24", &inventory(false)).is_empty());
    }
}
