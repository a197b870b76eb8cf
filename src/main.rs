//! The program: parses its arguments, runs one command, exits.

use std::process::ExitCode;

use clap::Parser as _;
use precast::cli::Cli;

fn main() -> ExitCode {
    precast::cmd::run(Cli::parse()).into()
}
