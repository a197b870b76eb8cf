//! PostgreSQL's own settings, alike in every form.

use serde::Serialize;

use crate::environment::Environment;
use crate::model::{DatabaseDriver, LogLevel};
use crate::topology::{Machine, Role};
use crate::units::Size;

/// Milliseconds after which a statement is logged.
const SLOW: u32 = 1000;

/// Memory of one sort or hash, PostgreSQL's default. The size of database machines counts it once
/// per connection.
const WORK_MEMORY: Size = Size::mebibytes(4);

/// The least and the most memory of a `VACUUM` or an index build: PostgreSQL's default, and what
/// it cannot make more use of.
const MAINTENANCE_MEMORY: [Size; 2] = [Size::mebibytes(64), Size::gibibytes(1)];

/// The least and the most write-ahead log between two checkpoints: PostgreSQL's default, and what
/// keeps a restart after a crash within minutes.
const WAL: [Size; 2] = [Size::gibibytes(1), Size::gibibytes(8)];

/// Settings of one member.
#[derive(Debug, Serialize)]
pub(super) struct Parameters {
    pub(super) port: u16,
    pub(super) max_connections: u32,
    pub(super) senders: u32,
    shared_buffers: String,
    effective_cache: String,
    effective_cache_arithmetic: String,
    work_memory: String,
    maintenance_memory: String,
    maintenance_arithmetic: String,
    max_wal: String,
    slot_wal: Option<String>,
    slot_wal_arithmetic: String,
    slow: u32,
    log_level: LogLevel,
    log_min_messages: &'static str,
}

impl Parameters {
    /// Computes the settings of the member on this machine.
    pub(super) fn new(environment: &Environment<'_>, machine: &Machine) -> Self {
        let inventory = environment.inventory();
        let performance = &inventory.performance.database;
        let pool = performance.buffer_pool_of(DatabaseDriver::Postgresql);
        let level = inventory.monitoring.logging.level;
        let members = environment.topology.with_role(Role::Database).count();
        let memory = machine.memory;
        // Where other programs have most of the memory, they have most of its file cache too.
        let (share, of) = if environment.topology.single {
            (1, 4)
        } else {
            (3, 4)
        };
        let maintenance = memory
            .scale(1, 16)
            .clamp(MAINTENANCE_MEMORY[0], MAINTENANCE_MEMORY[1]);
        Self {
            port: environment.settings().database.port().get(),
            max_connections: performance.max_connections.get(),
            // Each replica streams, and may be copied anew while another one is.
            senders: u32::try_from(members).unwrap_or(u32::MAX).saturating_mul(2) + 2,
            shared_buffers: amount(pool),
            effective_cache: amount(memory.scale(share, of).max(pool)),
            effective_cache_arithmetic: format!(
                "{memory} memory x {share}/{of}, never less than the {pool} of shared_buffers"
            ),
            work_memory: amount(WORK_MEMORY),
            maintenance_memory: amount(maintenance),
            maintenance_arithmetic: format!(
                "{memory} memory / 16, kept within {} to {}",
                MAINTENANCE_MEMORY[0], MAINTENANCE_MEMORY[1]
            ),
            max_wal: amount(pool.clamp(WAL[0], WAL[1])),
            slot_wal: machine.data_disk.map(|disk| amount(disk.scale(1, 4))),
            slot_wal_arithmetic: machine
                .data_disk
                .map_or_else(String::new, |disk| format!("{disk} disk / 4")),
            slow: SLOW,
            log_level: level,
            log_min_messages: log_min_messages(level),
        }
    }
}

/// Writes a size as PostgreSQL does, which takes `1GB` and no `1G`; rounded up to its pages.
fn amount(size: Size) -> String {
    let exact = size.exact();
    if exact.ends_with(['M', 'G']) {
        format!("{exact}B")
    } else {
        format!("{}kB", size.as_bytes().div_ceil(8192).saturating_mul(8))
    }
}

/// The least severe message of the server. PostgreSQL ranks `log` above `error`: what its own
/// processes tell, such as the end of a recovery.
fn log_min_messages(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug1",
        LogLevel::Info => "info",
        LogLevel::Notice => "notice",
        LogLevel::Warning => "warning",
        LogLevel::Error => "error",
        LogLevel::Critical | LogLevel::Alert => "fatal",
        LogLevel::Emergency => "panic",
    }
}

#[cfg(test)]
mod tests {
    use super::amount;
    use crate::units::Size;

    #[test]
    fn amounts_have_postgresql_s_units() {
        let sizes = [
            Size::gibibytes(1),
            Size::mebibytes(1536),
            Size::bytes(1_000_000),
        ];
        assert_eq!(sizes.map(amount), ["1GB", "1536MB", "984kB"]);
    }
}
