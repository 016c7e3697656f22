//! TLS: a phone system is believed only if its certificate says so. There is no switch that turns this off.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::connect;
use crate::{Effect, ErrorKind};

const LIST: &str = r#"{"error":{"code":200},"result":[]}"#;

/// An authority of the test's own.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Its own certificate as a file, for `ca_file`.
    fn file(&self) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), self.certificate.pem()).unwrap();
        file
    }

    /// A server with a certificate for `name` that ends in `until`; its base URL on localhost.
    async fn serves(&self, name: &str, until: i32) -> String {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serve(&certificate, &key).await
    }
}

async fn serve(certificate: &Certificate, key: &KeyPair) -> String {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}/v1", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = acceptor.accept(socket).await else { return };
                let mut request = [0; 4096];
                if socket.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let length = LIST.len();
                    let answer =
                        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{LIST}");
                    let _ = socket.write_all(answer.as_bytes()).await;
                    let _ = socket.shutdown().await;
                }
            });
        }
    });
    base
}

/// What comes of asking for the agents.
async fn asks(base: &str, more: Value) -> Result<usize, crate::Error> {
    connect(base, &more).reading.agents().await.map(|agents| agents.len())
}

#[tokio::test]
async fn a_certificate_of_the_authority_in_ca_file_is_believed() {
    let authority = Authority::new();
    let file = authority.file();
    let base = authority.serves("localhost", 2090).await;
    assert_eq!(asks(&base, json!({ "ca_file": file.path() })).await.unwrap(), 0);
}

#[tokio::test]
async fn any_other_certificate_is_refused_before_anything_is_sent() {
    let (authority, foreign) = (Authority::new(), Authority::new());
    let file = authority.file();
    let ours = json!({ "ca_file": file.path() });
    let key = KeyPair::generate().unwrap();
    let itself = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    for (what, base, more) in [
        ("expired", authority.serves("localhost", 2021).await, ours.clone()),
        ("for another host", authority.serves("pbx.example", 2090).await, ours.clone()),
        ("of a foreign authority", foreign.serves("localhost", 2090).await, ours.clone()),
        ("signed by itself", serve(&itself, &key).await, ours.clone()),
        ("of an authority that nobody named", authority.serves("localhost", 2090).await, json!({})),
    ] {
        let error = asks(&base, more).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Unreachable(_)), "{what}: {error:?}");
        assert_eq!(error.effect, Effect::None, "{what}: {error:?}");
        let said = error.to_string();
        assert!(said.contains("certificate"), "{what}: {said}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}/v1", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let error = asks(&base, json!({})).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreachable(_)), "{error:?}");
}
