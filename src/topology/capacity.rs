//! What fits: memory, php-fpm children, connections, request bodies and timeouts, computed together from
//! one inventory, each with its arithmetic in words for whoever reads the rendered file.

use super::pool::{Pool, pool};
use super::{Memory, Role, is_single, memory, sizing};
use crate::model::Inventory;
use crate::resolve::Resolved;
use crate::units::{Duration, Size};

/// Connections a database keeps for replication, monitoring and administrators.
pub const KEPT_CONNECTIONS: u32 = 20;

/// What stands in for "no limit" where a program knows no such thing, in seconds.
const UNLIMITED: u64 = 3600;

/// What an environment can take.
#[derive(Debug, Clone)]
pub struct Capacity {
    /// Memory of the machines of each role, by its name; of the one machine where it does
    /// everything.
    pub memory: Vec<(&'static str, Memory)>,
    /// php-fpm's processes on every application machine.
    pub pool: Pool,
    /// Connections all those processes may open to the database.
    pub database: Connections,
    /// The same for the cache.
    pub cache: Connections,
    /// How large a request may be at each station.
    pub bodies: Bodies,
    /// How long a request may take at each station.
    pub timeouts: Timeouts,
}

/// Computes what an environment can take.
pub fn capacity(resolved: &Resolved<'_>) -> Capacity {
    let inventory = &resolved.inventory;
    let pool = pool(resolved);
    let machines = machines(resolved);
    let performance = &inventory.performance;
    // One for reads and one for writes, where these are different ports.
    let each = if is_single(resolved) { 1 } else { 2 };
    Capacity {
        memory: if is_single(resolved) {
            vec![("machine", memory::single(resolved))]
        } else {
            Role::ALL
                .into_iter()
                .filter(|role| sizing::machine_count(resolved, *role) > 0)
                .map(|role| (role.name(), memory::machine(resolved, role)))
                .collect()
        },
        database: Connections::new(
            machines,
            pool.max_children,
            each,
            performance.database.max_connections.get(),
            u64::from(KEPT_CONNECTIONS),
        ),
        cache: Connections::new(
            machines,
            pool.max_children,
            1,
            performance.cache.max_connections.get(),
            0,
        ),
        pool,
        bodies: Bodies::new(inventory),
        timeouts: Timeouts::new(inventory),
    }
}

fn machines(resolved: &Resolved<'_>) -> u64 {
    if is_single(resolved) {
        1
    } else {
        u64::from(sizing::machine_count(resolved, Role::App))
    }
}

/// Connections of every php-fpm child of every application machine to one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connections {
    /// How many there are when every child is busy.
    pub wanted: u64,
    /// How many the service accepts, `max_connections`.
    pub accepted: u64,
    /// How many of these are not for the application.
    pub kept: u64,
    /// `3 machines x 8 children x 2 = 48`.
    pub arithmetic: String,
}

impl Connections {
    fn new(machines: u64, children: u64, each: u64, accepted: u32, kept: u64) -> Self {
        let wanted = machines.saturating_mul(children).saturating_mul(each);
        let twice = if each == 1 {
            String::new()
        } else {
            format!(" x {each}")
        };
        Self {
            wanted,
            accepted: u64::from(accepted),
            kept,
            arithmetic: format!("{machines} machines x {children} children{twice} = {wanted}"),
        }
    }

    /// Returns how many the application may open.
    pub fn available(&self) -> u64 {
        self.accepted.saturating_sub(self.kept)
    }

    /// Returns whether every child gets what it wants.
    pub fn suffice(&self) -> bool {
        self.wanted <= self.available()
    }

    /// Writes the comparison: `3 machines x 8 children x 2 = 48, of 500 - 20`.
    pub fn comparison(&self) -> String {
        let kept = match self.kept {
            0 => String::new(),
            kept => format!(" - {kept}"),
        };
        format!("{}, of {}{kept}", self.arithmetic, self.accepted)
    }
}

