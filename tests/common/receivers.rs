//! Stand-ins for a mail server and for whoever takes what is posted: they take everything and
//! remember it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where something was sent, and what.
type Message = (String, String);

/// What was received, by all of them.
#[derive(Clone, Default)]
pub(crate) struct Receivers(Arc<Mutex<Vec<Message>>>);

impl Receivers {
    fn take(&self, place: &str, text: String) {
        self.0.lock().unwrap().push((place.to_owned(), text));
    }

    /// Returns whether a message is among them.
    pub(crate) fn any(&self, wanted: impl Fn(&Message) -> bool) -> bool {
        self.0.lock().unwrap().iter().any(wanted)
    }
}

/// Serves each connection with a thread of its own.
fn serve(address: &str, received: &Receivers, talk: fn(TcpStream, &Receivers) -> Option<()>) {
    let listener = TcpListener::bind(address).unwrap();
    let received = received.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let received = received.clone();
            thread::spawn(move || talk(stream, &received));
        }
    });
}

/// Takes what is posted; the place is the path it was posted to.
pub(crate) fn http(address: &str, received: &Receivers) {
    serve(address, received, |stream, received| {
        let mut reader = BufReader::new(stream);
        loop {
            let mut request = String::new();
            reader
                .read_line(&mut request)
                .ok()
                .filter(|read| *read > 0)?;
            let path = request.split_whitespace().nth(1)?.to_owned();
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).ok()?;
                if line.trim().is_empty() {
                    break;
                }
                let lower = line.to_ascii_lowercase();
                if let Some(value) = lower.strip_prefix("content-length:") {
                    length = value.trim().parse().ok()?;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            received.take(&path, String::from_utf8_lossy(&body).into_owned());
            let status = if path == "/pagerduty" {
                "202 Accepted"
            } else {
                "200 OK"
            };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
            reader.get_mut().write_all(answer.as_bytes()).ok()?;
        }
    });
}

/// Takes mail; the place is `mail`.
pub(crate) fn smtp(address: &str, received: &Receivers) {
    serve(address, received, |stream, received| {
        let mut reader = BufReader::new(stream);
        let say = |reader: &mut BufReader<TcpStream>, line: &str| {
            reader.get_mut().write_all(format!("{line}\r\n").as_bytes())
        };
        say(&mut reader, "220 ready").ok()?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            match line.get(..4).unwrap_or_default() {
                "DATA" => {
                    say(&mut reader, "354 go on").ok()?;
                    let mut mail = String::new();
                    while !mail.ends_with("\r\n.\r\n") {
                        reader.read_line(&mut mail).ok().filter(|read| *read > 0)?;
                    }
                    received.take("mail", unfolded(&mail));
                    say(&mut reader, "250 taken").ok()?;
                }
                "QUIT" => {
                    say(&mut reader, "221 bye").ok()?;
                    return None;
                }
                _ => say(&mut reader, "250 fine").ok()?,
            }
        }
    });
}

/// Joins header lines that were folded.
fn unfolded(mail: &str) -> String {
    mail.replace("\r\n ", " ")
}
