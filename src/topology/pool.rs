//! How many php-fpm children fit on an application machine.

use super::memory;
use crate::resolve::Resolved;
use crate::units::Size;

/// The most children worth running on one machine; beyond it, add machines.
const MOST: u64 = 256;

/// The size of php-fpm's process pool on one application machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// `pm.max_children`.
    pub max_children: u64,
    /// `pm.start_servers`.
    pub start: u64,
    /// `pm.min_spare_servers`.
    pub min_spare: u64,
    /// `pm.max_spare_servers`.
    pub max_spare: u64,
    /// How `max_children` came about, with its numbers.
    pub arithmetic: String,
}

/// Sizes the pool: what is left of the machine's memory after the system's share (a quarter, at
/// least 256M), compiled scripts and the storage client's cache, divided by one child's use.
pub fn pool(resolved: &Resolved<'_>) -> Pool {
    let php = &resolved.inventory.php;
    let memory = memory::app(resolved);
    let system = memory.scale(1, 4).max(Size::mebibytes(256));
    let cache = memory::client_cache(resolved);
    let left = memory
        .saturating_sub(system)
        .saturating_sub(php.opcache_memory)
        .saturating_sub(cache);
    let fits = left.as_bytes() / php.child_memory.as_bytes().max(1);
    let (max_children, arithmetic) = if let Some(children) = php.max_children {
        (
            u64::from(children.get()).max(1),
            format!("php.max_children; {fits} would fit"),
        )
    } else {
        let children = fits.clamp(2, MOST);
        let bounded = if children == fits {
            ""
        } else {
            ", kept within 2 to 256"
        };
        let storage = if cache.as_bytes() == 0 {
            String::new()
        } else {
            format!(" - {cache} storage cache")
        };
        (
            children,
            format!(
                "({memory} memory - {system} system - {opcache} opcache{storage}) / {child} per child = {fits}{bounded}",
                opcache = php.opcache_memory,
                child = php.child_memory,
            ),
        )
    };
    // php-fpm wants min_spare <= start <= max_spare <= max_children.
    let min_spare = (max_children / 8).max(1);
    let start = (max_children / 4).max(min_spare);
    let max_spare = (max_children / 2).max(start);
    Pool {
        max_children,
        start,
        min_spare,
        max_spare,
        arithmetic,
    }
}
