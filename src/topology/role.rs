//! What a machine does.

/// What a machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Takes visitors' requests and hands them on.
    LoadBalancer,
    /// Runs the application.
    App,
    /// Holds the shared cache and sessions.
    Cache,
    /// Holds the database.
    Database,
    /// Holds shared files.
    Storage,
    /// Collects metrics, logs and errors, and raises alerts.
    Monitoring,
}

struct Facts {
    name: &'static str,
    title: &'static str,
    prefix: &'static str,
}

/// One line per role, in the order of [`Role::ALL`].
const FACTS: [Facts; 6] = [
    Facts {
        name: "load_balancer",
        title: "Load balancer",
        prefix: "lb",
    },
    Facts {
        name: "app",
        title: "App server",
        prefix: "app",
    },
    Facts {
        name: "cache",
        title: "Shared cache",
        prefix: "cache",
    },
    Facts {
        name: "database",
        title: "Database cluster",
        prefix: "db",
    },
    Facts {
        name: "storage",
        title: "Shared storage",
        prefix: "fs",
    },
    Facts {
        name: "monitoring",
        title: "Monitoring",
        prefix: "mon",
    },
];

impl Role {
    /// Every role, in the order in which a request meets them.
    pub const ALL: [Self; 6] = [
        Self::LoadBalancer,
        Self::App,
        Self::Cache,
        Self::Database,
        Self::Storage,
        Self::Monitoring,
    ];

    fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// Returns the name used for groups and labels: `load_balancer`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the name used in pictures: `Load balancer`.
    pub fn title(self) -> &'static str {
        self.facts().title
    }

    /// Returns the host name of a machine by its number: `lb1`.
    pub fn machine_name(self, number: u32) -> String {
        format!("{}{number}", self.facts().prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn facts_stand_in_the_order_of_the_roles() {
        let names = Role::ALL.map(Role::name);
        assert_eq!(
            names,
            [
                "load_balancer",
                "app",
                "cache",
                "database",
                "storage",
                "monitoring"
            ]
        );
    }
}
