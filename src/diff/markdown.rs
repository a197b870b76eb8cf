//! wip

use super::Options;
use crate::plan::Plan;

/// Prints plans.
pub fn print(plans: &[Plan], _options: Options) -> String {
    let mut text = String::new();
    for plan in plans {
        for file in plan.changes() {
            text += &format!(
                "{} {}/{}\n",
                file.status.name(),
                plan.environment,
                file.path
            );
        }
    }
    text
}
