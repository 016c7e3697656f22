//! People who are agents on several connections: whom an entry names, and what the doctor says to one that names nobody.

use rollcall_telephony::systems::mediatel::twin::{Fault, Moment, Times, Trouble};
use rollcall_telephony::{Agent, AgentId, AgentRef, AgentState, Record, Rights};

use super::Office;
use crate::desk::{Finding, Joined, Level};

/// Two systems that tell nobody's names, beside the Mediatel of every office. Nothing listens there.
const OTHERS: &str = r#"
[[connection]]
name = "erix-br"
kind = "erix"
base_url = "http://127.0.0.1:9/api/agent.php"
agents = [{ login = "Vira", name = "Віра Лугова" }, { login = "maria" }]

[[connection]]
name = "voicenter"
kind = "voicenter"
base_url = "http://127.0.0.1:9/UserLogin/SetStatusFromAPI"
code = "env:VOICENTER_CODE"
agents = [{ user_id = "301", extension_user = "Vira.sip", name = "Vira Luhova" },
    { user_id = "302", extension_user = "shared" }, { user_id = "303", extension_user = "shared" }]
"#;

fn agent(text: &str) -> AgentRef {
    text.parse().unwrap()
}

impl Office {
    /// One with these people in its settings, its lists read.
    async fn joining(people: &[(&str, &[&str])]) -> Self {
        let tables = people.iter().map(|(name, is)| format!("[[person]]\nname = {name:?}\nis = {is:?}\n"));
        let office = Self::with(&format!("{OTHERS}{}", tables.collect::<String>())).await;
        office.desk.load_joined().await;
        office
    }

    fn joined(&self, text: &str) -> Option<(String, Vec<String>)> {
        let Joined { name, agents } = self.desk.joined(&agent(text))?;
        Some((name, agents.iter().map(ToString::to_string).collect()))
    }

    async fn examined(&self, part: &str) -> Vec<String> {
        let told = |found: Finding| {
            (found.what.contains(part)).then(|| format!("{:?}: {} → {}", found.level, found.what, found.mend))
        };
        self.desk.examine().await.into_iter().filter_map(told).collect()
    }
}

fn vira() -> (String, Vec<String>) {
    let agents = ["erix-br:Vira", "mediatel:7", "voicenter:301"];
    ("Vira Luhova".to_owned(), agents.map(str::to_owned).to_vec())
}

#[tokio::test]
async fn a_person_is_joined_by_id_and_login_whichever_of_their_agents_is_asked_for() {
    for is in [
        ["erix-br:Vira", "mediatel:7", "voicenter:301"],
        ["erix-br:vira", "mediatel:vira.luhova", "voicenter:vira.SIP"],
        ["erix-br:VIRA", "mediatel:VIRA.Luhova", "voicenter:Vira.sip"],
    ] {
        let office = Office::joining(&[("Vira Luhova", &is)]).await;
        for text in ["mediatel:7", "erix-br:Vira", "voicenter:301"] {
            assert_eq!(office.joined(text), Some(vira()), "{text} by {is:?}");
        }
        for text in ["mediatel:8", "erix-br:maria", "voicenter:302", "voicenter:7", "erix-br:301"] {
            assert_eq!(office.joined(text), None, "{text}");
        }
    }
}

#[tokio::test]
async fn equal_names_join_nobody() {
    let office = Office::joining(&[("Vira Luhova", &["mediatel:7", "voicenter:Vira Luhova"])]).await;
    assert_eq!(office.joined("voicenter:301"), None, "an entry is no name");
    let office = Office::joining(&[]).await;
    assert_eq!(office.joined("mediatel:7"), None);
    assert_eq!(office.joined("voicenter:301"), None);
}

#[tokio::test]
async fn what_cannot_be_told_is_left_out_and_the_rest_is_joined() {
    let is = ["mediatel:nobody.here", "voicenter:shared", "mediatel:7", "mediatel:vira.luhova", "erix-br:maria"];
    let office = Office::joining(&[("Vira Luhova", &is), ("Second", &["voicenter:302", "voicenter:303"])]).await;
    let agents = vec!["mediatel:7".to_owned(), "erix-br:maria".to_owned()];
    assert_eq!(office.joined("mediatel:7"), Some(("Vira Luhova".to_owned(), agents)));
    let agents = vec!["voicenter:302".to_owned(), "voicenter:303".to_owned()];
    assert_eq!(office.joined("voicenter:303"), Some(("Second".to_owned(), agents)), "its id names one");
}

#[tokio::test]
async fn an_agent_that_no_list_holds_is_taken_at_its_word() {
    let office = Office::joining(&[("Rui Dias", &["erix-br:Rui", "mediatel:7"])]).await;
    let joined = |login: &str| Some(("Rui Dias".to_owned(), vec![login.to_owned(), "mediatel:7".to_owned()]));
    assert_eq!(office.joined("mediatel:7"), joined("erix-br:Rui"));
    assert_eq!(office.joined("erix-br:Rui"), joined("erix-br:Rui"));
    assert_eq!(office.joined("erix-br:rui"), joined("erix-br:rui"), "as it was typed");
    assert_eq!(office.joined("voicenter:rui"), None);
    // Once it was commanded it is known, and stands for the entry.
    let known = Agent {
        id: AgentId::new("rui"),
        login: "rui".to_owned(),
        name: String::new(),
        state: AgentState::Unknown,
        rights: Rights::default(),
        personal_numbers: Vec::new(),
        record: Record::default(),
    };
    office.desk.directory().remember(&agent("erix-br:rui"), known);
    assert_eq!(office.joined("mediatel:7"), joined("erix-br:rui"));
}

