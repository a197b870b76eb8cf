//! Explanations of what the stages before refuse: files that cannot be read, and values that do
//! not fit their type.

/// What `precast explain` says about a code that no lint raises.
pub(super) struct Page {
    /// The code.
    pub(super) code: &'static str,
    /// What it finds, in a few words.
    pub(super) title: &'static str,
    /// What it means, why it matters, what to do.
    pub(super) explanation: &'static str,
}

/// Every such code, in order.
pub(super) const PAGES: &[Page] = &[
    Page {
        code: "F01",
        title: "a file cannot be read",
        explanation: "\
A file or folder below `inventories/` exists but cannot be opened: its permissions forbid it, it is
not UTF-8 text, or a link leads nowhere or back to a folder above it.

Rendering without it would quietly drop what it says, so nothing is rendered. Mend the permissions
or the link, or remove the file.",
    },
    Page {
        code: "F02",
        title: "there is no inventory",
        explanation: "\
A project is a folder with a folder `inventories/` in it, which holds the description of the
platform. There is none where precast looked: in the current folder, or the one given with `-C`.

Run `precast init` to write a starter project, or name the project's folder with `-C`.",
    },
    Page {
        code: "F03",
        title: "a folder's name cannot be an environment",
        explanation: "\
Each folder below `inventories/` is one environment, and its name becomes part of host names, file
names and labels. It consists of lowercase letters, digits and inner hyphens, begins with a letter,
and has at most 40 characters.

Rename the folder, or move it out of `inventories/` if it is not an environment.",
    },
    Page {
        code: "F04",
        title: "a file is not YAML",
        explanation: "\
The file cannot be read past the place that is shown: an indentation does not fit, a quote or a
bracket is not closed, or a tab stands where spaces belong. Everything after it is unknown, so
nothing is rendered.

The mistake is on the line that is shown or on the one above it.",
    },
    Page {
        code: "F05",
        title: "an override sets nothing",
        explanation: "\
An override is a key, `=` and a value, as in `--set scaling.app.servers=3` or in the environment
variable `PRECAST__SCALING__APP__SERVERS=3`. The key is written as in the inventory, section first;
the value is YAML. Lists are set as a whole: `--set 'system.os=[linux]'`.

An override that cannot be understood is refused, because a deployment without it would not be the
one that was asked for.",
    },
    Page {
        code: "F06",
        title: "there is no such environment",
        explanation: "\
An environment exists when the section `environment` of a shared file names it, or when it has a
folder below `inventories/`. An override or an argument cannot create one: a misspelt name would
build a second platform beside the first.

Check the spelling, or add the environment with `precast env add`.",
    },
    Page {
        code: "F07",
        title: "a template of the project cannot be used",
        explanation: "\
A file in the project's `templates/` takes the place of the built-in template of the same name. This
one has no built-in namesake, does not parse, or asks for a value that the built-in one is not given.

Mend the file, or remove it to use the built-in template again.",
    },
    Page {
        code: "F08",
        title: "a file in out/ cannot be compared",
        explanation: "\
Before anything is written, what is rendered is held against what is in `out/`. A path there cannot
be read, is a folder where a file belongs, or is a symbolic link. Links are not followed, so that
nothing is ever written outside `out/`.

Mend its permissions, or move it out of `out/`.",
    },
    Page {
        code: "L01",
        title: "a key that is unknown, given twice or of the wrong kind",
        explanation: "\
A key that precast does not know has no effect, and one that is given twice has only one of its two
effects: a misspelt `replicaton: true` would build a database without copies, without a word. So
both are errors, as is a mapping where a value is expected or the other way round.

The message names the key that is most like it. Within one layer a key is set once; an environment's
own folder may override a shared one.",
    },
    Page {
        code: "L02",
        title: "a value that cannot be understood",
        explanation: "\
Sizes (\"512M\"), durations (\"30d\", or seconds), cron expressions, version requirements (\">=8.1\"),
ports from 1 to 65535, host names, networks and paths are read into types before anything is
rendered, so that each tool gets them in its own unit. This value is none of what its key expects,
or out of range.

The hint shows the notation. Sizes are binary: 1G is 1024M.",
    },
    Page {
        code: "L34",
        title: "a number of threads that GlusterFS does not take",
        explanation: "\
`performance.filesystem.io_threads` becomes `performance.io-thread-count`, for which GlusterFS takes
1 to 64. Another number is refused when the volume is set up, half-way through a deployment.

Use 8, or up to 64 for many small files on fast disks.",
    },
];
