//! No secret stands anywhere but where it belongs: one long day with every way to make a password, and a search
//! through everything the bot printed, showed, stored and sent.

mod approvals;
mod presence;
pub mod search;

use std::fmt::Write as _;
use std::sync::Arc;

use rollcall_sandbox::mediatel::{self, Auth, Fault, Moment, Passwords, Times, Trouble};
use rollcall_sandbox::{DirectMessages, MessageId, Person, PhoneOptions, Phones, Posted};
use serde_json::Value;

use self::search::{Leak, Search};
use crate::world::{Setup, World};

/// What the phone systems ask the bot for.
const BASIC: &str = "hes-basic-Kf83nQ0w";
const BEARER: &str = "hes-bearer-x91LmZ4t";
/// What the bot has for them: once right, once wrong.
const WRONG: &str = "hes-wrong-0aYt6RdE";

/// Passwords that people read, and in which message each may stand.
#[derive(Default)]
struct Read(Vec<(String, MessageId)>);

impl Read {
    /// Takes the password out of a message that shows it.
    fn from(&mut self, message: &Posted) -> String {
        let text = message.text();
        let password = text.split("```").nth(1).unwrap_or_else(|| panic!("no password in:\n{text}")).trim().to_owned();
        self.0.push((password.clone(), message.id().expect("a message")));
        password
    }
}

fn phones(auth: Auth, passwords: Passwords, seed: u64) -> PhoneOptions {
    PhoneOptions {
        agents: 12,
        seed,
        mediatel: mediatel::Options { auth, passwords, ..Default::default() },
        ..Default::default()
    }
}

/// The settings with more connections: a server that digests by itself, and three that refuse our credentials.
fn connections(settings: &str, digesting: &str) -> String {
    let own = settings.split("base_url = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a base_url");
    let settings = settings.replace("auth = \"none\"", "auth = { bearer = \"env:HES_BEARER\" }");
    let basic = "{ basic = { username = \"rollcall\", password = \"env:HES_BASIC\" } }";
    let mut toml = format!("{settings}\n[limits]\nper_person = \"1000/min\"\n");
    for (name, url, auth) in [
        ("digesting", digesting, basic),
        ("wrong-basic", own, "{ basic = { username = \"rollcall\", password = \"env:HES_WRONG\" } }"),
        ("wrong-bearer", own, "{ bearer = \"env:HES_WRONG\" }"),
        ("wrong-header", own, "{ header = { name = \"X-Hes-Key\", value = \"env:HES_WRONG\" } }"),
    ] {
        let _ = write!(
            toml,
            "\n[[connection]]\nname = \"{name}\"\nkind = \"mediatel\"\nbase_url = \"{url}\"\nauth = {auth}\nemail = \"{{login}}@example.com\"\n"
        );
    }
    toml
}

async fn clones(lead: &Person, source: &str, login: &str, recipient: &Person) -> Posted {
    let line = format!("/agent clone source:{source} login:{login} recipient:{}", recipient.mention());
    let preview = lead.types(&line).await;
    assert!(preview.buttons().contains(&format!("Create {login}")), "{}", preview.text());
    (*lead.presses(&preview, &format!("Create {login}")).await).clone()
}

/// Opens a hand-over, reads it and confirms it.
async fn opens(person: &Person, read: &mut Read) -> String {
    let message = person.next_direct_message().await;
    person.presses(&message, "Reveal").await;
    let shown = message.changes_until(|text| text.contains("```")).await;
    let password = read.from(&shown);
    person.presses(&shown, "I have it").await;
    message.changes_until(|text| !text.contains("```")).await;
    password
}

