use super::{Findings, Lint};
use crate::diag::Severity;
use crate::resolve::Resolved;

pub(super) const LINT: Lint = Lint {
    code: "L56",
    severity: Severity::Error,
    title: "an upload passes one limit and fails at the next",
    explanation: "\
A request passes three limits: the load balancer's `max_body_size`, then PHP's `post_max_size` for
the body as a whole, then `upload_max_filesize` for each file in it. Each must be at least the next,
or uploads within the smaller limit fail at the larger one, with an empty form instead of an error.
PHP's `memory_limit` must hold the body too.

Put them in order: upload_max_filesize <= post_max_size <= max_body_size and memory_limit.",
    check,
};

fn check(resolved: &Resolved<'_>, findings: &mut Findings<'_, '_>) {
    let php = &resolved.inventory.php;
    let body = resolved.inventory.load_balancer.max_body_size;
    for (small_key, small, large_key, large) in [
        (
            "php.upload_max_filesize",
            php.upload_max_filesize,
            "php.post_max_size",
            Some(php.post_max_size),
        ),
        (
            "php.post_max_size",
            php.post_max_size,
            "load_balancer.max_body_size",
            body,
        ),
        (
            "php.post_max_size",
            php.post_max_size,
            "php.memory_limit",
            Some(php.memory_limit),
        ),
    ] {
        if let Some(large) = large.filter(|large| small > *large) {
            findings.report_with(
                Severity::Error,
                small_key,
                &[large_key],
                format!("`{small}` passes here and fails at the `{large}` of `{large_key}`"),
                format!("set `{large_key}` to `{small}` or more"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::findings;

    #[test]
    fn each_limit_fits_into_the_next() {
        let inventory = |php: &str, body: &str| {
            format!(
                "environment: {{dev: {{}}}}\n\
                 php: {{{php}}}\nload_balancer: {{max_body_size: {body}}}"
            )
        };
        assert_eq!(
            findings("L56", &inventory("upload_max_filesize: 32M", "null")),
            ["`32M` passes here and fails at the `20M` of `php.post_max_size`"]
        );
        assert_eq!(
            findings("L56", &inventory("", "10M")),
            ["`20M` passes here and fails at the `10M` of `load_balancer.max_body_size`"]
        );
        assert_eq!(
            findings("L56", &inventory("memory_limit: 16M", "null")),
            ["`20M` passes here and fails at the `16M` of `php.memory_limit`"]
        );
        assert!(findings("L56", &inventory("upload_max_filesize: 20M", "20M")).is_empty());
    }
}
