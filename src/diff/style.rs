//! The look of the HTML page.

/// Its style sheet, for light and dark screens, and for paper.
pub const CSS: &str = include_str!("style.css");
