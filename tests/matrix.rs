//! Every combination of drivers and shapes that the validator accepts renders, and the programs
//! that will read the files accept them.
//!
//! A sample by default; `MATRIX=all` takes all of it, which is a matter of hours. Files that
//! combinations share are judged once.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics says why, and what was judged is said"
)]

mod common;
mod compiled;

use common::tools;
use compiled::{Compiled, REFERENCE, compile, demand_passed, subjects, templates, tree};
use precast::resolve::lay_over;
use precast::verify::{Verdicts, verify};
use rayon::prelude::*;
use serde_json::{Value, json};

/// Accepted combinations that there are at least.
const LEAST: usize = 200;

/// Combinations in the sample. Coprime to the lengths of what is combined, so that a stride of it
/// meets every driver.
const SAMPLE: usize = 7;

/// One environment is enough: which one it is matters to names and addresses alone.
const ENVIRONMENT: &str = "production";

#[test]
fn every_accepted_combination_passes() {
    let reference = tree(REFERENCE);
    let templates = templates();
    let environments = [ENVIRONMENT.to_owned()];
    let all = combinations();
    let accepted: Vec<(String, Compiled)> = all
        .par_iter()
        .filter_map(|combination| {
            let mut tree = reference.clone();
            lay_over(&mut tree, combination);
            let compiled = compile(&templates, &tree, &environments);
            let about = combination.to_string();
            // Errors of rendering (F…) are ours; those of lints are the validator's refusal.
            let refused = compiled.errors.iter().all(|code| code.starts_with('L'));
            assert!(refused, "{about}: {:?}", compiled.diagnostics);
            compiled.errors.is_empty().then_some((about, compiled))
        })
        .collect();
    println!(
        "{} of {} combinations are accepted",
        accepted.len(),
        all.len()
    );
    assert!(accepted.len() >= LEAST, "{} are too few", accepted.len());
    let stride = match std::env::var("MATRIX").as_deref() {
        Ok("all") => 1,
        _ => accepted.len() / SAMPLE,
    };
    let verdicts = Verdicts::default();
    for (about, compiled) in accepted.iter().step_by(stride) {
        let checks = verify(&subjects(compiled), &tools(), &verdicts, &|_, _, _| {});
        demand_passed(&checks, about);
    }
}

/// Every shape of cache, database and topology with every other; the rest takes turns, each in its
/// own rhythm, so that it meets them all.
fn combinations() -> Vec<Value> {
    let switch = [true, false];
    let mut all = Vec::new();
    for cache in ["redis", "memcached"] {
        for sharding in switch {
            for (replication, failover) in
                [(true, true), (true, false), (false, true), (false, false)]
            {
                for database in ["mysql", "mariadb", "postgresql"] {
                    for (replicas, failover_of_database) in [
                        (3, true),
                        (2, true),
                        (0, true),
                        (3, false),
                        (2, false),
                        (0, false),
                    ] {
                        for topology in ["ha", "single"] {
                            let number = all.len();
                            let turn = |rhythm: usize| (number / rhythm).is_multiple_of(2);
                            let files = turn(1);
                            all.push(json!({
                                "environment": { ENVIRONMENT: {
                                    // Where visitors are, debugging is refused, which another
                                    // environment of the document shows to render.
                                    "debug": false,
                                    "cache": { "driver": cache },
                                    "database": { "driver": database },
                                }},
                                "system": { "php": { "extensions": extensions(cache, database) } },
                                "infrastructure": { "topology": topology },
                                "scaling": {
                                    "load_balancer": { "servers": if turn(3) { 2 } else { 1 } },
                                    "cache": {
                                        "sharding": sharding,
                                        "replication": replication,
                                        "failover": failover,
                                    },
                                    "database": {
                                        "read_replicas": replicas,
                                        "failover": failover_of_database,
                                    },
                                    "filesystem": {
                                        "distributed": turn(5),
                                        "replication": turn(2) || turn(5),
                                        "backup": true,
                                    },
                                },
                                "backup": {
                                    "database": { "compression": turn(7) },
                                    "filesystem": { "compression": files },
                                    "configuration": { "encryption": turn(11) },
                                },
                            }));
                        }
                    }
                }
            }
        }
    }
    all
}

fn extensions(cache: &str, database: &str) -> Value {
    let database = if database == "postgresql" {
        "pdo_pgsql"
    } else {
        "pdo_mysql"
    };
    json!(["pdo", database, cache, "mbstring"])
}
