use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::topology::{is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L25",
    severity: Severity::Warning,
    title: "a database member that adds no safety",
    explanation: "\
Members vote on who is primary, and more than half must agree. Four members survive the loss of one,
exactly as three do: the fourth answers reads, but costs a machine and adds no safety. When the
network splits them in halves, neither half goes on.

Use an odd number of members: one master and two or four replicas. PostgreSQL is not concerned, since
there etcd votes, and neither is MariaDB: an even number of its members gets an arbitrator on the
monitoring machine, whose vote makes it odd.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let database = &resolved.inventory.scaling.database;
    let votes = resolved.settings().database.driver == DatabaseDriver::Mysql;
    let members = sizing::database_members(resolved);
    let even = members > 0 && members.is_multiple_of(2);
    if !is_single(resolved) && votes && database.failover.0 && even {
        findings.report_with(
            Severity::Warning,
            "scaling.database.read_replicas",
            &["scaling.database.write_master"],
            format!(
                "`{}` + `{}` = {members} members survive the loss of {}, as {} would",
                database.write_master,
                database.read_replicas,
                (members - 1) / 2,
                members - 1
            ),
            format!(
                "use `{}` replicas",
                database.read_replicas.get().saturating_add(1)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{findings, ha};

    #[test]
    fn the_fourth_member_adds_no_safety() {
        let inventory =
            |replicas: u32| format!("scaling: {{database: {{read_replicas: {replicas}}}}}");
        assert_eq!(
            ha("L25", &inventory(3)),
            ["`1` + `3` = 4 members survive the loss of 1, as 3 would"]
        );
        assert!(ha("L25", &inventory(4)).is_empty());
        assert!(findings("L25", "environment: {dev: {}}").is_empty());
        for driver in ["mariadb", "postgresql"] {
            let inventory = format!(
                "environment: {{dev: {{database: {{driver: {driver}}}}}}}\n\
                 infrastructure: {{topology: ha}}"
            );
            assert!(findings("L25", &inventory).is_empty(), "{driver}");
        }
    }
}