#[tokio::test]
async fn nobody_is_joined_on_lists_that_were_never_read() {
    let person = "[[person]]\nname = \"Vira Luhova\"\nis = [\"erix-br:vira\", \"mediatel:vira.luhova\", \"voicenter:vira.sip\"]\n";
    let office = Office::with(&format!("{OTHERS}{person}")).await;
    assert_eq!(office.joined("mediatel:7"), None, "nothing was read yet");
    let trouble = Trouble::Status { status: 401, body: None, retry_after: None };
    office.twin.fault(Fault { method: None, path: "", moment: Moment::Before, times: Times::Always, trouble });
    office.desk.load_joined().await;
    assert_eq!(office.joined("mediatel:7"), None);
    let others = vec!["erix-br:Vira".to_owned(), "voicenter:301".to_owned()];
    assert_eq!(office.joined("voicenter:301"), Some(("Vira Luhova".to_owned(), others)));
    insta::assert_snapshot!(office.examined("[[person]]").await.join("\n"), @"Warning: [[person]] Vira Luhova: whether mediatel has an agent vira.luhova cannot be told: its agents were never read. → Mend that connection first.");
    office.twin.mend();
    office.desk.load_joined().await;
    assert_eq!(office.joined("voicenter:301"), Some(vira()));
}

#[tokio::test]
async fn the_doctor_names_every_entry_that_names_nobody() {
    let left_out =
        "[[connection]]\nname = \"xivo\"\nkind = \"xivo\"\nbase_url = \"http://127.0.0.1:9\"\ntoken = \"env:X\"\n";
    let people: &[(&str, &[&str])] = &[
        ("Vira Luhova", &["mediatel:vira.luhova", "mediatel:nobody.here", "voicenter:shared", "voicenter:999"]),
        ("Rui Dias", &["erix-br:rui", "mediatel:7"]),
    ];
    let office = Office::joining(people).await;
    insta::assert_snapshot!(office.examined("[[person]]").await.join("\n"), @"
    Warning: [[person]] Vira Luhova: mediatel has no agent nobody.here. → Write connection:id or connection:login of an agent there is.
    Warning: [[person]] Vira Luhova: 2 agents of voicenter have the login shared. → Write connection:id of the one that is meant.
    Warning: [[person]] Vira Luhova: voicenter has no agent 999. → Write connection:id or connection:login of an agent there is.
    Warning: [[person]] Rui Dias: agents of erix-br does not name rui; it is taken for a login as it stands. → Correct it if it is misspelt, or name it under agents of that connection.
    Warning: [[person]] Rui Dias: mediatel:7 is Vira Luhova already, and stays so. → One agent is one person: take one away.
    ");
    let tables = format!("{left_out}[[person]]\nname = \"Vira\"\nis = [\"xivo:vira\", \"mediatel:7\"]\n");
    insta::assert_snapshot!(Office::with(&tables).await.examined("[[person]]").await.join("\n"), @"Warning: [[person]] Vira: xivo is left out, so vira there is not joined. → Nothing to do now; a later version will use it as it stands.");
    let people: &[(&str, &[&str])] = &[("Vira Luhova", &["erix-br:vira", "mediatel:7"]), ("Maria", &["erix-br:maria"])];
    let office = Office::joining(people).await;
    assert_eq!(office.examined("[[person]]").await, ["Good: All 3 agents that [[person]] joins are known. → "]);
    assert!(Office::opens().await.examined("[[person]]").await.is_empty(), "there is nothing to say");
}

#[tokio::test]
async fn the_doctor_asks_nothing_of_a_system_that_takes_commands_only() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        for _ in 0..2 {
            let (mut peer, _) = listener.accept().await.unwrap();
            tokio::io::AsyncReadExt::read_to_end(&mut peer, &mut heard).await.unwrap();
        }
        heard
    });
    let office = Office::with(&OTHERS.replace("127.0.0.1:9", &there)).await;
    let found: Vec<Finding> = office.desk.examine().await;
    for (name, named) in [("erix-br", "2 agents"), ("voicenter", "3 agents")] {
        let finding = found.iter().find(|found| found.what.starts_with(name)).unwrap();
        assert_eq!(finding.level, Level::Good, "{}", finding.what);
        assert!(finding.what.contains("takes connections") && finding.what.ends_with(&format!("{named}.")));
        assert!(!finding.what.contains("lists"), "{}", finding.what);
    }
    assert!(heard.await.unwrap().is_empty(), "nothing is sent");

    let found = Office::with(OTHERS).await.examined("erix-br").await;
    assert!(found[0].starts_with("Bad: erix-br could not be reached: no connection"), "{found:?}");
}
