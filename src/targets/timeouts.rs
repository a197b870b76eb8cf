//! How long a request may take at each station. Not a target: nginx and PHP share these figures.

use crate::environment::Environment;
use crate::units::Duration;

/// What stands in for "no limit" where a program knows no such thing.
const UNLIMITED: u64 = 3600;

/// How long a request may take at each station, in seconds. Each station is a little more patient
/// than the one behind it, so that the one who knows what went wrong is the one who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timeouts {
    /// `max_execution_time`, computing time only; 0 is no limit.
    pub(super) execution: u64,
    /// When php-fpm kills a child, waiting included; 0 is never.
    pub(super) terminate: u64,
    /// How long an application machine's nginx waits for php-fpm.
    pub(super) fastcgi: u64,
    /// How long a load balancer waits for an application machine.
    pub(super) proxy: u64,
}

/// Computes the timeouts of an environment.
pub(super) fn timeouts(environment: &Environment<'_>) -> Timeouts {
    let inventory = environment.inventory();
    let execution = inventory.php.max_execution_time.as_seconds();
    let longest = if execution == 0 { UNLIMITED } else { execution };
    Timeouts {
        execution,
        terminate: if execution == 0 { 0 } else { execution + 2 },
        fastcgi: longest + 4,
        proxy: inventory
            .load_balancer
            .read_timeout
            .map_or(longest + 5, Duration::as_seconds),
    }
}
