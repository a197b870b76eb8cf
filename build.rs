//! Rebuilds the crate when a built-in template changes: the templates are part of the binary.

fn main() {
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=inventories");
}
