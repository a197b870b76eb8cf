//! What every family of alerts asks of an environment.

use crate::environment::Environment;
use crate::topology::Role;
use crate::units::Duration;

/// The shortest span a rate is taken over, in seconds.
const SHORTEST_WINDOW: u64 = 300;

/// The longest, however far apart measurements are.
const LONGEST_WINDOW: u64 = 86_400;

/// An environment, and the spans its rules look back.
#[derive(Debug, Clone, Copy)]
pub(in crate::targets::monitoring) struct Scope<'a> {
    pub(in crate::targets::monitoring) environment: &'a Environment<'a>,
    /// The span rates are taken over: four measurements at least, so that a rate survives two
    /// that are lost.
    pub(in crate::targets::monitoring) window: Duration,
}

impl<'a> Scope<'a> {
    pub(in crate::targets::monitoring) fn new(environment: &'a Environment<'a>) -> Self {
        let interval = environment.inventory().monitoring.metrics.interval;
        let four = interval.as_seconds().saturating_mul(4);
        Self {
            environment,
            window: Duration::seconds(four.clamp(SHORTEST_WINDOW, LONGEST_WINDOW)),
        }
    }

    /// Returns whether everything is on one machine.
    pub(in crate::targets::monitoring) fn single(&self) -> bool {
        self.environment.topology.single
    }

    /// Returns how many machines have a role.
    pub(in crate::targets::monitoring) fn count(&self, role: Role) -> usize {
        self.environment.topology.with_role(role).count()
    }
}
