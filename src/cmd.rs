//! The commands, one module each: call the stages, print, choose the exit code.

pub mod check;
pub mod completions;
pub mod diff;
pub mod env;
pub mod explain;
pub mod graph;
pub mod init;
pub mod render;
pub mod schema;
pub mod verify;

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};
use anyhow::Result;

use crate::cli::{Cli, Color, Command, Global};
use crate::diag::{Diagnostics, Severity, human};
use crate::exit::Exit;
use crate::load::{Loaded, Overrides, io_words, load};
use crate::source::Sources;

/// What every command is given: where to work and how to print.
#[derive(Debug)]
pub struct Session {
    /// The project's folder.
    pub project: PathBuf,
    overrides: Overrides,
    color: Color,
    quiet: bool,
    verbose: bool,
}

/// Runs the command and prints what stopped it.
pub fn run(cli: Cli) -> Exit {
    let session = Session::new(cli.global);
    let result = match cli.command {
        Command::Init(args) => init::run(&session, &args),
        Command::Check(args) => check::run(&session, &args),
        Command::Diff(args) => diff::run(&session, &args),
        Command::Render(args) => render::run(&session, &args),
        Command::Verify(args) => verify::run(&session, &args),
        Command::Explain(args) => explain::run(&session, &args),
        Command::Graph(args) => graph::run(&session, &args),
        Command::Env(args) => env::run(&session, &args),
        Command::Schema => schema::run(&session),
        Command::Completions(args) => completions::run(&session, &args),
    };
    result.unwrap_or_else(|error| {
        let reader_left = error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe);
        // `precast diff | head` is no failure of ours, and nobody reads what we would say.
        if !reader_left {
            let words = error
                .downcast_ref::<io::Error>()
                .map_or_else(|| format!("{error:#}"), io_words);
            let _ = session.complain(&format!("error: {words}\n"));
        }
        Exit::Error
    })
}

impl Session {
    fn new(global: Global) -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            project: global.directory,
            overrides: Overrides::from_environment(variables, global.overrides),
            color: global.color,
            quiet: global.quiet,
            verbose: global.verbose,
        }
    }

    /// Loads the project's inventory.
    pub fn load(&self, diagnostics: &mut Diagnostics) -> Loaded {
        load(&self.project, &self.overrides, diagnostics)
    }

    /// Returns whether what is printed to standard output may have colours.
    pub fn styled(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        }
    }

    fn styled_errors(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        }
    }

    /// Prints a result to standard output.
    ///
    /// # Errors
    /// When nobody reads it any more, or the disk behind it is full.
    pub fn print(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Prints a remark to standard error, unless `--quiet`.
    ///
    /// # Errors
    /// When standard error is closed.
    pub fn remark(&self, text: &str) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        self.complain(text)
    }

    /// Prints to standard error.
    ///
    /// # Errors
    /// When standard error is closed.
    pub fn complain(&self, text: &str) -> Result<()> {
        io::stderr().lock().write_all(text.as_bytes())?;
        Ok(())
    }

    /// Prints findings on the way to something else: errors in full, the rest by number.
    ///
    /// # Errors
    /// When standard error is closed.
    pub fn report(&self, diagnostics: &mut Diagnostics, sources: &Sources) -> Result<()> {
        diagnostics.tidy();
        let least = if self.verbose {
            Severity::Info
        } else {
            Severity::Error
        };
        let (shown, counted) = diagnostics.split(least);
        if shown.iter().next().is_some() {
            let text = human::print_with(&shown, sources, self.styled_errors());
            self.complain(&format!("{text}\n"))?;
        }
        let warnings = counted.count(Severity::Warning);
        let infos = counted.count(Severity::Info);
        if warnings + infos > 0 && !shown.has_errors() {
            self.remark(&format!(
                "{warnings} warnings, {infos} infos: `precast check` shows them\n"
            ))?;
        }
        Ok(())
    }

    /// Prints the errors on the way to something else, and leaves the rest unsaid.
    ///
    /// # Errors
    /// When standard error is closed.
    pub fn report_errors(&self, diagnostics: &mut Diagnostics, sources: &Sources) -> Result<()> {
        diagnostics.tidy();
        let (errors, _) = diagnostics.split(Severity::Error);
        if errors.has_errors() {
            self.complain(&human::print_with(&errors, sources, self.styled_errors()))?;
        }
        Ok(())
    }

    /// Asks a question on the terminal; `None` when there is no terminal to ask on.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn confirm(&self, question: &str) -> Result<Option<bool>> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        self.complain(&format!("{question} [y/N] "))?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(Some(matches!(answer.trim(), "y" | "Y" | "yes")))
    }
}
