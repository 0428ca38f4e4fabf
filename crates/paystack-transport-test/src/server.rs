//! A scripted HTTP/1.1 server on loopback that records its requests.
//!
//! It uses threads and sockets of the standard library, so it works beside every runtime.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A server that runs a script on every connection. Dropping it closes all connections.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    is_stopped: AtomicBool,
    /// The open connections by number, so that dropping the server closes them.
    open: Mutex<BTreeMap<usize, TcpStream>>,
    accepted: AtomicUsize,
    received: Mutex<Vec<ReceivedRequest>>,
}

/// A request as the server received it.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    /// The request line without its line break.
    pub(crate) line: String,
    /// The headers, with names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// The server's end of a connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    /// Whether the client asked to close the connection after the response.
    is_last: bool,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts a server that runs the script on one thread per connection.
    ///
    /// The server closes a connection when its script returns.
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

    /// Returns the number of open connections.
    pub(crate) fn open_connections(&self) -> usize {
        lock(&self.shared.open).len()
    }

    /// Returns the number of connections that the server accepted so far.
    pub(crate) fn accepted_connections(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Returns the requests that the server received completely.
    pub(crate) fn received_requests(&self) -> Vec<ReceivedRequest> {
        lock(&self.shared.received).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        for stream in lock(&self.shared.open).values() {
            // Fails if the client closed the connection first.
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wake the accepting thread, so that it returns.
        let _ = TcpStream::connect(self.address);
    }
}

impl ReceivedRequest {
    /// Returns the path and query of the request line.
    pub(crate) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the last segment of the path, by which the suite identifies its requests.
    pub(crate) fn name(&self) -> &str {
        let path = self.target().split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the values of a header.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| value.as_slice()).collect()
    }

    fn is_last(&self) -> bool {
        let has_option = |option: &str| {
            let values = self.values("connection");
            let mut values = values.iter().map(|value| value.to_ascii_lowercase());
            values.any(|value| value == option.as_bytes())
        };
        has_option("close") || self.line.ends_with("HTTP/1.0") && !has_option("keep-alive")
    }

    fn content_length(&self) -> usize {
        let value = self.values("content-length").first().copied();
        let value = value.and_then(|value| std::str::from_utf8(value).ok());
        value.and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

impl Connection {
    /// Reads the next request. Returns `None` if the client closed the connection.
    pub(crate) fn read_request(&mut self) -> io::Result<Option<ReceivedRequest>> {
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
        let mut received = ReceivedRequest {
            line,
            headers: lines.map(parse_header).collect(),
            body: Vec::new(),
        };
        received.body.resize(received.content_length(), 0);
        self.stream.read_exact(&mut received.body)?;
        self.is_last = received.is_last();
        lock(&self.shared.received).push(received.clone());
        Ok(Some(received))
    }

    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes.as_ref())
    }

    /// Reads a single byte. Because the rest stays unread, closing the connection then resets it.
    pub(crate) fn read_byte(&mut self) -> io::Result<()> {
        self.stream.get_mut().read_exact(&mut [0])
    }

    /// Returns a copy of the connection. It stays open after the server closes its own.
    #[cfg(unix)]
    pub(crate) fn detach(&self) -> io::Result<TcpStream> {
        self.stream.get_ref().try_clone()
    }

    /// Stays silent and returns whether the client closes the connection in time.
    pub(crate) fn client_closes_within(&mut self, timeout: Duration) -> io::Result<bool> {
        let stream = self.stream.get_mut();
        let started = Instant::now();
        let read = loop {
            let rest = timeout.saturating_sub(started.elapsed());
            // A timeout of zero is an error.
            stream.set_read_timeout(Some(rest.max(Duration::from_millis(1))))?;
            match stream.read(&mut [0]) {
                // For example, another suite froze the process.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        stream.set_read_timeout(None)?;
        Ok(match read {
            Ok(length) => length == 0,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ),
        })
    }

    /// Stays silent until the client closes the connection, the server stops, or the timeout expires.
    ///
    /// The timeout makes a transport that waits without a limit fail its check instead of hanging.
    pub(crate) fn stall(&mut self, timeout: Duration) -> io::Result<()> {
        let stream = self.stream.get_ref();
        stream.set_read_timeout(Some(timeout))?;
        self.stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

/// Creates a response with a `Content-Length`.
pub(crate) fn response(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
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
        if shared.is_stopped.load(Ordering::SeqCst) {
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
            // Scripts fail when the client closes the connection, which it may do at any time.
            let _ = script(&mut connection);
            // Close the connection before removing it from the open ones.
            drop(connection);
            lock(&shared.open).remove(&number);
        });
    }
}

fn parse_header(line: Vec<u8>) -> (String, Vec<u8>) {
    let mut fields = line.splitn(2, |byte| *byte == b':');
    let name = String::from_utf8_lossy(fields.next().unwrap_or_default()).to_ascii_lowercase();
    let value = fields.next().unwrap_or_default().trim_ascii().to_vec();
    (name, value)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
