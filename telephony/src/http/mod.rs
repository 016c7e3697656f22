//! HTTP as every phone system is asked over it: quota, deadlines, patience and repeats in one place.
//!
//! Reads may be repeated and are; writes are sent once. Redirects are never followed, proxies from the environment
//! never used, bodies read up to a cap. What an answer *means* is the vendor's business: [`Http::ask`] takes a judge.

mod body;
mod fault;
mod options;
mod patience;
#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder};
use tokio::net::TcpStream;
use tokio::time::Instant;
use url::Url;

pub(crate) use fault::Fault;
pub(crate) use options::{Auth, Manner, Options, secret, text};

use crate::{Clock, Effect, ErrorKind};
use patience::{Patience, Stated};

/// How often a read is repeated at most.
const REPEATS: u32 = 2;

/// How many timeouts a read may take in all, repeats and waits included.
const DEADLINES: u32 = 3;

/// What JSON is sent as.
const JSON: &str = "application/json; charset=utf-8";

/// Whether a request may change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// It changes nothing and may be repeated.
    Read,
    /// It changes something and is sent once.
    Write,
}

/// One request below the base URL.
#[derive(Clone)]
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: Method,
    /// Path segments after the base URL's own; each is percent-encoded.
    pub(crate) path: &'a [&'a str],
    /// A JSON body.
    pub(crate) json: Option<String>,
    /// Whether it may change something.
    pub(crate) nature: Nature,
}

