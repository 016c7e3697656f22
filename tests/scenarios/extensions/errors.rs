//! Every error that the documents have, of every request about extensions, as the person reads it.

use std::fmt::Write as _;

use rollcall_sandbox::Reply;
use rollcall_sandbox::mediatel::{Fault, Moment, Times, Trouble};

use super::{hands_in, says};
use crate::world::{Setup, World};

/// What Mediatel answers: `error.code`, "Error Details", "Entity Types".
#[derive(Clone, Copy)]
struct Answer(u16, Option<u8>, Option<u8>);

/// Every number of "Error Details", with each entity where it says more; then every code that says by itself that
/// nothing was done.
const REFUSALS: [Answer; 43] = [
    Answer(400, Some(100), None),
    Answer(400, Some(100), Some(0)),
    Answer(400, Some(101), None),
    Answer(400, Some(101), Some(2)),
    Answer(409, Some(102), None),
    Answer(409, Some(102), Some(1)),
    Answer(403, Some(103), None),
    Answer(400, Some(104), None),
    Answer(400, Some(105), None),
    Answer(400, Some(105), Some(3)),
    Answer(409, Some(106), None),
    Answer(409, Some(106), Some(0)),
    Answer(409, Some(106), Some(1)),
    Answer(409, Some(106), Some(2)),
    Answer(409, Some(106), Some(3)),
    Answer(409, Some(106), Some(4)),
    Answer(400, None, None),
    Answer(401, None, None),
    Answer(402, None, None),
    Answer(403, None, None),
    Answer(404, None, None),
    Answer(405, None, None),
    Answer(406, None, None),
    Answer(407, None, None),
    Answer(409, None, None),
    Answer(410, None, None),
    Answer(411, None, None),
    Answer(412, None, None),
    Answer(413, None, None),
    Answer(414, None, None),
    Answer(415, None, None),
    Answer(416, None, None),
    Answer(417, None, None),
    Answer(418, None, None),
    Answer(421, None, None),
    Answer(422, None, None),
    Answer(423, None, None),
    Answer(424, None, None),
    Answer(426, None, None),
    Answer(428, None, None),
    Answer(429, None, None),
    Answer(431, None, None),
    Answer(451, None, None),
];

/// Every code that leaves open whether something was done.
const UNSURE: [u16; 27] = [
    0, 100, 101, 102, 300, 301, 302, 303, 304, 305, 306, 307, 408, 444, 499, 500, 501, 502, 503, 504, 505, 506, 507,
    508, 510, 511, 599,
];

/// "Error Details", as the documents put them; 104 is blank there.
const fn message(detail: u8) -> &'static str {
    match detail {
        100 => "Invalid parameters",
        101 => "Invalid name",
        102 => "Name in use",
        103 => "No permissions",
        105 => "Other",
        106 => "Object in use",
        _ => "",
    }
}

impl Answer {
    /// As it goes over the wire: with the code as status where HTTP has such a one for an answer, else with 200.
    fn trouble(self) -> Trouble {
        let Self(code, detail, entity) = self;
        let mut error = serde_json::json!({ "code": code });
        if let Some(detail) = detail {
            error["message"] = message(detail).into();
            error["detail"] = detail.into();
        }
        if let Some(entity) = entity {
            error["entity"] = entity.into();
        }
        let status = if (400..600).contains(&code) { code } else { 200 };
        let body = serde_json::json!({ "error": error, "result": [] }).to_string();
        Trouble::Status { status, body: Some(body), retry_after: None }
    }

    fn name(self) -> String {
        let Self(code, detail, entity) = self;
        let part = |word: &str, number: Option<u8>| number.map_or_else(String::new, |n| format!(", {word} {n}"));
        format!("{code}{}{}", part("detail", detail), part("entity", entity))
    }
}

/// What was told, answer by answer; those of which the same was told stand together.
#[derive(Default)]
struct Heard(Vec<(Vec<String>, String)>);

impl Heard {
    fn add(&mut self, name: String, told: String) {
        match self.0.iter_mut().find(|(_, other)| *other == told) {
            Some((names, _)) => names.push(name),
            None => self.0.push((vec![name], told)),
        }
    }

    fn all(&self) -> String {
        let mut all = String::new();
        for (names, told) in &self.0 {
            writeln!(all, "{}\n    {}", names.join(" · "), told.replace('\n', "\n    ")).unwrap();
        }
        all
    }
}

/// Extensions with these numbers are each asked about once, where an answer leaves open what was done.
const FIRST: usize = 200;