/// How large a request may be at each station; what one takes, the next one takes too. Zero is no
/// limit, to nginx and PHP alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bodies {
    /// `upload_max_filesize`: one file.
    pub upload: Size,
    /// `post_max_size`: a request, to PHP.
    pub post: Size,
    /// `client_max_body_size`: a request, to nginx.
    pub client: Size,
}

impl Bodies {
    fn new(inventory: &Inventory) -> Self {
        let post = inventory.php.post_max_size;
        let asked = inventory.load_balancer.max_body_size.unwrap_or(post);
        Self {
            upload: inventory.php.upload_max_filesize,
            post,
            client: if [post, asked].contains(&Size::bytes(0)) {
                Size::bytes(0)
            } else {
                asked.max(post)
            },
        }
    }

    /// Writes the order: `upload_max_filesize 16M <= post_max_size 20M <= client_max_body_size 20M`.
    pub fn order(&self) -> String {
        let words = |size: Size| match size.as_bytes() {
            0 => "unlimited".to_owned(),
            _ => size.to_string(),
        };
        format!(
            "upload_max_filesize {} <= post_max_size {} <= client_max_body_size {}",
            words(self.upload),
            words(self.post),
            words(self.client)
        )
    }
}

/// How long a request may take at each station, in seconds. Each station is a little more patient
/// than the one behind it, so that the one who knows what went wrong is the one who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// `max_execution_time`, computing time only; 0 is no limit.
    pub execution: u64,
    /// When php-fpm kills a child, waiting included; 0 is never.
    pub terminate: u64,
    /// How long an application machine's nginx waits for php-fpm.
    pub fastcgi: u64,
    /// How long a load balancer waits for an application machine.
    pub proxy: u64,
}

impl Timeouts {
    fn new(inventory: &Inventory) -> Self {
        let execution = inventory.php.max_execution_time.as_seconds();
        let longest = if execution == 0 { UNLIMITED } else { execution };
        let fastcgi = longest.saturating_add(4);
        Self {
            execution,
            terminate: if execution == 0 {
                0
            } else {
                execution.saturating_add(2)
            },
            fastcgi,
            proxy: inventory
                .load_balancer
                .read_timeout
                .map_or(fastcgi.saturating_add(1), Duration::as_seconds),
        }
    }

    /// Writes the order: `PHP 30s < php-fpm 32s < nginx 34s < load balancer 35s`.
    pub fn order(&self) -> String {
        let words = |seconds: u64| match seconds {
            0 => "unlimited".to_owned(),
            seconds => format!("{seconds}s"),
        };
        format!(
            "PHP {} < php-fpm {} < nginx {} < load balancer {}",
            words(self.execution),
            words(self.terminate),
            words(self.fastcgi),
            words(self.proxy)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_station_is_more_patient_than_the_one_behind_it() {
        let mut inventory = Inventory::default();
        let timeouts = Timeouts::new(&inventory);
        assert_eq!(
            timeouts.order(),
            "PHP 30s < php-fpm 32s < nginx 34s < load balancer 35s"
        );
        inventory.php.max_execution_time = Duration::seconds(0);
        assert_eq!(
            Timeouts::new(&inventory).order(),
            "PHP unlimited < php-fpm unlimited < nginx 3604s < load balancer 3605s"
        );
    }

    #[test]
    fn what_one_station_takes_the_next_takes_too() {
        let mut inventory = Inventory::default();
        assert_eq!(
            Bodies::new(&inventory).order(),
            "upload_max_filesize 16M <= post_max_size 20M <= client_max_body_size 20M"
        );
        inventory.php.post_max_size = Size::bytes(0);
        assert_eq!(Bodies::new(&inventory).client, Size::bytes(0));
    }

    #[test]
    fn connections_are_compared_with_their_numbers() {
        let connections = Connections::new(3, 80, 2, 500, 20);
        assert!(connections.suffice());
        assert_eq!(
            connections.comparison(),
            "3 machines x 80 children x 2 = 480, of 500 - 20"
        );
        assert!(!Connections::new(3, 81, 2, 500, 20).suffice());
    }
}
