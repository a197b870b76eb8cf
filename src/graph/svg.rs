//! SVG, readable on light and dark pages.

mod canvas;
mod monitoring;
mod single;

use super::{Group, groups};
use crate::topology::{Edge, Machine, Party, Role, Topology};
use canvas::{Anchor, Area, Canvas, escape};

const STYLE: &str = include_str!("svg/style.css");

const MARGIN: i32 = 32;
/// Space inside a group box.
const PADDING: i32 = 16;
/// Height of a group's heading.
const HEADING: i32 = 40;
const CARD_WIDTH: i32 = 136;
const CARD_HEIGHT: i32 = 50;
const CARD_GAP: i32 = 12;
/// Space between rows of groups, for arrows and what they say.
const ROW_GAP: i32 = 84;
/// Space between the groups of one row.
const GROUP_GAP: i32 = 28;
/// Space between the network and the monitoring.
const SIDE_GAP: i32 = 170;
/// Height of one line of words.
const LINE: i32 = 16;
/// Where the internet stands.
const INTERNET_Y: i32 = 92;
const INTERNET_HEIGHT: i32 = 40;

/// Draws a topology as an SVG document.
pub fn svg(title: &str, topology: &Topology) -> String {
    let mut canvas = Canvas::default();
    let (width, height) = if topology.single {
        single::draw(&mut canvas, topology)
    } else {
        fleet(&mut canvas, topology)
    };
    let title = escape(title);
    let count = match topology.machines.len() {
        1 => "1 machine".to_owned(),
        count => format!("{count} machines"),
    };
    let network = topology.network;
    let body = canvas.finish();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"precast\" viewBox=\"0 0 {width} {height}\" \
width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">
<title id=\"title\">{title}</title>
<desc id=\"desc\">{count} in {network}, grouped by role, with the connections between them.</desc>
<style>
{STYLE}</style>
<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
orient=\"auto-start-reverse\"><path class=\"head\" d=\"M0 1L10 5L0 9z\"/></marker></defs>
<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>
<text class=\"title\" x=\"{MARGIN}\" y=\"44\">{title}</text>
<text class=\"soft\" x=\"{MARGIN}\" y=\"68\">{count} in the private network {network}</text>
{body}</svg>
"
    )
}

