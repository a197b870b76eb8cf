use super::{Findings, Lint};
use crate::diag::Severity;
use crate::model::DatabaseDriver;
use crate::resolve::Resolved;
use crate::units::Size;

pub(super) const LINT: Lint = Lint {
    code: "L37",
    severity: Severity::Info,
    title: "MySQL rounds the buffer pool up",
    explanation: "\
MySQL hands out the buffer pool in chunks of 128M and rounds the size up to whole ones. The server
then uses more memory than the inventory says, and a machine that was sized tightly runs out of it.

Use a multiple of 128M.",
    check,
};

/// MySQL's `innodb_buffer_pool_chunk_size`.
const CHUNK: Size = Size::mebibytes(128);

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let driver = resolved.settings().database.driver;
    let size = resolved
        .inventory
        .performance
        .database
        .buffer_pool_of(driver);
    let mysql = driver == DatabaseDriver::Mysql;
    let chunks = size.as_bytes().div_ceil(CHUNK.as_bytes());
    let rounded = CHUNK * chunks;
    if mysql && size != rounded {
        findings.report(
            "performance.database.buffer_pool",
            format!("MySQL rounds `{size}` up to `{rounded}`, a multiple of {CHUNK}"),
            format!("write `{rounded}`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn chunks_are_whole() {
        let inventory = |driver: &str, size: &str| {
            format!(
                "environment: {{dev: {{database: {{driver: {driver}}}}}}}\n\
                 performance: {{database: {{buffer_pool: {size}}}}}"
            )
        };
        assert_eq!(
            findings("L37", &inventory("mysql", "1000M")),
            ["MySQL rounds `1000M` up to `1G`, a multiple of 128M"]
        );
        assert!(findings("L37", &inventory("mysql", "1G")).is_empty());
        assert!(findings("L37", &inventory("postgresql", "1000M")).is_empty());
    }
}
