//! Where logs go: to standard error, filtered by `RUST_LOG`, and never with what other crates know of our secrets.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

/// Crates whose debug and trace lines hold bodies, URLs with tokens or frames: held to warnings, whatever `RUST_LOG`
/// says.
const HELD: &[&str] = &[
    "serenity",
    "tungstenite",
    "tokio_tungstenite",
    "reqwest",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "sqlx",
    "axum",
    "tower",
    "tower_http",
    "want",
    "mio",
];

/// Starts logging.
pub(super) fn start(filter: &str) {
    let filter = HELD
        .iter()
        .filter_map(|name| format!("{name}=warn").parse::<Directive>().ok())
        .fold(EnvFilter::new(filter), EnvFilter::add_directive);
    // A second start (a test, the sandbox) keeps the first one's.
    // A log that cannot be written (a full disk) stops nothing: the complaint about it would go the same way, and panic.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .try_init();
}
