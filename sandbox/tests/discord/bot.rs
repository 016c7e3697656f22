//! A miniature bot: plain HTTP, a plain WebSocket, no library of Discord's. It does what each test tells it to.

use flate2::read::ZlibDecoder;
use futures_util::{SinkExt as _, StreamExt as _};
use rollcall_sandbox::Sandbox;
use serde_json::{Value, json};
use std::io::Read as _;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// GUILDS, messages and reactions in guild and direct messages.
pub(crate) const INTENTS: u64 = 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13;

pub(crate) struct Bot {
    pub(crate) http: reqwest::Client,
    pub(crate) api: String,
    pub(crate) token: String,
    pub(crate) application: String,
    pub(crate) guild: String,
    socket: Socket,
    pub(crate) session: String,
    pub(crate) resume_url: String,
    pub(crate) seq: u64,
    pub(crate) compressed_frames: usize,
    pub(crate) plain_frames: usize,
}

/// Opens a gateway connection and takes HELLO.
pub(crate) async fn dial(url: &str) -> Socket {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("{url}/?v=10&encoding=json")).await.unwrap();
    let hello = socket.next().await.unwrap().unwrap();
    let hello: Value = serde_json::from_str(hello.to_text().unwrap()).unwrap();
    assert_eq!(hello["op"], 10);
    socket
}

impl Bot {
    /// Connects, identifies and takes `READY` and `GUILD_CREATE`.
    pub(crate) async fn connect(sandbox: &Sandbox) -> Self {
        let http = reqwest::Client::builder().user_agent("DiscordBot (sandbox test, 1)").build().unwrap();
        let api = format!("{}/api/v10", sandbox.discord_url());
        let gateway: Value = http.get(format!("{api}/gateway")).send().await.unwrap().json().await.unwrap();
        let socket = dial(gateway["url"].as_str().unwrap()).await;
        let mut bot = Self {
            http,
            api,
            token: sandbox.token(),
            application: sandbox.application().to_string(),
            guild: sandbox.guild().to_string(),
            socket,
            session: String::new(),
            resume_url: String::new(),
            seq: 0,
            compressed_frames: 0,
            plain_frames: 0,
        };
        bot.identify(INTENTS).await;
        let ready = bot.event("READY").await;
        bot.session = ready["session_id"].as_str().unwrap().to_owned();
        bot.resume_url = ready["resume_gateway_url"].as_str().unwrap().to_owned();
        let guild = bot.event("GUILD_CREATE").await;
        assert_eq!(guild["id"], json!(bot.guild));
        bot
    }

    pub(crate) async fn identify(&mut self, intents: u64) {
        let properties = json!({ "os": "linux", "browser": "test", "device": "test" });
        let data = json!({ "token": self.token, "intents": intents, "compress": true, "properties": properties });
        self.send(json!({ "op": 2, "d": data })).await;
    }

    /// Connects elsewhere and asks for the session back.
    pub(crate) async fn resume(&mut self, url: &str) {
        self.socket = dial(url).await;
        let data = json!({ "token": self.token, "session_id": self.session, "seq": self.seq });
        self.send(json!({ "op": 6, "d": data })).await;
    }

    pub(crate) async fn redial(&mut self, url: &str) {
        self.socket = dial(url).await;
    }

    pub(crate) async fn send(&mut self, payload: Value) {
        self.socket.send(Message::Text(payload.to_string())).await.unwrap();
    }

    /// The next frame of the gateway, inflated if need be.
    pub(crate) async fn frame(&mut self) -> Message {
        self.socket.next().await.unwrap_or(Ok(Message::Close(None))).unwrap_or(Message::Close(None))
    }

    pub(crate) async fn payload(&mut self) -> Value {
        let text = match self.frame().await {
            Message::Text(text) => {
                self.plain_frames += 1;
                text
            }
            Message::Binary(bytes) => {
                self.compressed_frames += 1;
                let mut text = String::new();
                ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
                text
            }
            other => panic!("no payload, but {other:?}"),
        };
        let payload: Value = serde_json::from_str(&text).unwrap();
        if let Some(seq) = payload["s"].as_u64() {
            self.seq = seq;
        }
        payload
    }

    /// The data of the next event of this name.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let payload = self.payload().await;
            if payload["t"] == name {
                return payload["d"].clone();
            }
        }
    }

    pub(crate) async fn interaction(&mut self) -> Value {
        self.event("INTERACTION_CREATE").await
    }

    /// A request with the bot's token: status and body.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}/{path}", self.api));
        let request = request.header("Authorization", format!("Bot {}", self.token));
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// Registers commands, which must be accepted.
    pub(crate) async fn registers(&self, commands: Value) -> Value {
        let path = format!("applications/{}/guilds/{}/commands", self.application, self.guild);
        let (status, answer) = self.call("PUT", &path, commands).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(crate) async fn answers(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let (id, token) = (interaction["id"].as_str().unwrap(), interaction["token"].as_str().unwrap());
        self.call("POST", &format!("interactions/{id}/{token}/callback"), body).await
    }

    /// A request behind `/webhooks/{application}/{token}`.
    pub(crate) async fn follows(&self, method: &str, interaction: &Value, path: &str, body: Value) -> (u16, Value) {
        let token = interaction["token"].as_str().unwrap();
        self.call(method, &format!("webhooks/{}/{token}{path}", self.application), body).await
    }

    pub(crate) async fn direct_channel(&self, with: impl ToString) -> String {
        let (status, channel) =
            self.call("POST", "users/@me/channels", json!({ "recipient_id": with.to_string() })).await;
        assert_eq!(status, 200, "{channel}");
        channel["id"].as_str().unwrap().to_owned()
    }
}

/// `/agent show agent*`, `/agent clone source* login* [email]`, `/agent give to* [level] [note]`.
pub(crate) fn agent_commands() -> Value {
    let text =
        |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "Text", "required": required });
    let mut source = text("source", true);
    source["autocomplete"] = json!(true);
    json!([{
        "name": "agent",
        "description": "Agents",
        "options": [
            { "type": 1, "name": "show", "description": "Show one", "options": [text("agent", true)] },
            { "type": 1, "name": "clone", "description": "Clone one", "options": [source, text("login", true), text("email", false)] },
            { "type": 1, "name": "give", "description": "Give", "options": [
                { "type": 6, "name": "to", "description": "Whom", "required": true },
                { "type": 4, "name": "level", "description": "How much", "min_value": 1, "max_value": 3 },
                { "type": 3, "name": "state", "description": "Which", "choices": [{ "name": "On", "value": "on" }, { "name": "Off", "value": "off" }] },
            ] },
        ],
    }])
}

pub(crate) fn button(label: &str, custom_id: &str) -> Value {
    json!({ "type": 1, "components": [{ "type": 2, "style": 1, "label": label, "custom_id": custom_id }] })
}

impl Bot {
    pub(crate) async fn close(&mut self, frame: tokio_tungstenite::tungstenite::protocol::CloseFrame<'static>) {
        self.socket.close(Some(frame)).await.unwrap();
    }
}
