//! How long a whole run takes, in process: load to plan, and to disk where something is written.
//!
//! `cargo bench` prints three figures for each inventory: cold (nothing in `out/` yet, everything
//! is written), unchanged (everything is compared, nothing written) and one changed key (the diff
//! is computed, nothing written).

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use precast::compile::Inventories;
use precast::diag::{Diagnostics, human};
use precast::diff::{Options, human as diff_human};
use precast::load::{Overrides, load};
use precast::plan::Plan;
use precast::plan::tree::OutputTree;
use precast::write::{lock, write};
use tempfile::TempDir;

/// A project folder with so many environments of so many application machines each.
fn project(environments: u32, app_servers: u32) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let inventories = folder.path().join("inventories");
    fs::create_dir(&inventories).expect("the folder is new");
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories");
    for entry in fs::read_dir(bundled).expect("the bundled inventory exists") {
        let path = entry.expect("a readable folder").path();
        if path.is_file() && !path.ends_with("environment.yml") {
            let target = inventories.join(path.file_name().expect("a file name"));
            fs::copy(path, target).expect("room in the temporary folder");
        }
    }
    for number in 0..environments {
        let name = format!("env{number}");
        let layer = inventories.join(&name);
        fs::create_dir(&layer).expect("the folder is new");
        let mut text = String::new();
        let _ = writeln!(
            text,
            "environment:\n  {name}:\n    cache: {{host: {name}-redis}}\n    database: {{host: {name}-db}}\n\
             infrastructure:\n  network: {network}\n\
             scaling:\n  app:\n    servers: {app_servers}\n\
             php:\n  max_children: 4\n\
             performance:\n  database:\n    max_connections: 100000\n  cache:\n    max_connections: 100000",
            network = if app_servers > 2000 {
                "10.0.0.0/16".to_owned()
            } else {
                format!("10.{}.{}.0/20", number / 16, number % 16 * 16)
            },
        );
        fs::write(layer.join("all.yml"), text).expect("room in the temporary folder");
    }
    folder
}

fn plans(project: &Path, arguments: &[&str]) -> Vec<Plan> {
    let overrides = Overrides {
        variables: Vec::new(),
        arguments: arguments.iter().map(|text| (*text).to_owned()).collect(),
    };
    let mut diagnostics = Diagnostics::default();
    let loaded = load(project, &overrides, &mut diagnostics);
    let plans = Inventories::new(&loaded, &[], &mut diagnostics).plan(project, &mut diagnostics);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        human::print(&diagnostics, &loaded.sources)
    );
    plans
}

fn render(project: &Path) {
    let lock = lock(project).expect("nobody else is here");
    let plans = plans(project, &[]);
    write(&OutputTree::new(project), &plans, false, &lock).expect("room in the temporary folder");
}

fn measure(criterion: &mut Criterion, name: &str, project: &Path) {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(4));
    // A new folder each time, kept to the end: file systems are slow to give out again what was
    // just deleted.
    let mut kept = Vec::new();
    group.bench_function("cold", |bencher| {
        bencher.iter_batched(
            || {
                let fresh = TempDir::new().expect("a temporary folder");
                let linked = fresh.path().join("inventories");
                symlink(project.join("inventories"), linked).expect("the folder is new");
                let path = fresh.path().to_owned();
                kept.push(fresh);
                path
            },
            |fresh| render(&fresh),
            BatchSize::PerIteration,
        );
    });
    render(project);
    group.bench_function("unchanged", |bencher| {
        bencher.iter(|| black_box(plans(project, &[])));
    });
    group.bench_function("one changed key", |bencher| {
        bencher.iter(|| {
            let plans = plans(project, &["php.memory_limit=192M"]);
            black_box(diff_human::print(&plans, Options::default()))
        });
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            let mut diagnostics = Diagnostics::default();
            let loaded = load(project, &Overrides::default(), &mut diagnostics);
            Inventories::new(&loaded, &[], &mut diagnostics).check(&mut diagnostics);
            black_box(diagnostics)
        });
    });
}

fn benches(criterion: &mut Criterion) {
    let reference = TempDir::new().expect("a temporary folder");
    let document =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/reference-document/in/inventories");
    let inventories = reference.path().join("inventories");
    fs::create_dir(&inventories).expect("the folder is new");
    for entry in fs::read_dir(document).expect("the reference document exists") {
        let path = entry.expect("a readable folder").path();
        let target = inventories.join(path.file_name().expect("a file name"));
        fs::copy(path, target).expect("room in the temporary folder");
    }
    measure(criterion, "reference document", reference.path());
    measure(criterion, "30 environments", project(30, 20).path());
    measure(criterion, "300 environments", project(300, 20).path());
    measure(criterion, "10,000 machines", project(1, 10_000).path());
}

criterion_group!(all, benches);
criterion_main!(all);
