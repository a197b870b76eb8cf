//! The inside of the monitoring box: from what is watched to who is told.

use super::canvas::{Anchor, Area, Canvas};
use crate::graph::{MONITORING, Part, flows};

/// The width of a part.
pub(super) const PART_WIDTH: i32 = 146;
/// The space between parts side by side.
pub(super) const PART_GAP: i32 = 14;
const PART_HEIGHT: i32 = 36;
const COLUMN: i32 = PART_WIDTH + PART_GAP;
/// How many rows follow the first.
const STEPS: i32 = 5;

/// The least distance from one row to the next.
pub(super) const ROW: i32 = PART_HEIGHT + 34;

/// The width of the drawing: three parts side by side.
pub(super) const WIDTH: i32 = 2 * COLUMN + PART_WIDTH;

/// Returns the height of the drawing at a distance from row to row.
pub(super) const fn height(row: i32) -> i32 {
    STEPS * row + PART_HEIGHT
}

/// Returns the distance from row to row that fills a height.
pub(super) const fn row(height: i32) -> i32 {
    (height - PART_HEIGHT) / STEPS
}

/// Draws the parts and their arrows with the top left corner at a position.
pub(super) fn draw(canvas: &mut Canvas, x: i32, y: i32, distance: i32) {
    let mut placed: Vec<(&Part, Area)> = Vec::new();
    let mut top = y;
    for row in MONITORING {
        // A part that is alone in its row stands in the middle column.
        let mut left = if row.len() == 1 { x + COLUMN } else { x };
        for part in row {
            let area = Area {
                x: left,
                y: top,
                width: PART_WIDTH,
                height: PART_HEIGHT,
            };
            canvas.rectangle("card", area, 18);
            canvas.text("part", Anchor::Middle, area.middle(), top + 23, part.title);
            placed.push((part, area));
            left += COLUMN;
        }
        top += distance;
    }
    let find = |part: &Part| placed.iter().find(|(other, _)| other.id == part.id);
    for (from, to) in flows() {
        if let (Some((_, from)), Some((_, to))) = (find(from), find(to)) {
            let half = i32::midpoint(from.bottom(), to.y) - 3;
            let mut points = vec![(from.middle(), from.bottom())];
            if from.middle() != to.middle() {
                points.extend([(from.middle(), half), (to.middle(), half)]);
            }
            points.push((to.middle(), to.y - 2));
            canvas.arrow("watch", &points);
        }
    }
}
