//! PHP reads its settings, knows their names, and compiles scripts.

use anyhow::Result;

use super::Checker;
use super::desk::{Desk, PATIENCE};
use super::files::{Files, fits};
use super::finding::Finding;
use super::job::Job;
use super::program::Program;

const PHP: Program = Program::new(
    &["php8.2", "php8.3", "php8.4", "php"],
    "Debian package php8.2-cli",
);

pub(super) const CHECKER: Checker = Checker {
    name: "php",
    programs: &[PHP],
    root: false,
    jobs,
    judge,
};

/// PHP ignores a setting it does not know, so names are looked up. Those of extensions that are not
/// loaded here, and those only php-fpm has, cannot be.
const READ_INI: &str = r#"
$bad = 0;
set_error_handler(function ($level, $message) use (&$bad) {
    $bad = 1;
    echo $message, "\n";
    return true;
});
$known = array_keys(ini_get_all());
$owners = array_map('strtolower', get_loaded_extensions());
foreach (array_keys(parse_ini_file($argv[1], false, INI_SCANNER_RAW) ?: []) as $name) {
    $owner = strtolower(strstr($name, '.', true) ?: 'core');
    if (!in_array($name, $known, true) && in_array($owner, $owners, true)) {
        foreach (file($argv[1]) as $number => $line) {
            if (str_starts_with(ltrim($line), $name)) {
                $bad = 1;
                echo $argv[1], ':', $number + 1, ": PHP has no setting `$name`\n";
            }
        }
    }
}
exit($bad);
"#;

fn jobs(files: &Files) -> Vec<Job> {
    Job::each(files, &["**.ini", "**.php"])
}

fn judge(desk: &Desk<'_>) -> Result<Vec<Finding>> {
    let mut command = desk.command(&PHP)?;
    if fits("**.php", desk.main()) {
        command.args(["-n", "-d", "display_errors=1", "-l", "--", desk.main()]);
    } else {
        command.args(["-r", READ_INI, "--", desk.main()]);
    }
    let said = desk.finish(&mut command, PATIENCE)?;
    Ok(desk.findings(&said))
}
