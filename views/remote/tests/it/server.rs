//! A server of one object, which counts what it is asked for, and misbehaves as it is told.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use rpnfst::ReadAt;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Fault {
    None,
    /// The whole file, whatever range is asked for.
    IgnoresRanges,
    /// The connection breaks in the middle of the body.
    Breaks,
    /// Half of the range, with a length that says so.
    Half,
    /// More bytes than were asked for.
    TooMuch,
    /// Another range than was asked for.
    OtherRange,
    /// A status and nothing else.
    Status(u16),
    /// No answer for this long.
    Slow(Duration),
    /// Half of the body, then nothing.
    Stalls(Duration),
    /// This text instead of an answer.
    Says(&'static str),
    /// To the right path.
    Redirect,
}

pub(crate) struct Server {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    object: Mutex<Arc<dyn ReadAt>>,
    etag: Mutex<Option<String>>,
    date: Mutex<Option<String>>,
    checks_if_match: AtomicBool,
    /// What goes wrong, and how often from now on.
    fault: Mutex<(Fault, u64)>,
    /// Answered rightly before.
    sound: AtomicU64,
    delay: Mutex<Duration>,
    requests: Mutex<Vec<String>>,
    bytes: AtomicU64,
    stopped: AtomicBool,
}

impl Server {
    pub(crate) fn new(object: impl ReadAt + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            object: Mutex::new(Arc::new(object)),
            etag: Mutex::new(Some("\"one\"".into())),
            date: Mutex::new(Some("Tue, 24 Nov 2026 12:00:00 GMT".into())),
            checks_if_match: AtomicBool::new(true),
            fault: Mutex::new((Fault::None, 0)),
            sound: AtomicU64::new(0),
            delay: Mutex::default(),
            requests: Mutex::default(),
            bytes: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if server.stopped.load(SeqCst) {
                    break;
                }
                let server = Arc::clone(&server);
                // Header and body are two writes, and the second one would wait for 40 ms.
                stream.set_nodelay(true).expect("a socket");
                std::thread::spawn(move || server.serve(&stream));
            }
        });
        Self { address, shared }
    }

    /// With a query, which no message may show.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/runs/a%20b.std?token=secret", self.address)
    }

    /// As messages show it.
    pub(crate) fn name(&self) -> String {
        format!("http://{}/runs/a%20b.std?...", self.address)
    }

    /// After `sound` answers, the next `times` go wrong.
    pub(crate) fn fault(&self, fault: Fault, sound: u64, times: u64) {
        *self.shared.fault.lock().expect("no panic") = (fault, times);
        self.shared.sound.store(sound, SeqCst);
    }

    pub(crate) fn replace(&self, object: impl ReadAt + 'static, etag: Option<&str>, date: Option<&str>) {
        *self.shared.object.lock().expect("no panic") = Arc::new(object);
        self.version(etag, date);
    }

    pub(crate) fn version(&self, etag: Option<&str>, date: Option<&str>) {
        *self.shared.etag.lock().expect("no panic") = etag.map(str::to_owned);
        *self.shared.date.lock().expect("no panic") = date.map(str::to_owned);
    }

    pub(crate) fn ignore_if_match(&self) {
        self.shared.checks_if_match.store(false, SeqCst);
    }

    /// Every answer takes this long.
    pub(crate) fn delay(&self, delay: Duration) {
        *self.shared.delay.lock().expect("no panic") = delay;
    }

    /// The first lines and ranges of all requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().expect("no panic").clone()
    }

    /// Bytes of bodies that were sent.
    pub(crate) fn bytes(&self) -> u64 {
        self.shared.bytes.load(SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) {
        let mut input = BufReader::new(stream);
        loop {
            let (mut first, mut range, mut if_match) = (String::new(), None, None);
            if input.read_line(&mut first).unwrap_or(0) == 0 {
                return;
            }
            loop {
                let mut line = String::new();
                if input.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                    break;
                }
                let (name, value) = line.split_once(':').expect("a header");
                match name.to_ascii_lowercase().as_str() {
                    "range" => range = Some(value.trim().to_owned()),
                    "if-match" => if_match = Some(value.trim().to_owned()),
                    _ => {}
                }
            }
            let line = format!("{} {}", first.trim(), range.clone().unwrap_or_default());
            self.requests.lock().expect("no panic").push(line);
            if self.answer(stream, &first, range.as_deref(), if_match.as_deref()).is_none() {
                return;
            }
        }
    }

    /// `None` closes the connection.
    fn answer(&self, mut stream: &TcpStream, first: &str, range: Option<&str>, if_match: Option<&str>) -> Option<()> {
        std::thread::sleep(*self.delay.lock().expect("no panic"));
        let object = Arc::clone(&self.object.lock().expect("no panic"));
        let (etag, date) = (self.etag.lock().expect("no panic").clone(), self.date.lock().expect("no panic").clone());
        let size = object.size().expect("a size");
        let fault = self.next_fault();
        let mut status = |code: u16| {
            write!(
                stream,
                "HTTP/1.1 {code} Status\r\nContent-Length: 0\r\nLocation: /runs/a%20b.std?token=secret\r\n\r\n"
            )
            .ok()
        };
        if !first.contains(" /runs/a%20b.std?token=secret ") {
            return status(404);
        }
        match fault {
            Fault::Status(code) => return status(code),
            Fault::Redirect => return status(302),
            Fault::Says(text) => return stream.write_all(text.as_bytes()).ok().filter(|()| false),
            Fault::Slow(time) => std::thread::sleep(time),
            _ => {}
        }
        if self.checks_if_match.load(SeqCst) && if_match.is_some() && if_match != etag.as_deref() {
            return status(412);
        }
        let head = first.starts_with("HEAD");
        let range = range.filter(|_| fault != Fault::IgnoresRanges && !head).map(|text| {
            let (start, end) = text.strip_prefix("bytes=").expect("a unit").split_once('-').expect("a range");
            start.parse::<u64>().expect("a number")..end.parse::<u64>().expect("a number").saturating_add(1).min(size)
        });
        if range.as_ref().is_some_and(|range| range.start >= size) {
            return write!(stream, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n").ok();
        }
        let mut sent = range.clone().unwrap_or(0..size);
        if fault == Fault::OtherRange {
            sent.start += 1;
        }
        let mut text = if range.is_some() {
            format!("HTTP/1.1 206 Partial\r\nContent-Range: bytes {}-{}/{size}\r\n", sent.start, sent.end - 1)
        } else {
            "HTTP/1.1 200 OK\r\n".to_owned()
        };
        match fault {
            Fault::Half => sent.end = sent.start.midpoint(sent.end),
            Fault::TooMuch => sent.end += 100,
            _ => {}
        }
        let length = sent.end - sent.start;
        let header = |name: &str, value: Option<String>| value.map(|v| format!("{name}: {v}\r\n")).unwrap_or_default();
        text += &header("Content-Length", Some(length.to_string()));
        text += &header("ETag", etag);
        text += &header("Last-Modified", date);
        stream.write_all((text + "\r\n").as_bytes()).ok()?;
        if head {
            return Some(());
        }
        let mut body = vec![0; usize::try_from(length).expect("64 bits")];
        let mut filled = 0;
        while let n @ 1.. = object.read_at(&mut body[filled..], sent.start + filled as u64).expect("bytes") {
            filled += n;
        }
        let half = &body[..body.len() / 2];
        match fault {
            Fault::Breaks | Fault::Stalls(_) => {
                self.bytes.fetch_add(half.len() as u64, SeqCst);
                stream.write_all(half).ok()?;
                if let Fault::Stalls(time) = fault {
                    std::thread::sleep(time);
                }
                let _ = stream.shutdown(std::net::Shutdown::Both);
                None
            }
            _ => {
                self.bytes.fetch_add(length, SeqCst);
                stream.write_all(&body).ok()
            }
        }
    }

    fn next_fault(&self) -> Fault {
        if self.sound.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)).is_ok() {
            return Fault::None;
        }
        let mut fault = self.fault.lock().expect("no panic");
        if fault.1 == 0 {
            return Fault::None;
        }
        fault.1 -= 1;
        fault.0
    }
}
