//! What travels over the gateway: payloads in, payloads out, and their compression.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use serenity::model::gateway::GatewayIntents;
use tokio_tungstenite::tungstenite::Message;

use crate::ledger::GatewaySession;

/// No payload that Discord sends a bot of one guild is longer, unpacked.
pub(super) const LONGEST_PAYLOAD: usize = 16 << 20;

/// A payload, its data not read yet.
#[derive(Deserialize)]
pub(super) struct Payload<'a> {
    pub(super) op: u8,
    #[serde(default)]
    pub(super) s: Option<u64>,
    #[serde(borrow, default)]
    pub(super) t: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) d: Option<&'a RawValue>,
}

pub(super) const OP_DISPATCH: u8 = 0;
pub(super) const OP_HEARTBEAT: u8 = 1;
const OP_IDENTIFY: u8 = 2;
const OP_RESUME: u8 = 6;
pub(super) const OP_RECONNECT: u8 = 7;
pub(super) const OP_INVALID_SESSION: u8 = 9;
pub(super) const OP_HELLO: u8 = 10;
pub(super) const OP_HEARTBEAT_ACK: u8 = 11;

/// The data of Discord's hello.
#[derive(Deserialize)]
pub(super) struct Hello {
    /// Milliseconds between heartbeats.
    pub(super) heartbeat_interval: u64,
}

/// The text of a message: text frames as they are, binary ones unpacked. `None`: not a payload, or too long, or broken.
pub(super) fn text(message: Message) -> Option<String> {
    match message {
        Message::Text(text) => Some(text),
        Message::Binary(packed) => inflate(&packed),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => None,
    }
}

fn inflate(packed: &[u8]) -> Option<String> {
    let mut text = String::new();
    let most = u64::try_from(LONGEST_PAYLOAD).unwrap_or(u64::MAX);
    let read = ZlibDecoder::new(packed).take(most + 1).read_to_string(&mut text).ok()?;
    (read <= LONGEST_PAYLOAD).then_some(text)
}

pub(super) fn heartbeat(seq: Option<u64>) -> Message {
    Message::Text(json!({ "op": OP_HEARTBEAT, "d": seq }).to_string())
}

pub(super) fn identify(token: &SecretString, intents: GatewayIntents) -> Message {
    let properties = json!({ "os": std::env::consts::OS, "browser": "rollcall", "device": "rollcall" });
    let data = json!({
        "token": token.expose_secret(),
        "properties": properties,
        "compress": true,
        "intents": intents.bits(),
    });
    Message::Text(json!({ "op": OP_IDENTIFY, "d": data }).to_string())
}

pub(super) fn resume(token: &SecretString, session: &GatewaySession) -> Message {
    let data = json!({
        "token": token.expose_secret(),
        "session_id": session.id.expose_secret(),
        "seq": session.seq,
    });
    Message::Text(json!({ "op": OP_RESUME, "d": data }).to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packed_payloads_are_unpacked_up_to_the_cap() {
        assert_eq!(text(Message::Binary(pack(b"{}"))).as_deref(), Some("{}"));
        assert_eq!(text(Message::Binary(pack(&vec![b' '; LONGEST_PAYLOAD]))).map(|text| text.len()), Some(16 << 20));
        assert_eq!(text(Message::Binary(pack(&vec![b' '; LONGEST_PAYLOAD + 1]))), None);
        assert_eq!(text(Message::Binary(b"no zlib".to_vec())), None);
    }

    #[test]
    fn a_payload_is_read_without_its_data() {
        let payload: Payload<'_> = serde_json::from_str(r#"{"t":"X","s":3,"op":0,"d":{"deep":[1]}}"#).unwrap();
        assert_eq!((payload.op, payload.s, payload.t.as_deref()), (0, Some(3), Some("X")));
        assert_eq!(payload.d.map(RawValue::get), Some(r#"{"deep":[1]}"#));
        let payload: Payload<'_> = serde_json::from_str(r#"{"op":7,"d":null,"s":null,"t":null}"#).unwrap();
        assert_eq!((payload.op, payload.s), (7, None));
    }
}