/// Everything that makes a password in the bot's first life: hand-overs of every kind, and failures of every kind.
async fn first_life(world: &World, digesting: &Phones, read: &mut Read) {
    let (lead, keeper, twin) = (world.sandbox.lead(), world.sandbox.keeper(), &world.phones.mediatel);
    // A clone, opened and confirmed.
    clones(&lead, "mediatel:4", "anna.one", &keeper).await;
    let password = opens(&keeper, read).await;
    assert!(twin.can_log_in("anna.one", &password));
    // A fresh one for the same agent.
    let preview = lead.types("/agent reset-password agent:mediatel:anna.one").await;
    lead.presses(&preview, "Reset the password of anna.one").await;
    loop {
        let message = lead.next_direct_message().await;
        if message.buttons().contains(&"Reveal".to_owned()) {
            lead.presses(&message, "Reveal").await;
            let shown = message.changes_until(|text| text.contains("```")).await;
            assert!(twin.can_log_in("anna.one", &read.from(&shown)));
            lead.presses(&shown, "I have it").await;
            break;
        }
    }
    // A server that digests by itself: the account is repaired with the plain password.
    let repaired = clones(&lead, "digesting:4", "berta.two", &keeper).await;
    repaired.changes_until(|text| text.contains("I repaired this account")).await;
    let password = opens(&keeper, read).await;
    assert!(digesting.mediatel.can_log_in("berta.two", &password));
    // The recipient takes no direct messages: the requester hands over.
    keeper.sets_direct_messages(DirectMessages::Closed);
    world.sandbox.expects(50007);
    let reply = clones(&lead, "mediatel:5", "clara.three", &keeper).await;
    let offered = reply.changes_until(|text| text.contains("[Show the password of clara.three]")).await;
    let shown = lead.presses(&offered, "Show the password of clara.three").await;
    assert!(shown.is_ephemeral());
    assert!(twin.can_log_in("clara.three", &read.from(&shown)));
    keeper.sets_direct_messages(DirectMessages::Open);
    // Errors of every kind, before and after the server did it.
    let taken = r#"{"error":{"code":409,"detail":102,"entity":1},"result":[]}"#.to_owned();
    let status = |status, body| Trouble::Status { status, body, retry_after: None };
    let troubles = [
        ("dora.taken", Moment::Before, status(409, Some(taken))),
        ("dora.down", Moment::Before, status(500, None)),
        ("dora.odd", Moment::After, Trouble::Malformed),
        ("dora.short", Moment::After, Trouble::Truncated),
        ("dora.cut", Moment::After, Trouble::Cut),
    ];
    for (login, moment, trouble) in troubles {
        twin.fault(Fault { method: Some("POST"), path: "/v1/agents", moment, times: Times::Next(1), trouble });
        let reply = clones(&lead, "mediatel:6", login, &keeper).await;
        let told = reply.changes_until(|text| text.contains("exists on") || text.contains("not done")).await;
        if told.text().contains("exists on") {
            let password = opens(&keeper, read).await;
            assert!(twin.can_log_in(login, &password), "{login}");
        }
    }
    // Systems that refuse our credentials, and commands that name them.
    for name in ["wrong-basic", "wrong-bearer", "wrong-header"] {
        let refused = lead.types(&format!("/agent search query:ivan connection:{name}")).await;
        assert!(refused.text().contains(name), "{}", refused.text());
        lead.types(&format!("/agent show agent:{name}:3")).await;
    }
    lead.types("/whoami").await;
    lead.types("/doctor").await;
}

/// The bot is killed while the server creates; the next one finds the agent and hands its password over.
async fn crash(world: &World, read: &mut Read) {
    let (lead, keeper, twin) = (world.sandbox.lead(), world.sandbox.keeper(), &world.phones.mediatel);
    let (bot, killed) = (world.bot.clone(), Arc::new(tokio::sync::Notify::new()));
    let kills = Arc::clone(&killed);
    twin.on_request(Arc::new(move |moment, seen| {
        if moment == Moment::After && seen.method == "POST" {
            bot.is_killed();
            kills.notify_one();
        }
        Box::pin(async {})
    }));
    let preview =
        lead.types(&format!("/agent clone source:mediatel:7 login:emma.crash recipient:{}", keeper.mention())).await;
    lead.press(&preview, "Create emma.crash").expect("a button");
    killed.notified().await;
    world.bot_is_gone().await;
    twin.on_request(Arc::new(|_, _| Box::pin(async {})));
    world.bot_starts().await;
    let password = opens(&keeper, read).await;
    assert!(twin.can_log_in("emma.crash", &password));
}

