//! Voicenter's code, and what Erix is asked for by a proxy in front of it: logins that work, that are refused, whose answer
//! is lost, wrong addresses, redirects, servers that repeat what they were sent, a crash; by POST and by GET.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rollcall_sandbox::voicenter::{self, Fault, Moment, Times, Trouble, Twin};
use tokio::net::TcpListener;
use url::form_urlencoded;

use super::search::{Leak, Search};
use crate::world::{KEY, Setup, World};

/// A code in which an address must encode nearly every character.
const ODD: &str = "q7+W/é z=&%\"K\\9?x";
const BASIC: &str = "proxy-basic-Jd82hQz1";
const BEARER: &str = "proxy-bearer-Ux30vNs7";
const HEADER: &str = "proxy-header-Ty55bRk2";

/// Which agents there are on which connection; the first word of each is a connection's name.
const ON_VOICENTER: [&str; 2] = ["voicenter:204518733", "odd:204518733"];
const UNREACHABLE: [&str; 2] = ["closed:204518733", "tls:204518733"];
const ON_ERIX: [&str; 3] = ["basic:rafael", "bearer:rafael", "header:rafael"];

#[tokio::test(flavor = "multi_thread")]
async fn no_code_and_no_credentials_stand_anywhere_by_post() {
    a_day_of_presence("post").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_and_no_credentials_stand_anywhere_by_get() {
    a_day_of_presence("get").await;
}

async fn a_day_of_presence(method: &'static str) {
    let odd = Twin::new(ODD, voicenter::Options::default());
    odd.put_user("204518733");
    odd.put_extension("sipyossi");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = listener.local_addr().expect("an address").to_string();
    tokio::spawn(Arc::clone(&odd).serve(listener));
    let world = World::with(setup(method, origin)).await;
    let code = world.phones.voicenter_code().to_owned();
    let search = Search::new(&secrets(&world, &code));

    works(&world).await;
    for (twin, agent, code) in [(&world.phones.voicenter, ON_VOICENTER[0], code.as_str()), (&odd, ON_VOICENTER[1], ODD)]
    {
        refuses(&world, twin, agent, code).await;
        for fault in faults(code) {
            twin.fault(fault);
            asks(&world, agent).await;
        }
    }
    for agent in UNREACHABLE {
        asks(&world, agent).await;
    }
    erix_fails(&world).await;
    world.sandbox.lead().types("/agent status").await;
    world.sandbox.lead().types("/doctor").await;
    dies(&world).await;

    // Once with the store's journal beside it, while the bot runs.
    let mut found = search.look_in_folder(world.folder());
    found.extend(examined(&world, &search).await);
    assert_eq!(world.bot_stops().await.code(), Some(0));
    found.extend(super::everywhere(&world, &search, |seen| seen.body.to_string(), |_, text| text).await);
    for seen in [odd.seen(), world.phones.voicenter.seen(), world.phones.erix.seen()].concat() {
        match method {
            "post" => found.extend(search.look("an address", seen.path.as_bytes())),
            _ => assert!(seen.body.is_empty(), "everything stands in the address"),
        }
    }
    assert_eq!(found, Vec::new(), "secrets stand where they do not belong");
    // What was looked for was there to be found: both systems took it.
    assert!(!odd.mutations().is_empty() && !world.phones.voicenter.mutations().is_empty());
    assert!(world.log().contains("DEBUG") && world.log().len() > 10_000, "the log is at its most talkative");
}

/// The sandbox's settings, by this method, with more connections.
fn setup(method: &'static str, odd: String) -> Setup {
    let setup = Setup::default().setting("method = \"post\"", format!("method = \"{method}\"")).rewriting(move |settings| {
        let erix = settings.split("base_url = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
        let mut toml = format!("{settings}\n[limits]\nper_person = \"1000/min\"\n");
        let voicenter = [
            ("odd", format!("http://{odd}"), "ODD_CODE"),
            ("closed", "http://127.0.0.1:9".to_owned(), "ODD_CODE"),
            // A server that speaks no TLS.
            ("tls", format!("https://{odd}"), "ODD_CODE"),
        ];
        for (name, origin, variable) in voicenter {
            let _ = write!(
                toml,
                "\n[[connection]]\nname = \"{name}\"\nkind = \"voicenter\"\nmethod = \"{method}\"\ntimeout = \"1s\"\n\
                 base_url = \"{origin}/UserLogin/SetStatusFromAPI\"\ncode = \"env:{variable}\"\n\
                 agents = [{{ user_id = \"204518733\", extension_user = \"sipyossi\" }}]\n"
            );
        }
        for (name, auth) in [
            ("basic", "{ basic = { username = \"rollcall\", password = \"env:ERIX_BASIC\" } }"),
            ("bearer", "{ bearer = \"env:ERIX_BEARER\" }"),
            ("header", "{ header = { name = \"X-Proxy-Key\", value = \"env:ERIX_HEADER\" } }"),
        ] {
            let _ = write!(
                toml,
                "\n[[connection]]\nname = \"{name}\"\nkind = \"erix\"\nmethod = \"{method}\"\ntimeout = \"1s\"\n\
                 base_url = \"{erix}\"\nauth = {auth}\n\
                 agents = [{{ login = \"rafael\", extension = \"2004\", queues = [\"suporte\"] }}]\n"
            );
        }
        toml
    });
    let environment = [("ODD_CODE", ODD), ("ERIX_BASIC", BASIC), ("ERIX_BEARER", BEARER), ("ERIX_HEADER", HEADER)];
    Setup { environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into(), ..setup }
}

fn secrets(world: &World, code: &str) -> Vec<(String, String)> {
    [
        ("the bot's token", world.sandbox.token()),
        ("ROLLCALL_KEY", KEY.to_owned()),
        ("Voicenter's code", code.to_owned()),
        ("a code with odd characters", ODD.to_owned()),
        ("a password for a proxy", BASIC.to_owned()),
        ("a bearer token for a proxy", BEARER.to_owned()),
        ("a header for a proxy", HEADER.to_owned()),
    ]
    .map(|(what, value)| (what.to_owned(), value))
    .into()
}

/// Asks for a change, and reads what came of it and the line in the log channel.
async fn asks(world: &World, agent: &str) {
    let reply = world.sandbox.lead().types(&format!("/agent logout agent:{agent}")).await;
    let told = reply.changes_until(|text| !text.contains("On it")).await;
    assert!(!told.text().is_empty());
    world.sandbox.log_channel().next_message().await;
}

/// Everybody logs in and out.
async fn works(world: &World) {
    for agent in ON_VOICENTER.into_iter().chain(ON_ERIX) {
        for verb in ["login", "logout"] {
            let reply = world.sandbox.lead().types(&format!("/agent {verb} agent:{agent}")).await;
            let told = reply.changes_until(|text| !text.contains("On it")).await;
            assert!(told.text().contains("is logged"), "{agent}: {}", told.text());
            world.sandbox.log_channel().next_message().await;
        }
    }
}

/// Refusals that repeat what was sent: as it is, as an address has it, and in the middle of a word.
async fn refuses(world: &World, twin: &Twin, agent: &str, code: &str) {
    let encoded = encoded(code);
    for message in [
        "Authorization Failed".to_owned(),
        format!("Code {code} is unknown"),
        format!("GET /UserLogin/SetStatusFromAPI?Code={encoded}&UserId=1"),
        format!("GET /UserLogin/SetStatusFromAPI?Code={}&UserId=1", encoded.replace('+', "%20")),
        format!("x{code}x{code}"),
    ] {
        twin.answers_next(2, 0, &message);
        asks(world, agent).await;
    }
}

fn encoded(code: &str) -> String {
    form_urlencoded::byte_serialize(code.as_bytes()).collect()
}

/// What a server, or one in front of it, may do; some of it repeats the whole address.
fn faults(code: &str) -> Vec<Fault> {
    let address = format!("http://127.0.0.1/UserLogin/SetStatusFromAPI?Code={}&UserId=1", encoded(code));
    let page = |status| Trouble::Status {
        status,
        body: Some(format!("<html>cannot serve {address} with {{\"Code\":{code:?}}}</html>")),
        retry_after: None,
    };
    let troubles = [
        (Moment::Before, page(200)),
        (Moment::Before, page(404)),
        (Moment::Before, page(500)),
        (Moment::Before, Trouble::Status { status: 401, body: None, retry_after: None }),
        (Moment::Before, Trouble::Redirect(address)),
        (Moment::After, Trouble::Cut),
        (Moment::After, Trouble::Truncated),
        (Moment::After, Trouble::Malformed),
        (Moment::After, Trouble::Slow(Duration::from_secs(2))),
    ];
    let fault = |(moment, trouble)| Fault { method: None, path: "", moment, times: Times::Next(1), trouble };
    troubles.into_iter().map(fault).collect()
}

/// The proxy in front of Erix turns the bot away, and repeats its credentials.
async fn erix_fails(world: &World) {
    for (agent, secret) in ON_ERIX.into_iter().zip([BASIC, BEARER, HEADER]) {
        for fault in faults(secret) {
            world.phones.erix.fault(fault);
            asks(world, agent).await;
        }
        world.phones.erix.refuses_next("Invalid command");
        asks(world, agent).await;
    }
}

/// The bot is killed while Voicenter is asked, and started again.
async fn dies(world: &World) {
    let (bot, killed) = (world.bot.clone(), Arc::new(tokio::sync::Notify::new()));
    let kills = Arc::clone(&killed);
    world.phones.voicenter.on_request(Arc::new(move |moment, _| {
        if moment == Moment::After {
            bot.is_killed();
            kills.notify_one();
        }
        Box::pin(async {})
    }));
    let lead = world.sandbox.lead();
    let asked = lead.types_and_goes("/agent login agent:voicenter:204518733").expect("it is typed");
    killed.notified().await;
    world.bot_is_gone().await;
    world.phones.voicenter.on_request(Arc::new(|_, _| Box::pin(async {})));
    world.bot_starts().await;
    let reply = lead.try_sees(asked).await.expect("an answer");
    reply.changes_until(|text| text.contains("nobody can tell")).await;
    world.sandbox.log_channel().next_message().await;
}

/// What the doctor says at the keyboard.
async fn examined(world: &World, search: &Search) -> Vec<Leak> {
    let found = world.rollcall(&["doctor"]).output().await.expect("rollcall doctor runs");
    assert!(String::from_utf8_lossy(&found.stdout).contains("voicenter"), "the doctor looks at Voicenter");
    let mut leaks = search.look("the doctor", &found.stdout);
    leaks.extend(search.look("the doctor's errors", &found.stderr));
    leaks
}