/// Names and values for the base URL itself, and how they travel. They may change something and are sent once.
#[derive(Clone, Copy)]
pub(crate) enum Parameters<'a> {
    /// In the query of a GET.
    Query(&'a [(&'a str, &'a str)]),
    /// As a form, in the body of a POST.
    Form(&'a [(&'a str, &'a str)]),
    /// As JSON text, in the body of a POST.
    Json(&'a str),
}

/// A whole answer: its status was read and its body did not end early.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body, at most [`body::CAP`] bytes.
    pub(crate) body: Vec<u8>,
    /// How long it asks us to wait, bounded.
    pub(crate) wait: Option<Duration>,
}

/// A connection to one phone system.
pub(crate) struct Http {
    client: Client,
    base: Url,
    auth: Auth,
    timeout: Duration,
    quota: DefaultDirectRateLimiter,
    patience: Patience,
    clock: Arc<dyn Clock>,
}

impl Http {
    /// How long a call may take before it counts as lost.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Makes a connection; sends nothing.
    ///
    /// # Errors
    /// A sentence when the CA file cannot be used.
    pub(crate) fn new(options: Options, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let mut builder = Client::builder()
            .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .http1_only()
            // Half the deadline, so that a connection which never came about is known as such and not as an answer lost.
            .connect_timeout(options.timeout / 2)
            .pool_idle_timeout(Duration::from_secs(15));
        for certificate in options.authorities {
            builder = builder.add_root_certificate(certificate);
        }
        let client = builder.build().map_err(|e| format!("ca_file cannot be used: {}", fault::innermost(&e)))?;
        let rate = options.rate;
        let quota = Quota::with_period(rate.per / rate.times.get())
            .unwrap_or_else(|| Quota::per_second(rate.times))
            .allow_burst(NonZeroU32::new(rate.times.get().min(100)).unwrap_or(NonZeroU32::MIN));
        Ok(Self {
            client,
            base: options.base_url,
            auth: options.auth,
            timeout: options.timeout,
            quota: RateLimiter::direct(quota),
            patience: Patience::default(),
            clock,
        })
    }

    /// Whether somebody takes connections at the address. Nothing is sent: for systems that take commands only.
    ///
    /// # Errors
    /// Why there is no connection.
    pub(crate) async fn knock(&self) -> Result<(), Fault> {
        let host = self.base.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let address = (host, self.base.port_or_known_default().unwrap_or_default());
        let why = match tokio::time::timeout(self.timeout / 2, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => format!("no connection ({error})"),
            Err(_) => format!("no connection within {} s", self.timeout.as_secs_f64() / 2.0),
        };
        Err(Fault::unsent(ErrorKind::Unreachable(why)))
    }

    /// Sends a request and has its answer judged. A read is repeated after failures that pass by themselves.
    ///
    /// # Errors
    /// The last failure.
    pub(crate) async fn ask<T>(
        &self,
        request: &Request<'_>,
        judge: impl Fn(&Answer) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let give_up = Instant::now() + self.timeout * DEADLINES;
        let mut repeats = 0;
        loop {
            let left = give_up.saturating_duration_since(Instant::now()).min(self.timeout);
            let fault = match self.once(request, left).await.and_then(|answer| self.judged(&answer, &judge)) {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            if request.nature == Nature::Write {
                return Err(fault);
            }
            let pause = fault.wait().unwrap_or_default().max(patience::back_off(repeats));
            if !fault.passes() || repeats == REPEATS || Instant::now() + pause >= give_up {
                return Err(Fault { effect: Effect::None, ..fault });
            }
            repeats += 1;
            tracing::debug!(repeats, pause_ms = pause.as_millis(), failure = ?fault.kind, "reading again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Has an answer judged. A wait that it states counts for everybody, also where only the body says "too many".
    fn judged<T>(&self, answer: &Answer, judge: impl Fn(&Answer) -> Result<T, Fault>) -> Result<T, Fault> {
        judge(answer).inspect_err(|fault| {
            if let Some(wait) = fault.wait().or(answer.wait.filter(|_| answer.status == 503)) {
                self.patience.hold(wait);
            }
        })
    }

    /// Sends parameters to the base URL, once, and has the answer judged.
    ///
    /// # Errors
    /// What went wrong, without the address and the parameters.
    pub(crate) async fn tell<T>(
        &self,
        parameters: Parameters<'_>,
        judge: impl Fn(&Answer) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut url = self.url(&[]);
        let builder = match parameters {
            Parameters::Query(pairs) => {
                // A space as %20: not every server reads a plus in an address as one.
                url.set_query(Some(&encoded(pairs).replace('+', "%20")));
                self.client.get(url)
            }
            Parameters::Form(pairs) => {
                self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(pairs))
            }
            Parameters::Json(text) => self.client.post(url).header(CONTENT_TYPE, JSON).body(text.to_owned()),
        };
        let answer = self.exchange(builder, self.timeout).await?;
        // These systems answer in words, which are shown.
        let answer = Answer { body: self.auth.taken_out_of(answer.body), ..answer };
        self.judged(&answer, &judge)
    }

    /// Sends a request once.
    async fn once(&self, request: &Request<'_>, timeout: Duration) -> Result<Answer, Fault> {
        let mut builder = self.client.request(request.method.clone(), self.url(request.path));
        if let Some(json) = &request.json {
            builder = builder.header(CONTENT_TYPE, JSON).body(json.clone());
        }
        self.exchange(builder, timeout).await
    }

    /// Sends what was built, as soon as the quota and what the server asked for allow it.
    async fn exchange(&self, builder: RequestBuilder, timeout: Duration) -> Result<Answer, Fault> {
        let deadline = Instant::now() + timeout;
        self.turn(deadline).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        let builder = self.auth.sign(builder).timeout(left);
        let response = builder.send().await.map_err(|e| Fault::transport(e, self.timeout))?;
        let status = response.status();
        let wait = Stated::read(response.headers().get(RETRY_AFTER), self.clock.now()).0;
        if status.is_redirection() {
            return Err(Fault::redirect(status.as_u16()));
        }
        let body = body::read(response, self.timeout).await?;
        Ok(Answer { status: status.as_u16(), body, wait })
    }

    /// Waits for our turn: the server's wish first, then the quota.
    async fn turn(&self, deadline: Instant) -> Result<(), Fault> {
        if let Some(wait) = self.patience.left() {
            wait_within(wait, deadline).await?;
        }
        while let Err(not_yet) = self.quota.check() {
            wait_within(not_yet.wait_time_from(DefaultClock::default().now()), deadline).await?;
        }
        Ok(())
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        // A base URL with http or https always has segments; Shape::Url lets nothing else through.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

/// Names and values as a form is written, in UTF-8.
fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Waits, or says at once that it would take too long. Nothing was sent in either case.
async fn wait_within(wait: Duration, deadline: Instant) -> Result<(), Fault> {
    if Instant::now() + wait > deadline {
        return Err(Fault::unsent(ErrorKind::RateLimited(Some(wait))));
    }
    tokio::time::sleep(wait).await;
    Ok(())
}

impl fmt::Debug for Http {
    /// Without the credentials and the URL, which may name an internal host.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