/// Draws a fleet in rows, its monitoring at the side, and returns the size of the picture.
fn fleet(canvas: &mut Canvas, topology: &Topology) -> (i32, i32) {
    let groups = groups(topology);
    let rows: [&[Role]; 3] = [
        &[Role::LoadBalancer],
        &[Role::App],
        &[Role::Cache, Role::Database, Role::Storage],
    ];
    let rows = rows.map(|roles| {
        let wanted = groups.iter().filter(|group| roles.contains(&group.role));
        let sized = wanted.map(|group| (group, size(topology, group)));
        sized.collect::<Vec<_>>()
    });
    let row_width = |row: &[(&Group<'_>, (i32, i32))]| {
        let gaps = i32::try_from(row.len().saturating_sub(1)).unwrap_or(0) * GROUP_GAP;
        row.iter().map(|(_, (width, _))| width).sum::<i32>() + gaps
    };
    let inner = rows.iter().map(|row| row_width(row)).max().unwrap_or(0);
    let network_y = INTERNET_Y + INTERNET_HEIGHT + 56;
    let mut y = network_y + 64;
    let center = MARGIN + GROUP_GAP + inner / 2;
    let mut placed: Vec<(Role, Area)> = Vec::new();
    for row in &rows {
        let mut x = center - row_width(row) / 2;
        let tallest = row.iter().map(|(_, (_, height))| *height).max();
        let Some(tallest) = tallest else { continue };
        for (group, (width, _)) in row {
            let area = Area {
                x,
                y,
                width: *width,
                height: tallest,
            };
            draw_group(canvas, topology, group, area);
            placed.push((group.role, area));
            x += width + GROUP_GAP;
        }
        y += tallest + ROW_GAP;
    }
    let network = Area {
        x: MARGIN,
        y: network_y,
        width: inner + 2 * GROUP_GAP,
        height: y - ROW_GAP + GROUP_GAP - network_y,
    };
    canvas.rectangle("network", network, 18);
    let left = network.x + PADDING;
    canvas.text("soft", Anchor::Start, left, network.y + 24, "Every machine");
    let internet = internet(canvas, center);
    let find = |role| {
        placed
            .iter()
            .find(|(other, _)| *other == role)
            .map(|(_, area)| *area)
    };
    if let Some(balancers) = find(Role::LoadBalancer) {
        down(
            canvas,
            topology,
            Party::Internet,
            Role::LoadBalancer,
            internet,
            balancers,
        );
    }
    for (from, to) in [
        (Role::LoadBalancer, Role::App),
        (Role::App, Role::Cache),
        (Role::App, Role::Database),
        (Role::App, Role::Storage),
    ] {
        if let (Some(above), Some(below)) = (find(from), find(to)) {
            down(canvas, topology, Party::Role(from), to, above, below);
        }
    }
    let Some(group) = groups.iter().find(|group| group.role == Role::Monitoring) else {
        return (network.right() + MARGIN, network.bottom() + MARGIN);
    };
    let above = HEADING + CARD_HEIGHT + 28;
    let room = network.height - above - PADDING;
    // Beside a tall fleet the steps spread out, up to a distance at which arrows look lost.
    let row = monitoring::row(room).clamp(monitoring::ROW, 100);
    let side = Area {
        x: network.right() + SIDE_GAP,
        y: network.y,
        width: monitoring::WIDTH + 2 * PADDING,
        height: network
            .height
            .max(above + monitoring::height(row) + PADDING),
    };
    draw_group(canvas, topology, group, side);
    monitoring::draw(canvas, side.x + PADDING, side.y + above, row);
    watch(canvas, topology, network, side, &find);
    (
        side.right() + MARGIN,
        side.bottom().max(network.bottom()) + MARGIN,
    )
}

/// Draws the arrows between the monitoring and what it watches, from top to bottom.
fn watch(
    canvas: &mut Canvas,
    topology: &Topology,
    network: Area,
    side: Area,
    find: &impl Fn(Role) -> Option<Area>,
) {
    let monitoring = Party::Role(Role::Monitoring);
    let mut lowest = network.y;
    for role in [Role::LoadBalancer, Role::App] {
        let Some(area) = find(role) else { continue };
        lowest = area.bottom();
        let words = between(topology, monitoring, Party::Role(role));
        if words.is_empty() {
            continue;
        }
        let y = area.y + area.height / 2;
        canvas.arrow("watch", &[(side.x, y), (area.right() + 2, y)]);
        say(canvas, network.right() + 20, y - 8 - LINE, &words);
    }
    // What concerns every machine begins and ends at the network's border, below the rest.
    let arrows = [
        (monitoring, Party::Everyone, lowest + 40),
        (Party::Everyone, monitoring, lowest + 110),
    ];
    for (from, to, y) in arrows {
        let words = between(topology, from, to);
        if words.is_empty() {
            continue;
        }
        let (inner, outer) = (network.right(), side.x);
        let points = if from == monitoring {
            [(outer, y), (inner + 2, y)]
        } else {
            [(inner, y), (outer - 2, y)]
        };
        canvas.arrow("watch", &points);
        say(canvas, inner + 20, y - 8 - LINE, &words);
    }
}

/// Draws the internet, centred.
fn internet(canvas: &mut Canvas, center: i32) -> Area {
    let area = Area {
        x: center - 70,
        y: INTERNET_Y,
        width: 140,
        height: INTERNET_HEIGHT,
    };
    canvas.rectangle("card", area, INTERNET_HEIGHT / 2);
    canvas.text("name", Anchor::Middle, center, INTERNET_Y + 25, "Internet");
    area
}

/// Returns how many cards stand side by side in a group.
fn columns(group: &Group<'_>) -> usize {
    let most = match group.role {
        Role::LoadBalancer | Role::App => 4,
        _ => 2,
    };
    group.drawn.len().min(most)
}

/// Returns the width and height a group needs.
fn size(topology: &Topology, group: &Group<'_>) -> (i32, i32) {
    let columns = columns(group);
    let rows = group.drawn.len().div_ceil(columns.max(1)) + usize::from(group.more.is_some());
    let extra = remarks(topology, group.role).len();
    let whole = |count: usize| i32::try_from(count).unwrap_or(0);
    // Two columns are the least that heading and remarks fit over.
    let width = whole(columns.max(2)) * (CARD_WIDTH + CARD_GAP) - CARD_GAP + 2 * PADDING;
    let height = HEADING + whole(rows) * (CARD_HEIGHT + CARD_GAP) + whole(extra) * LINE;
    (width, height + PADDING / 2)
}

/// Returns the lines at the foot of a group: addresses it shares, and what its machines say to
/// each other.
fn remarks(topology: &Topology, role: Role) -> Vec<String> {
    let shared = topology
        .shared_address
        .filter(|_| role == Role::LoadBalancer);
    let own = between(topology, Party::Role(role), Party::Role(role));
    shared
        .map(|address| format!("shared address {address}"))
        .into_iter()
        .chain(
            own.into_iter()
                .map(|(purpose, ports)| format!("{purpose} {ports}")),
        )
        .collect()
}

fn draw_group(canvas: &mut Canvas, topology: &Topology, group: &Group<'_>, area: Area) {
    canvas.rectangle("group", area, 14);
    let left = area.x + PADDING;
    canvas.text(
        "heading",
        Anchor::Start,
        left,
        area.y + 26,
        group.role.title(),
    );
    let columns = columns(group).max(1);
    let row_width = i32::try_from(columns).unwrap_or(1) * (CARD_WIDTH + CARD_GAP) - CARD_GAP;
    let mut y = area.y + HEADING;
    for row in group.drawn.chunks(columns) {
        let mut x = area.middle() - row_width / 2;
        for machine in row {
            card(canvas, machine, x, y);
            x += CARD_WIDTH + CARD_GAP;
        }
        y += CARD_HEIGHT + CARD_GAP;
    }
    if let Some(more) = &group.more {
        let wide = Area {
            x: left,
            y,
            width: area.width - 2 * PADDING,
            height: CARD_HEIGHT,
        };
        canvas.rectangle("more", wide, 8);
        canvas.text("name", Anchor::Middle, wide.middle(), y + 21, &more.count);
        canvas.text(
            "soft",
            Anchor::Middle,
            wide.middle(),
            y + 39,
            &more.addresses,
        );
        y += CARD_HEIGHT + CARD_GAP;
    }
    for remark in remarks(topology, group.role) {
        canvas.text("soft", Anchor::Start, left, y + 10, &remark);
        y += LINE;
    }
}

fn card(canvas: &mut Canvas, machine: &Machine, x: i32, y: i32) {
    let area = Area {
        x,
        y,
        width: CARD_WIDTH,
        height: CARD_HEIGHT,
    };
    canvas.rectangle("card", area, 8);
    canvas.text("name", Anchor::Start, x + 12, y + 21, &machine.name);
    let memory = super::memory(machine);
    canvas.text("soft", Anchor::End, area.right() - 12, y + 21, &memory);
    let address = machine.address.to_string();
    canvas.text("soft", Anchor::Start, x + 12, y + 39, &address);
}

/// Returns purpose and ports of every connection from one party to another.
fn between(topology: &Topology, from: Party, to: Party) -> Vec<(&'static str, String)> {
    let wanted = |edge: &&Edge| edge.from == from && edge.to == to;
    let edges = topology.edges.iter().filter(wanted);
    edges
        .map(|edge| (edge.purpose, edge.ports.join(", ")))
        .collect()
}

/// Writes what an arrow is for, and its ports below.
fn say(canvas: &mut Canvas, x: i32, y: i32, words: &[(&'static str, String)]) {
    for (position, (purpose, ports)) in (0..).zip(words) {
        let y = y + position * 2 * LINE;
        canvas.text("part", Anchor::Start, x, y, purpose);
        canvas.text("soft", Anchor::Start, x, y + LINE, ports);
    }
}

/// Draws the connections from a box to one below it, around the corner when it stands aside.
fn down(canvas: &mut Canvas, topology: &Topology, from: Party, to: Role, above: Area, below: Area) {
    let words = between(topology, from, Party::Role(to));
    if words.is_empty() {
        return;
    }
    let turn = above.bottom() + 24;
    let mut points = vec![(above.middle(), above.bottom())];
    if above.middle() != below.middle() {
        points.extend([(above.middle(), turn), (below.middle(), turn)]);
    }
    points.push((below.middle(), below.y - 2));
    canvas.arrow("arrow", &points);
    let middle = below.y - 36;
    say(canvas, below.middle() + 12, middle, &words);
}

#[cfg(test)]
#[path = "svg/tests.rs"]
mod tests;