/// Passwords in the message itself, sent plain, and one that nobody opens in time.
async fn second_life(world: &World, read: &mut Read) {
    let (lead, keeper, twin) = (world.sandbox.lead(), world.sandbox.keeper(), &world.phones.mediatel);
    assert_eq!(world.bot_stops().await.code(), Some(0));
    let file = world.folder().join("rollcall.toml");
    let settings = std::fs::read_to_string(&file).expect("the settings");
    let plain = settings.replace("email = ", "password_encoding = \"plain\"\nemail = ");
    std::fs::write(&file, format!("{plain}\n[passwords]\ndelivery = \"message\"\nexpires = \"2s\"\n"))
        .expect("written");
    world.bot_starts().await;
    clones(&lead, "mediatel:8", "fiona.plain", &keeper).await;
    let message = keeper.next_direct_message().await;
    let password = read.from(&message);
    assert_eq!(twin.agent_by_login("fiona.plain").and_then(|agent| agent.text("Password")), Some(password));
    message.changes_until(str::is_empty).await;

    assert_eq!(world.bot_stops().await.code(), Some(0));
    std::fs::write(&file, format!("{settings}\n[passwords]\nexpires = \"1s\"\n")).expect("written");
    world.bot_starts().await;
    clones(&lead, "mediatel:9", "greta.late", &keeper).await;
    let message = keeper.next_direct_message().await;
    message.changes_until(|text| text.contains("was not opened in time")).await;
}

/// Every secret there ever was: what each is, and its value.
fn secrets(world: &World, digesting: &Phones, read: &Read, stored: &[String]) -> Vec<(String, String)> {
    let mut secrets: Vec<(String, String)> = vec![
        ("the bot's token".to_owned(), world.sandbox.token()),
        ("ROLLCALL_KEY".to_owned(), crate::world::KEY.to_owned()),
    ];
    for value in [BASIC, BEARER, WRONG] {
        secrets.push(("credentials for a phone system".to_owned(), value.to_owned()));
    }
    secrets.extend(read.0.iter().map(|(password, _)| ("a password that somebody read".to_owned(), password.clone())));
    for body in [&world.phones, digesting].into_iter().flat_map(|phones| phones.mediatel.seen()).map(|seen| seen.body) {
        let sent: Option<Value> = serde_json::from_str(&body).ok();
        if let Some(password) = sent.as_ref().and_then(|body| body["Password"].as_str()) {
            secrets.push(("a password as it was sent".to_owned(), password.to_owned()));
        }
    }
    secrets.extend(stored.iter().map(|value| ("a password as it is stored".to_owned(), value.clone())));
    for seen in world.sandbox.requests() {
        let token = seen.path.split(['/', '?']).find(|part| part.len() >= 100);
        secrets.extend(token.map(|token| ("an interaction's token".to_owned(), token.to_owned())));
    }
    secrets.sort_by(|a, b| a.1.cmp(&b.1));
    secrets.dedup_by(|a, b| a.1 == b.1);
    secrets
}

/// The stored passwords of everybody on a phone system.
fn stored(phones: &Phones) -> Vec<String> {
    (1..=60).filter_map(|id| phones.mediatel.agent(id)?.text("Password")).collect()
}

/// What a request to Discord says besides the delivery itself, which is the password alone in its code block, to one
/// person.
fn besides_delivery(world: &World, seen: &rollcall_sandbox::Seen, read: &Read) -> String {
    let channels = [world.sandbox.team_chat(), world.sandbox.log_channel(), world.sandbox.approvals_channel()];
    let public = channels.iter().any(|channel| seen.path.contains(&channel.id().to_string()));
    let strip = |text: String, password: &str| text.replace(&format!("||```\n{password}\n```||"), "");
    let content = seen.body["data"]["content"].as_str().or_else(|| seen.body["content"].as_str());
    let Some(content) = content.filter(|_| !public) else { return seen.body.to_string() };
    let bare = read.0.iter().fold(content.to_owned(), |text, (password, _)| strip(text, password));
    let mut body = seen.body.clone();
    for place in ["/data/content", "/content"] {
        if let Some(value) = body.pointer_mut(place) {
            *value = Value::String(bare.clone());
        }
    }
    body.to_string()
}

