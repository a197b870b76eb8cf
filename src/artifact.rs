//! What a target asks to be rendered.

/// One file to render.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Its path below `out/<environment>/`.
    pub path: String,
    /// The template's path below `templates/`. One that does not end in `.tera` is copied as is.
    pub template: &'static str,
    /// The values the template places.
    pub context: tera::Context,
    /// What deploying a change of this file does: `reloads nginx on lb1, lb2`.
    pub impacts: Vec<String>,
    /// Finds out what more a certain change does, from the text before and after it.
    pub consequences: Option<Consequences>,
}

/// Returns what deploying a change does, from the text before and after it.
pub type Consequences = fn(old: &str, new: &str) -> Vec<String>;

impl Artifact {
    /// Says how to find out what more a certain change does.
    #[must_use]
    pub fn consequences(mut self, consequences: Consequences) -> Self {
        self.consequences = Some(consequences);
        self
    }

    /// Adds what deploying a change of this file does.
    #[must_use]
    pub fn impact(mut self, impact: impl Into<String>) -> Self {
        self.impacts.push(impact.into());
        self
    }
}
