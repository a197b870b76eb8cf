//! The program: parses its arguments, runs one command, exits.

use std::process::ExitCode;

use clap::Parser as _;
use precast::cli::Cli;
use precast::exit::Exit;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => precast::cmd::run(cli).into(),
        Err(error) => {
            let _ = error.print();
            // clap's own exit code for errors, 2, means changes here. Help is no error.
            let exit = if error.use_stderr() {
                Exit::Error
            } else {
                Exit::Clean
            };
            exit.into()
        }
    }
}
