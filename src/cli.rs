//! The command line: its commands, arguments and help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Compile one description of a PHP platform into the files that build it
///
/// precast reads the YAML in `inventories/`, checks it, and renders Terraform, Ansible, nginx and
/// php.ini for every environment into `out/`. It shows every change as a diff before it writes.
#[derive(Debug, Parser)]
#[command(
    name = "precast",
    version,
    max_term_width = 100,
    subcommand_required = true
)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Work in this project folder
    #[arg(short = 'C', value_name = "DIR", default_value = ".", global = true)]
    pub directory: PathBuf,
    /// Override a key, such as scaling.app.servers=3; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE", global = true)]
    pub overrides: Vec<String>,
    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every warning where only their number would be
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a documented starter project; existing files are kept
    Init(Init),
    /// Validate the inventory
    Check(Check),
    /// Show what `render` would change
    Diff(Diff),
    /// Show the changes, ask once, and write them
    Render(Render),
    /// Let the programs that will read the rendered files judge them
    Verify(Verify),
    /// Explain a key, a line of a rendered file, or a diagnostic
    Explain(Explain),
    /// Draw the topology
    Graph(Graph),
    /// List, add and compare environments
    #[command(subcommand)]
    Env(Env),
    /// Print the JSON Schema of inventories
    Schema,
    /// Print a shell completion script
    Completions(Completions),
}

/// `precast init`
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to write to
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// `precast check`
#[derive(Debug, Args)]
pub struct Check {
    /// Environments; all by default
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// How to print what is found
    #[arg(long, default_value = "human")]
    pub format: CheckFormat,
    /// Treat these as errors
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
}

/// How `check` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// With excerpts and hints
    Human,
    /// A line each
    Short,
    /// For programs
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What `check --deny` treats as errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings
    Warnings,
}

/// `precast diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// Environments; all by default
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// How to print the changes
    #[arg(long, default_value = "human")]
    pub format: DiffFormat,
    /// Print numbers of changed lines only
    #[arg(long)]
    pub stat: bool,
    /// Exit with 2 when there are changes
    #[arg(long)]
    pub exit_code: bool,
}

/// How `diff` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For a terminal
    Human,
    /// For `patch -p0`
    Unified,
    /// For a comment on a pull request, at most 65,536 characters
    Markdown,
    /// For programs
    Json,
    /// One page, side by side
    Html,
}

/// `precast render`
#[derive(Debug, Args)]
pub struct Render {
    /// Environments; all by default
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
    /// Also overwrite files that were edited by hand
    #[arg(long)]
    pub overwrite: bool,
}

/// `precast verify`
///
/// What is judged is what `render` would write, so it need not have been written. A program that
/// is not installed is skipped.
#[derive(Debug, Args)]
pub struct Verify {
    /// Environments; all by default
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// How to print the verdicts
    #[arg(long, default_value = "human")]
    pub format: VerifyFormat,
}

/// How `verify` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// A table, and below it what failed
    Human,
    /// For programs
    Json,
}

/// `precast explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// A key (scaling.app.servers), a place (out/production/php/fpm/app.conf:12) or a code (L27)
    #[arg(value_name = "KEY | FILE:LINE | CODE")]
    pub subject: String,
}

/// `precast graph`
#[derive(Debug, Args)]
pub struct Graph {
    /// The environment; production, or else the first one, by default
    #[arg(value_name = "ENV")]
    pub environment: Option<String>,
    /// The picture's format
    #[arg(long, default_value = "svg")]
    pub format: GraphFormat,
}

/// The formats of `graph`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A picture
    Svg,
    /// For Markdown
    Mermaid,
    /// For Graphviz
    Dot,
}

/// `precast env`
#[derive(Debug, Subcommand)]
pub enum Env {
    /// List the environments
    List,
    /// Add an environment like another one
    Add {
        /// The new environment
        name: String,
        /// The environment to take settings from
        #[arg(long, value_name = "ENV")]
        from: String,
    },
    /// Show the keys in which two environments differ
    Compare {
        /// One environment
        #[arg(value_name = "A")]
        left: String,
        /// The other
        #[arg(value_name = "B")]
        right: String,
    },
}

/// `precast completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
