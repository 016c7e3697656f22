//! A Discord as somebody else would write it: what the documents require and nothing more; text frames; no
//! `/gateway/bot`, no `/applications/@me`.

mod gateway;
mod messages;
mod rest;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

pub use self::messages::Held;
use self::messages::Messages;

pub const TOKEN: &str = "stranger.token-8dk2Lq";
pub const GUILD: &str = "501";
pub const LOG: &str = "502";
pub const LEAD_ROLE: &str = "503";
pub const APPROVER_ROLE: &str = "504";
pub const CARDS: &str = "505";
const LEAD: &str = "701";
pub const APPROVER: &str = "703";
pub const NEWCOMER: &str = "702";
const BOT: &str = "801";
const APPLICATION: &str = "901";
const DIRECT: &str = "601";

/// A request of the bot.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub body: Value,
}

/// A file that somebody attached to a command, kept where content is kept.
struct File {
    id: String,
    name: String,
    content: Vec<u8>,
    /// What its address was signed with.
    query: String,
    /// Whether it is still there.
    kept: bool,
}

/// A request for a file.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub path: String,
    /// Whether credentials came with it; files are kept by a host that has no business with them.
    pub authorization: bool,
}

struct Inner {
    requests: Mutex<Vec<Asked>>,
    messages: Mutex<Messages>,
    files: Mutex<Vec<File>>,
    fetched: Mutex<Vec<Fetched>>,
    grown: watch::Sender<usize>,
    events: broadcast::Sender<(&'static str, Value)>,
    next: Mutex<u64>,
}

/// The server.
pub struct Discord {
    url: String,
    inner: Arc<Inner>,
}

fn user(id: &str) -> Value {
    json!({ "id": id, "username": format!("u{id}"), "discriminator": "0", "global_name": null, "avatar": null })
}

fn member(id: &str, roles: &[&str]) -> Value {
    json!({
        "user": user(id), "roles": roles, "joined_at": "2024-05-01T10:00:00.000000+00:00", "deaf": false,
        "mute": false, "flags": 0,
    })
}

impl Discord {
    pub async fn starts() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner {
            requests: Mutex::default(),
            messages: Mutex::default(),
            files: Mutex::default(),
            fetched: Mutex::default(),
            grown: watch::channel(0).0,
            events: broadcast::channel(64).0,
            next: Mutex::new(1_000),
        });
        let router = Router::new()
            .route("/", get(gateway::gateway))
            .route(
                "/api/v10/gateway",
                get(move || async move { json!({ "url": format!("ws://{address}") }).to_string() }),
            )
            .route("/api/v10/{*path}", any(rest::rest))
            .route("/attachments/{*path}", get(rest::attachment))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}"), inner }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a request in which `find` finds something.
    pub async fn until<T>(&self, find: impl Fn(&Asked) -> Option<T>) -> T {
        let mut grown = self.inner.grown.subscribe();
        loop {
            let found = self.inner.requests.lock().unwrap().iter().find_map(&find);
            if let Some(found) = found {
                return found;
            }
            grown.changed().await.expect("a server");
        }
    }

    /// How often the commands were registered.
    pub fn registrations(&self) -> usize {
        let requests = self.inner.requests.lock().unwrap();
        requests.iter().filter(|it| it.method == "PUT" && it.path.ends_with("/commands")).count()
    }

    /// Waits until the commands were registered so often, and somebody listens for what people do.
    pub async fn registered(&self, times: usize) {
        let mut grown = self.inner.grown.subscribe();
        while self.registrations() < times || self.inner.events.receiver_count() == 0 {
            grown.changed().await.expect("a server");
        }
    }

    /// Every request so far.
    pub fn requests(&self) -> String {
        let requests = self.inner.requests.lock().unwrap();
        let lines: Vec<_> = requests.iter().map(|it| format!("{} {} {}", it.method, it.path, it.body)).collect();
        lines.join("\n")
    }

    /// Tells the bot of an interaction; its token.
    fn interaction(&self, kind: u8, more: &Value) -> String {
        let mut next = self.inner.next.lock().unwrap();
        *next += 1;
        let token = format!("stranger-{next}");
        let (channel, on) = (more["channel_id"].as_str().unwrap_or_default(), more["message"]["id"].as_str());
        self.inner.messages.lock().unwrap().expect(&token, channel, on);
        let mut event = json!({
            "id": next.to_string(), "application_id": APPLICATION, "type": kind, "token": token,
            "version": 1, "app_permissions": "0", "locale": "en-GB", "entitlements": [],
            "authorizing_integration_owners": { "0": GUILD }, "attachment_size_limit": 10_485_760,
        });
        for (name, value) in more.as_object().expect("members") {
            event[name] = value.clone();
        }
        self.inner.events.send(("INTERACTION_CREATE", event)).expect("the bot is connected");
        token
    }

    /// Waits until `find` finds something among what people see.
    async fn shows<T>(&self, find: impl Fn(&Messages) -> Option<T>) -> T {
        let mut grown = self.inner.grown.subscribe();
        loop {
            let found = find(&self.inner.messages.lock().unwrap());
            if let Some(found) = found {
                return found;
            }
            grown.changed().await.expect("a server");
        }
    }

    /// The answer to an interaction, once it says what is looked for.
    pub async fn answer(&self, token: &str, says: impl Fn(&Held) -> bool) -> Held {
        self.shows(|messages| messages.answer_to(token).filter(|it| says(it)).cloned()).await
    }

    /// A message in a channel, once it says what is looked for.
    pub async fn posted(&self, channel: &str, says: impl Fn(&Held) -> bool) -> Held {
        self.shows(|messages| messages.all().iter().find(|it| it.channel == channel && says(it)).cloned()).await
    }

    /// Everything that people can read now.
    pub fn everything(&self) -> Vec<Held> {
        self.inner.messages.lock().unwrap().all().to_vec()
    }

    /// The lead is typing the last of these options; the token.
    pub fn typing(&self, command: &str, options: &[(&str, &str)]) -> String {
        let (group, sub) = command.split_once(' ').unwrap_or((command, ""));
        let options = options.iter().enumerate().map(|(at, (name, value))| {
            let mut option = json!({ "name": name, "type": 3, "value": value });
            if at + 1 == options.len() {
                option["focused"] = json!(true);
            }
            option
        });
        let sub = json!({ "name": sub, "type": 1, "options": options.collect::<Vec<_>>() });
        self.by_the_lead(4, &json!({ "id": "1001", "name": group, "type": 1, "options": [sub] }))
    }

    fn by_the_lead(&self, kind: u8, data: &Value) -> String {
        let mut lead = member(LEAD, &[LEAD_ROLE]);
        lead["permissions"] = json!("0");
        self.interaction(kind, &json!({ "guild_id": GUILD, "channel_id": LOG, "member": lead, "data": data }))
    }

    /// The lead types a command with texts as options, as `("agent login", [("agent", "7")])`; its token. A value that
    /// [`Self::uploads`] gave is sent as an attachment.
    pub fn slash(&self, command: &str, options: &[(&str, &str)]) -> String {
        let (group, sub) = command.split_once(' ').unwrap_or((command, ""));
        let files = self.inner.files.lock().unwrap();
        let mut resolved = json!({});
        let options: Vec<Value> = options
            .iter()
            .map(|(name, value)| match files.iter().find(|file| file.id == *value) {
                None => json!({ "name": name, "type": 3, "value": value }),
                Some(file) => {
                    let url = format!("{}/attachments/{LOG}/{}/{}?{}", self.url, file.id, file.name, file.query);
                    resolved["attachments"][&file.id] = json!({
                        "id": file.id, "filename": file.name, "size": file.content.len(), "url": url, "proxy_url": url,
                        "ephemeral": true,
                    });
                    json!({ "name": name, "type": 11, "value": file.id })
                }
            })
            .collect();
        drop(files);
        let options =
            if sub.is_empty() { json!(options) } else { json!([{ "name": sub, "type": 1, "options": options }]) };
        let mut data = json!({ "id": "1001", "name": group, "type": 1, "options": options });
        if resolved.as_object().is_some_and(|it| !it.is_empty()) {
            data["resolved"] = resolved;
        }
        self.by_the_lead(2, &data)
    }

    /// Puts a file where attached files are; its id.
    pub fn uploads(&self, name: &str, content: &[u8]) -> String {
        let mut files = self.inner.files.lock().unwrap();
        let id = (300_000 + files.len()).to_string();
        let query = format!("ex=6a{id}&is=69{id}&hm={id}c0ffee&");
        files.push(File { id: id.clone(), name: name.to_owned(), content: content.to_vec(), query, kept: true });
        id
    }

    /// The content of a file goes; its address stays.
    pub fn forgets(&self, id: &str) {
        for file in self.inner.files.lock().unwrap().iter_mut().filter(|file| file.id == id) {
            file.kept = false;
        }
    }

    /// The files that the bot asked for.
    pub fn fetched(&self) -> Vec<Fetched> {
        self.inner.fetched.lock().unwrap().clone()
    }

    /// The lead presses a button under a message that is there; the press's token.
    pub fn presses(&self, held: &Held, label: &str) -> String {
        let custom_id = held.custom_id(label).unwrap_or_else(|| panic!("no button {label:?} in:\n{}", held.text()));
        self.press_in_guild(&custom_id)
    }

    /// The lead types `/agent …` without naming anybody.
    pub fn types(&self, subcommand: &str, options: &Value) {
        let sub = json!({ "name": subcommand, "type": 1, "options": options });
        self.by_the_lead(2, &json!({ "id": "1001", "name": "agent", "type": 1, "options": [sub] }));
    }

    /// Somebody reacts with ✅ under a message in the approvals channel, as the documents describe the event.
    pub fn reacts(&self, person: &str, message: &str) {
        let event = json!({
            "user_id": person, "channel_id": CARDS, "message_id": message, "guild_id": GUILD,
            "member": member(person, &[]), "emoji": { "id": null, "name": "✅" }, "burst": false, "type": 0,
        });
        self.inner.events.send(("MESSAGE_REACTION_ADD", event)).expect("the bot is connected");
    }

    /// `/agent clone`, typed (2) or being typed (4).
    pub fn command(&self, kind: u8, options: &Value) {
        let mut newcomer = member(NEWCOMER, &[]);
        newcomer.as_object_mut().expect("members").remove("user");
        newcomer["permissions"] = json!("0");
        let clone = json!({ "name": "clone", "type": 1, "options": options });
        let mut data = json!({ "id": "1001", "name": "agent", "type": 1, "options": [clone] });
        if kind == 2 {
            data["resolved"] = json!({ "users": { NEWCOMER: user(NEWCOMER) }, "members": { NEWCOMER: newcomer } });
        }
        self.by_the_lead(kind, &data);
    }

    pub fn press_in_guild(&self, custom_id: &str) -> String {
        let on = self.with_button(custom_id);
        let mut lead = member(LEAD, &[LEAD_ROLE]);
        lead["permissions"] = json!("0");
        let data = json!({ "custom_id": custom_id, "component_type": 2, "id": 2 });
        self.interaction(
            3,
            &json!({ "guild_id": GUILD, "channel_id": on.channel, "member": lead, "data": data, "message": on.told() }),
        )
    }

    pub fn press_in_direct_messages(&self, custom_id: &str) {
        let on = self.with_button(custom_id);
        let data = json!({ "custom_id": custom_id, "component_type": 2, "id": 2 });
        self.interaction(
            3,
            &json!({ "channel_id": DIRECT, "user": user(NEWCOMER), "data": data, "message": on.told() }),
        );
    }

    /// The message under which a button stands.
    fn with_button(&self, custom_id: &str) -> Held {
        let messages = self.inner.messages.lock().unwrap();
        let held = messages.all().iter().rev().find(|it| it.has(custom_id));
        held.cloned().unwrap_or_else(|| panic!("no message has the button {custom_id}"))
    }
}
