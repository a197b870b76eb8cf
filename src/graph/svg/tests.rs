use std::collections::BTreeMap;

use super::svg;
use crate::graph::testing::{HA, SINGLE, lay_out};

const TITLES: [&str; 2] = ["shop: live", "<b> & \"c\" \u{1b}]]>"];

fn pictures() -> Vec<String> {
    let large = HA.replace("servers: 10", "servers: 2000");
    [HA, SINGLE, &large]
        .iter()
        .flat_map(|yaml| TITLES.map(|title| svg(title, &lay_out(yaml))))
        .collect()
}

/// An element's name and attributes.
type Element<'a> = (&'a str, BTreeMap<&'a str, &'a str>);

/// Reads the little XML that is written here, and fails on anything else.
fn elements(xml: &str) -> Vec<Element<'_>> {
    let mut elements = Vec::new();
    let mut open = Vec::new();
    let mut rest = xml;
    while let Some((text, after)) = rest.split_once('<') {
        check_text(text);
        let (tag, after) = after.split_once('>').unwrap();
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (tag, empty) = tag
            .strip_suffix('/')
            .map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut read = BTreeMap::new();
        while let Some((key, after)) = attributes.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap();
            assert!(read.insert(key.trim(), value).is_none(), "{tag}");
            attributes = after;
        }
        assert_eq!(attributes, "", "{tag}");
        elements.push((name, read));
        if !empty {
            open.push(name);
        }
    }
    check_text(rest);
    assert!(open.is_empty());
    elements
}

fn check_text(text: &str) {
    assert!(!text.contains('>') && !text.contains(|c: char| c.is_control() && c != '\n'));
    for entity in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;"];
        assert!(known.iter().any(|name| entity.starts_with(name)), "{text}");
    }
}

/// Returns left, top, right and bottom of every rectangle of a class.
fn rectangles(elements: &[Element<'_>], class: &str) -> Vec<[i32; 4]> {
    let wanted = |(name, attributes): &&Element<'_>| {
        *name == "rect" && attributes.get("class").is_some_and(|other| *other == class)
    };
    let number = |attributes: &BTreeMap<&str, &str>, key| attributes[key].parse::<i32>().unwrap();
    let found = elements.iter().filter(wanted).map(|(_, attributes)| {
        let (x, y) = (number(attributes, "x"), number(attributes, "y"));
        let (width, height) = (number(attributes, "width"), number(attributes, "height"));
        [x, y, x + width, y + height]
    });
    found.collect()
}

fn points(path: &str) -> Vec<(i32, i32)> {
    let points = path.split(['M', 'L']).skip(1).map(|point| {
        let (x, y) = point.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    });
    points.collect()
}

fn arrows(elements: &[Element<'_>]) -> Vec<Vec<(i32, i32)>> {
    let arrows = elements
        .iter()
        .filter(|(_, attributes)| attributes.contains_key("marker-end"));
    arrows
        .map(|(_, attributes)| points(attributes["d"]))
        .collect()
}

#[test]
fn nothing_lies_outside_the_picture() {
    for picture in pictures() {
        let elements = elements(&picture);
        let root = &elements[0].1;
        let width: i32 = root["width"].parse().unwrap();
        let height: i32 = root["height"].parse().unwrap();
        assert_eq!(root["viewBox"], format!("0 0 {width} {height}"));
        let inside = |x: i32, y: i32| (0..=width).contains(&x) && (0..=height).contains(&y);
        for class in ["group", "network", "card", "more"] {
            for [left, top, right, bottom] in rectangles(&elements, class) {
                assert!(inside(left, top) && inside(right, bottom), "{class}");
            }
        }
        for (x, y) in arrows(&elements).concat() {
            assert!(inside(x, y));
        }
        for (name, attributes) in &elements {
            if *name == "text" {
                let read = |key| attributes[key].parse::<i32>().unwrap();
                assert!(inside(read("x"), read("y")));
            }
        }
    }
}

#[test]
fn boxes_do_not_overlap() {
    for picture in pictures() {
        let elements = elements(&picture);
        for class in ["group", "card"] {
            let boxes = rectangles(&elements, class);
            assert!(!boxes.is_empty());
            for (position, a) in boxes.iter().enumerate() {
                for b in &boxes[position + 1..] {
                    let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                    assert!(apart, "{class} {a:?} {b:?}");
                }
            }
        }
    }
}

#[test]
fn arrows_do_not_run_through_cards() {
    for picture in pictures() {
        let elements = elements(&picture);
        for arrow in arrows(&elements) {
            for line in arrow.windows(2) {
                let (from, to) = (line[0].min(line[1]), line[0].max(line[1]));
                for [left, top, right, bottom] in rectangles(&elements, "card") {
                    let (low, high) = (from.1.min(to.1), from.1.max(to.1));
                    let apart = to.0 <= left || from.0 >= right || high <= top || low >= bottom;
                    assert!(apart, "{line:?} {left} {top} {right} {bottom}");
                }
            }
        }
    }
}

#[test]
fn large_fleets_are_counted() {
    let large = HA.replace("servers: 10", "servers: 2000");
    let picture = svg("shop", &lay_out(&large));
    assert!(picture.contains(">… and 1992 more<"));
    assert!(picture.contains(">10.1.8.9 – 10.1.15.208<"));
    assert!(picture.len() < 20_000);
}
