//! One machine that does everything.

use super::canvas::{Anchor, Area, Canvas};
use super::{
    CARD_GAP, CARD_HEIGHT, HEADING, INTERNET_HEIGHT, INTERNET_Y, MARGIN, PADDING, ROW_GAP, down,
    internet, monitoring,
};
use crate::topology::{Party, Role, Topology};

/// Draws one machine that does everything, and returns the size of the picture.
pub(super) fn draw(canvas: &mut Canvas, topology: &Topology) -> (i32, i32) {
    let width = monitoring::WIDTH + 2 * PADDING;
    let top = INTERNET_Y + INTERNET_HEIGHT + ROW_GAP;
    let mut bottom = top;
    for machine in &topology.machines {
        let (x, mut y) = (MARGIN + PADDING, top + HEADING);
        let roles = machine.roles.iter().copied();
        let roles: Vec<Role> = roles.filter(|role| *role != Role::Monitoring).collect();
        let rows = i32::try_from(roles.len().div_ceil(3)).unwrap_or(0);
        let cards = rows * (CARD_HEIGHT + CARD_GAP);
        let area = Area {
            x: MARGIN,
            y: top,
            width,
            height: HEADING + cards + HEADING + monitoring::height(monitoring::ROW) + PADDING,
        };
        canvas.rectangle("group", area, 14);
        canvas.text("heading", Anchor::Start, x, top + 26, &machine.name);
        let facts = format!("{} · {}", machine.address, machine.memory);
        canvas.text(
            "soft",
            Anchor::End,
            area.right() - PADDING,
            top + 26,
            &facts,
        );
        for row in roles.chunks(3) {
            let columns = i32::try_from(row.len()).unwrap_or(1);
            let row_width =
                columns * (monitoring::PART_WIDTH + monitoring::PART_GAP) - monitoring::PART_GAP;
            let mut left = area.middle() - row_width / 2;
            for role in row {
                let card = Area {
                    x: left,
                    y,
                    width: monitoring::PART_WIDTH,
                    height: CARD_HEIGHT,
                };
                canvas.rectangle("card", card, 8);
                canvas.text("name", Anchor::Middle, card.middle(), y + 30, role.title());
                left += monitoring::PART_WIDTH + monitoring::PART_GAP;
            }
            y += CARD_HEIGHT + CARD_GAP;
        }
        canvas.text(
            "heading",
            Anchor::Start,
            x,
            y + 22,
            Role::Monitoring.title(),
        );
        monitoring::draw(canvas, x, y + HEADING, monitoring::ROW);
        let internet = internet(canvas, area.middle());
        down(
            canvas,
            topology,
            Party::Internet,
            Role::LoadBalancer,
            internet,
            area,
        );
        bottom = area.bottom();
    }
    (width + 2 * MARGIN, bottom + MARGIN)
}
