//! What is judged at one go.

use sha2::{Digest as _, Sha256};

use super::files::{Files, matching};

/// Files that a program judges at one go. It sees these and no others, so that its verdict on them
/// holds wherever they are rendered alike.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// The paths of the files it judges.
    pub judged: Vec<String>,
    /// The texts of these, and of those it also reads.
    pub files: Files,
    /// What else it is told: the machine whose files they are, say.
    pub variant: String,
}

impl Job {
    /// Takes these files out of an environment's; `judged` first, and what it also reads.
    pub fn new(files: &Files, judged: Vec<String>, read: &[String]) -> Self {
        let texts = judged
            .iter()
            .chain(read)
            .filter_map(|path| Some((path.clone(), files.get(path)?.clone())))
            .collect();
        Self {
            judged,
            files: texts,
            variant: String::new(),
        }
    }

    /// Tells it something.
    #[must_use]
    pub fn variant(mut self, variant: &str) -> Self {
        variant.clone_into(&mut self.variant);
        self
    }

    /// Makes one job of all files that fit; none where there are none.
    pub fn together(files: &Files, patterns: &[&str]) -> Vec<Self> {
        let judged = matching(files, patterns);
        if judged.is_empty() {
            return Vec::new();
        }
        vec![Self::new(files, judged, &[])]
    }

    /// Makes a job of each file that fits.
    pub fn each(files: &Files, patterns: &[&str]) -> Vec<Self> {
        matching(files, patterns)
            .into_iter()
            .map(|path| Self::new(files, vec![path], &[]))
            .collect()
    }

    /// Returns what tells it from other jobs of its checker.
    pub fn key(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.len().to_le_bytes());
            hash.update(text.as_bytes());
        };
        add(&self.variant);
        for path in &self.judged {
            add(path);
        }
        add("");
        for (path, text) in &self.files {
            add(path);
            add(text);
        }
        hash.finalize().into()
    }
}
