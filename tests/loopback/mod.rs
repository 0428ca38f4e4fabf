//! Servers and proxies on loopback, for the tests of connections in the guide, `paystack-hyper` and `paystack-ureq`.

mod certificates;
#[cfg(feature = "gzip")]
pub(crate) mod gzip;
mod proxies;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) use self::certificates::{Certificates, ClientCertificate};
pub(crate) use self::proxies::{Log, http_proxy, https_proxy, socks_proxy};

pub(crate) fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

pub(crate) fn post(url: &str) -> http::Request<Bytes> {
    let body = Bytes::from_static(b"{}");
    http::Request::post(url).body(body).unwrap()
}

/// Reads the head of a request or of a response.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// Responds to each request on a connection with this text.
pub(crate) async fn respond(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    body: &str,
) -> Option<()> {
    loop {
        read_head(&mut stream).await?;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(body.as_bytes()).await.ok()?;
    }
}

/// Serves each connection with a script, and returns the port.
pub(crate) async fn serve<F>(script: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = Option<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(stream));
        }
    });
    port
}

/// Runs an ignored test in a process that has these variables only: `std::env::set_var` is unsafe.
pub(crate) fn run_with_variables(test: &str, variables: &[(&str, &str)]) {
    let this = std::env::current_exe().unwrap();
    let mut process = std::process::Command::new(this);
    process.args(["--exact", test, "--ignored"]).env_clear();
    let output = process.envs(variables.iter().copied()).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("1 passed"), "{shown}");
}
