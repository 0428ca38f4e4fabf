//! A server on loopback that does, connection by connection, what a script says, and keeps what it was
//! sent. Threads and sockets of the standard library: it needs no runtime, so it suits them all.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Ends with its connections when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    is_over: AtomicBool,
    /// Those that are open, by their number, so that the server's end ends them.
    open: Mutex<BTreeMap<usize, TcpStream>>,
    accepted: AtomicUsize,
    received: Mutex<Vec<Received>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Without its end.
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// The server's end of a connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    /// Whether the client asked for the connection to end with the answer.
    is_last: bool,
    shared: Arc<Shared>,
}

impl Server {
    /// Runs the script on a thread a connection, and closes the connection when the script ends.
    pub(crate) fn start<S>(script: S) -> io::Result<Self>
    where
        S: Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::<Shared>::default();
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting, &Arc::new(script)));
        Ok(Self { address, shared })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections are open at this end.
    pub(crate) fn open(&self) -> usize {
        lock(&self.shared.open).len()
    }

    /// How many connections there were.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// The requests that came whole.
    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        for stream in lock(&self.shared.open).values() {
            // The client may have closed it already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

impl Received {
    /// The path and query of the request line.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The last segment of the path, without the query: the suite tells its requests apart by it.
    pub(crate) fn name(&self) -> &str {
        let path = self.target().split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The values of a header.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| value.as_slice()).collect()
    }

    fn is_last(&self) -> bool {
        let says = |wanted: &str| {
            let values = self.values("connection");
            let mut values = values.iter().map(|value| value.to_ascii_lowercase());
            values.any(|value| value == wanted.as_bytes())
        };
        says("close") || self.line.ends_with("HTTP/1.0") && !says("keep-alive")
    }

    fn length(&self) -> usize {
        let value = self.values("content-length").first().copied();
        let value = value.and_then(|value| std::str::from_utf8(value).ok());
        value.and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

impl Connection {
    /// Reads the next request; none if the client has closed the connection.
    pub(crate) fn request(&mut self) -> io::Result<Option<Received>> {
        if self.is_last {
            return Ok(None);
        }
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            self.stream.read_until(b'\n', &mut line)?;
            let Some(line) = line.strip_suffix(b"\r\n") else {
                return Ok(None);
            };
            if line.is_empty() {
                break;
            }
            lines.push(line.to_vec());
        }
        let mut lines = lines.into_iter();
        let line = String::from_utf8_lossy(&lines.next().unwrap_or_default()).into_owned();
        let mut received = Received {
            line,
            headers: lines.map(header).collect(),
            body: Vec::new(),
        };
        received.body.resize(received.length(), 0);
        self.stream.read_exact(&mut received.body)?;
        self.is_last = received.is_last();
        lock(&self.shared.received).push(received.clone());
        Ok(Some(received))
    }

    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes.as_ref())
    }

    /// Reads a byte, no more: what is left unread makes a reset of the close.
    pub(crate) fn first_byte(&mut self) -> io::Result<()> {
        self.stream.get_mut().read_exact(&mut [0])
    }

    /// Says nothing until the client closes the connection. Whether it does within this time.
    pub(crate) fn is_closed_within(&mut self, duration: Duration) -> io::Result<bool> {
        let stream = self.stream.get_mut();
        stream.set_read_timeout(Some(duration))?;
        let read = stream.read(&mut [0]);
        stream.set_read_timeout(None)?;
        Ok(match read {
            Ok(length) => length == 0,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ),
        })
    }

    /// Says nothing until the client closes the connection, or the server ends. Not for ever: a
    /// transport that waits without a limit is told to fail, and not to hang.
    pub(crate) fn stall(&mut self, within: Duration) -> io::Result<()> {
        let stream = self.stream.get_ref();
        stream.set_read_timeout(Some(within))?;
        self.stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

/// An answer with a `Content-Length`.
pub(crate) fn answer(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn accept<S>(listener: &TcpListener, shared: &Arc<Shared>, script: &Arc<S>)
where
    S: Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
{
    for (number, stream) in listener.incoming().enumerate() {
        if shared.is_over.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.accepted.fetch_add(1, Ordering::SeqCst);
        let _ = stream.set_nodelay(true);
        if let Ok(stream) = stream.try_clone() {
            lock(&shared.open).insert(number, stream);
        }
        let shared = Arc::clone(shared);
        let mut connection = Connection {
            stream: BufReader::new(stream),
            is_last: false,
            shared: Arc::clone(&shared),
        };
        let script = Arc::clone(script);
        thread::spawn(move || {
            // The client may close the connection at any time.
            let _ = script(&mut connection);
            // Whoever sees it gone from the open ones finds it closed.
            drop(connection);
            lock(&shared.open).remove(&number);
        });
    }
}

fn header(line: Vec<u8>) -> (String, Vec<u8>) {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let name = String::from_utf8_lossy(parts.next().unwrap_or_default()).to_ascii_lowercase();
    let value = parts.next().unwrap_or_default().trim_ascii().to_vec();
    (name, value)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