/// Looks through everything.
async fn leaks(world: &World, digesting: &Phones, read: &Read, search: &Search) -> Vec<Leak> {
    let mut shown = 0;
    for (id, text) in world.sandbox.everything_shown() {
        let mine = read.0.iter().filter(|(_, message)| *message == id);
        shown += mine.filter(|(password, _)| text.contains(password.as_str())).count();
    }
    assert!(shown >= read.0.len(), "each password was shown where it was read");
    let mut leaks = everywhere(
        world,
        search,
        |seen| besides_delivery(world, seen, read),
        |id, text| {
            let mine = read.0.iter().filter(|(_, message)| *message == id);
            mine.fold(text, |text, (password, _)| text.replace(&format!("||```\n{password}\n```||"), ""))
        },
    )
    .await;
    for seen in [&world.phones, digesting].into_iter().flat_map(|phones| phones.mediatel.seen()) {
        leaks.extend(search.look("a URL of a phone system", seen.path.as_bytes()));
    }
    leaks
}

/// Looks through what the bot printed and stored, its audit log, what was shown and what was sent to Discord; of the
/// last two what is left of each beside what belongs there.
async fn everywhere(
    world: &World,
    search: &Search,
    sent: impl Fn(&rollcall_sandbox::Seen) -> String,
    shown: impl Fn(MessageId, String) -> String,
) -> Vec<Leak> {
    let mut leaks = search.look_in_folder(world.folder());
    let exported = world.rollcall(&["audit", "export"]).output().await.expect("rollcall audit export runs");
    assert!(exported.status.success() && exported.stdout.len() > 1_000, "an export");
    leaks.extend(search.look("the audit export", &exported.stdout));
    leaks.extend(search.look("the audit export's errors", &exported.stderr));
    for (id, text) in world.sandbox.everything_shown() {
        leaks.extend(search.look(&format!("message {id}"), shown(id, text).as_bytes()));
    }
    for seen in world.sandbox.requests() {
        let place = format!("the body of request {} to Discord, {}", seen.number, seen.method);
        leaks.extend(search.look(&place, sent(&seen).as_bytes()));
    }
    leaks
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_where_it_does_not_belong() {
    let basic = Auth::Basic { username: "rollcall".to_owned(), password: BASIC.to_owned() };
    let digesting = Phones::start(phones(basic, Passwords::Digests, 11)).await.expect("a phone system");
    let url = digesting.mediatel_url().to_owned();
    let setup = Setup {
        phones: phones(Auth::Bearer(BEARER.to_owned()), Passwords::AsSent, 7),
        settings: Box::new(move |settings| connections(&settings, &url)),
        environment: [("HES_BASIC", BASIC), ("HES_BEARER", BEARER), ("HES_WRONG", WRONG)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Setup::default()
    };
    let world = World::with(setup).await;
    let before = [stored(&world.phones), stored(&digesting)].concat();
    assert!(before.len() > 20, "passwords to be found");
    let mut read = Read::default();
    first_life(&world, &digesting, &mut read).await;
    approvals::deleted_and_restored(&world, &mut read).await;
    crash(&world, &mut read).await;
    // Once with the store's journal beside it, while the bot runs.
    let known = [before.clone(), stored(&world.phones), stored(&digesting)].concat();
    let mut found = Search::new(&secrets(&world, &digesting, &read, &known)).look_in_folder(world.folder());
    second_life(&world, &mut read).await;
    assert_eq!(world.bot_stops().await.code(), Some(0));

    let known = [before, stored(&world.phones), stored(&digesting)].concat();
    let secrets = secrets(&world, &digesting, &read, &known);
    let kinds = |what: &str| secrets.iter().filter(|(kind, _)| kind == what).count();
    assert!(kinds("a password that somebody read") >= 7, "{}", kinds("a password that somebody read"));
    assert!(kinds("an interaction's token") >= 30, "{}", kinds("an interaction's token"));
    let search = Search::new(&secrets);
    found.extend(leaks(&world, &digesting, &read, &search).await);
    assert_eq!(found, Vec::new(), "secrets stand where they do not belong");
    assert!(world.log().contains("DEBUG") && world.log().len() > 10_000, "the log is at its most talkative");
}
