use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::topology::{is_single, sizing};

pub(super) const LINT: Lint = Lint {
    code: "L26",
    severity: Severity::Error,
    title: "more members than a MySQL group takes",
    explanation: "\
MySQL Group Replication takes nine members. The tenth is refused when it joins, so the machine is
built, paid for and idle.

Use at most eight replicas beside the master, or the driver `postgresql`.",
    check,
};

/// The limit of Group Replication.
const MOST: u32 = 9;

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let database = &resolved.inventory.scaling.database;
    let group = resolved.settings().database.driver == DatabaseDriver::Mysql && database.failover.0;
    let members = sizing::database_members(resolved);
    if !is_single(resolved) && group && members > MOST {
        findings.report_with(
            Severity::Error,
            "scaling.database.read_replicas",
            &["scaling.database.write_master"],
            format!(
                "`{}` + `{}` = {members} > {MOST} members of a MySQL group",
                database.write_master, database.read_replicas
            ),
            "use at most 8 replicas",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn a_group_has_nine_members() {
        let inventory =
            |replicas: u32| format!("scaling: {{database: {{read_replicas: {replicas}}}}}");
        assert_eq!(
            ha("L26", &inventory(9)),
            ["`1` + `9` = 10 > 9 members of a MySQL group"]
        );
        assert!(ha("L26", &inventory(8)).is_empty());
    }
}