/// A world in which deletes need nobody else and nobody types too much.
async fn world() -> World {
    let setup = Setup::default()
        .setting("[approvals]\n", "[approvals]\nrequire = []\n")
        .setting("kind = \"mediatel\"\n", "kind = \"mediatel\"\nrate = \"1000/s\"\n");
    let world = World::with(setup.adding("[limits]\nper_person = \"1000/s\"")).await;
    for id in FIRST..FIRST + UNSURE.len() {
        let line = format!(r#"{{"E_ID":{id},"E_Extension":"Line {id}","E_Type":2}}"#);
        world.phones.mediatel.put_extension(&line).unwrap();
    }
    world
}

/// From now on such requests are answered so.
fn answers(world: &World, method: &'static str, path: &'static str, answer: Answer) {
    let (moment, times, trouble) = (Moment::Before, Times::Always, answer.trouble());
    world.phones.mediatel.fault(Fault { method: Some(method), path, moment, times, trouble });
}

/// What is told where a command only reads, each answer's as `shown` shows it.
async fn reading(path: &'static str, line: &str, shown: fn(&str) -> String) -> String {
    let world = world().await;
    let mut heard = Heard::default();
    for answer in REFUSALS.into_iter().chain(UNSURE.map(|code| Answer(code, None, None))) {
        answers(&world, "GET", path, answer);
        let reply = says(&world, line).await;
        world.phones.mediatel.mend();
        heard.add(answer.name(), shown(&world.heard(reply.text())));
    }
    world.ends().await;
    heard.all()
}

/// What the lead asks for: a command of which a preview comes, or a file of extensions.
enum Asks {
    Command(String),
    File(String),
}

/// It is asked for, and the preview's button pressed.
async fn pressed(world: &World, asks: Asks) -> Reply {
    let preview = match asks {
        Asks::Command(line) => says(world, &line).await,
        Asks::File(file) => hands_in(world, "lines.csv", &file).await,
    };
    let label = preview.buttons().into_iter().next().unwrap_or_else(|| panic!("no button: {}", preview.text()));
    world.sandbox.lead().presses(&preview, &label).await
}

/// Those of which nothing is said but their number and name are asked about a few times only where something is
/// written: the list has shown all of them.
const SAME: [u16; 28] = [
    101, 102, 300, 301, 302, 303, 305, 306, 406, 411, 412, 414, 415, 416, 417, 418, 421, 424, 426, 428, 502, 504, 505,
    506, 507, 508, 510, 511,
];

/// What is told where something is written, asked for with an extension's number.
async fn writing(method: &'static str, asks: impl Fn(usize) -> Asks) -> String {
    let world = world().await;
    let mut heard = Heard::default();
    for answer in REFUSALS.into_iter().filter(|answer| !SAME.contains(&answer.0)) {
        answers(&world, method, "/v1/extensions", answer);
        let reply = pressed(&world, asks(FIRST)).await;
        let told = reply.changes_until(is_over).await;
        world.phones.mediatel.mend();
        heard.add(answer.name(), alike(&world.heard(told.text())));
        world.log_says("mediatel").await;
    }
    assert!(world.phones.mediatel.mutations().is_empty(), "nothing was done");
    // Those that are looked up: first all are asked, then what came of each is awaited.
    let mut looked_up = Vec::new();
    for (at, code) in UNSURE.into_iter().filter(|code| !SAME.contains(code)).enumerate() {
        let answer = Answer(code, None, None);
        // A change or a delete is sent again, so each has an answer of its own; what is not, takes the newest.
        let path = match method {
            "PUT" | "DELETE" => format!("/v1/extensions/{}", FIRST + at).leak(),
            _ => {
                world.phones.mediatel.mend();
                "/v1/extensions"
            }
        };
        answers(&world, method, path, answer);
        let reply = pressed(&world, asks(FIRST + at)).await;
        let told = reply.changes_until(|text| text.contains("no answer yet") || is_over(text)).await;
        heard.add(answer.name(), alike(&world.heard(told.text())));
        looked_up.push((answer, reply));
    }
    for (answer, reply) in looked_up {
        let told = reply.changes_until(is_over).await;
        heard.add(format!("{} in the end", answer.name()), alike(&world.heard(told.text())));
        world.log_says("mediatel").await;
    }
    assert!(world.phones.mediatel.mutations().is_empty(), "nothing was done");
    world.ends().await;
    heard.all()
}

/// Whether a reply tells how it ended.
fn is_over(text: &str) -> bool {
    ["— not done", "— nobody can tell", "Nobody can tell", "None of the"].iter().any(|end| text.contains(end))
}

/// Without numbers and names of codes and extensions, so that what reads the same stands together.
fn alike(told: &str) -> String {
    let mut alike = told.to_owned();
    for (pattern, to) in
        [(r"\b2[0-2]\d\b", "200"), (r#""[^"]+", code \d+"#, "\"…\", code …"), (r"\((code|status) \d+\)", "($1 …)")]
    {
        alike = regex::Regex::new(pattern).unwrap().replace_all(&alike, to).into_owned();
    }
    alike
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_list() {
    insta::assert_snapshot!(reading("/v1/extensions", "/extension list", str::to_owned).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one() {
    insta::assert_snapshot!(reading("/v1/extensions/13", "/extension show extension:mediatel:13", alike).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_create() {
    let asks = |id| Asks::Command(format!("/extension create name:New {id} type:2"));
    insta::assert_snapshot!(writing("POST", asks).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_edit() {
    let asks = |id| Asks::Command(format!("/extension edit extension:mediatel:{id} description:Changed"));
    insta::assert_snapshot!(writing("PUT", asks).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_delete() {
    let asks = |id| Asks::Command(format!("/extension delete extension:mediatel:{id} reason:closed"));
    insta::assert_snapshot!(writing("DELETE", asks).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch() {
    let columns = "E_ID,E_Extension,E_Type,E_Description";
    let asks = |id| Asks::File(format!("{columns}\n{id},,,Changed\n,New {id},2,\n"));
    insta::assert_snapshot!(writing("PATCH", asks).await);
}
