//! A TLS server that responds at once with a page of customers.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use paystack_benches::bodies;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::SIZES;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Http1,
    Http2,
}

impl Protocol {
    fn alpn(self) -> Vec<u8> {
        match self {
            Self::Http1 => b"http/1.1".to_vec(),
            Self::Http2 => b"h2".to_vec(),
        }
    }
}

/// A private authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        // OpenSSL takes a certificate whose issuer has the same name for a self-signed one.
        params
            .distinguished_name
            .push(DnType::CommonName, "Authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate for localhost to a server of one protocol.
    fn server_config(&self, protocol: Protocol) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key.into())
            .unwrap();
        config.alpn_protocols = vec![protocol.alpn()];
        config
    }
}

/// Starts a server of one protocol on a thread of its own.
pub fn start(protocol: Protocol, authority: &Authority) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(authority.server_config(protocol)));
    let pages: Pages = SIZES.map(|size| (size.to_string(), Page::new(size))).into();
    let (started, address) = mpsc::channel();
    thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            started.send(listener.local_addr().unwrap()).unwrap();
            serve(listener, acceptor, protocol, pages.into()).await;
        });
    });
    address.recv().unwrap()
}

/// The pages by their number of customers, as in a query.
type Pages = BTreeMap<String, Page>;

/// A page of a long list.
struct Page {
    /// The body up to `meta`, which has the number of the page.
    rows: String,
    /// The first page, compressed in advance.
    gzip: Bytes,
}

impl Page {
    fn new(customers: usize) -> Self {
        let listed = bodies::listed(customers);
        let (rows, _) = listed.rsplit_once(r#","meta":"#).unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&Self::numbered(rows, "1")).unwrap();
        Self {
            gzip: encoder.finish().unwrap().into(),
            rows: rows.to_owned(),
        }
    }

    fn numbered(rows: &str, page: &str) -> Bytes {
        let meta = format!(r#","meta":{{"page":{page},"pageCount":1000}}}}"#);
        [rows, &meta].concat().into()
    }
}

async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    protocol: Protocol,
    pages: Arc<Pages>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (acceptor, pages) = (acceptor.clone(), Arc::clone(&pages));
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else {
                return; // the client has gone
            };
            let stream = TokioIo::new(stream);
            let service = service_fn(|request| {
                let response = respond(&request, &pages);
                async { Ok::<_, Infallible>(response) }
            });
            // An error is a client that closes the connection.
            let _ = match protocol {
                Protocol::Http1 => {
                    http1::Builder::new()
                        .serve_connection(stream, service)
                        .await
                }
                Protocol::Http2 => {
                    let server = http2::Builder::new(TokioExecutor::new());
                    server.serve_connection(stream, service).await
                }
            };
        });
    }
}

fn respond(request: &Request<Incoming>, pages: &Pages) -> Response<Full<Bytes>> {
    let query = request.uri().query().unwrap();
    let value = |name| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(other, _)| *other == name).unwrap().1
    };
    let page = &pages[value("perPage")];
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let is_gzip = accepted.is_some_and(|accepted| accepted == "gzip");
    let body = if is_gzip {
        page.gzip.clone()
    } else {
        Page::numbered(&page.rows, value("page"))
    };
    let mut response = Response::new(Full::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
