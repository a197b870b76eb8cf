use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;
use crate::topology::memory;
use crate::units::Size;

pub(super) const LINT: Lint = Lint {
    code: "L08",
    severity: Severity::Warning,
    title: "the storage client's cache fills an application machine",
    explanation: "\
GlusterFS caches on the client, so `performance.filesystem.cache_size` is memory of every
application machine, not of the storage machines. What it takes is missing for php-fpm.

Lower it to a quarter of the machine, or say with `scaling.app.memory` how large application
machines are. Without that precast gives them the cache's size and one gibibyte on top.",
    check,
};

/// What the system and php-fpm need beside the cache, at the very least.
const REST: Size = Size::mebibytes(512);

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let cache = memory::client_cache(resolved);
    let inventory = &resolved.inventory;
    let (key, memory) = match inventory.scaling.app.memory {
        Some(memory) => ("scaling.app.memory", memory),
        None => (
            "system.memory.recommended",
            inventory.system.memory.recommended,
        ),
    };
    if cache.as_bytes() > 0 && cache + REST >= memory {
        findings.report_with(
            Severity::Warning,
            "performance.filesystem.cache_size",
            &[key],
            format!(
                "`{cache}` of cache leaves less than `{REST}` of the `{memory}` of an application machine"
            ),
            format!(
                "lower it to `{}`, or set `scaling.app.memory` to `{}`",
                memory.scale(1, 4),
                Size::gibibytes((cache + REST + Size::bytes(1)).as_gibibytes_up())
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::ha;

    #[test]
    fn the_cache_leaves_room_for_php() {
        let inventory = |size: &str, memory: &str| {
            format!(
                "performance: {{filesystem: {{cache_size: {size}}}}}\n\
                 scaling: {{app: {{memory: {memory}}}}}"
            )
        };
        assert_eq!(
            ha("L08", &inventory("1G", "null")),
            ["`1G` of cache leaves less than `512M` of the `1G` of an application machine"]
        );
        assert!(ha("L08", &inventory("256M", "null")).is_empty());
        assert!(ha("L08", &inventory("1G", "2560M")).is_empty());
    }
}
