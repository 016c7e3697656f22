//! Batches: one PATCH, and whatever the server does and says, each row is told as the list shows it afterwards.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::super::bot::Team;
use super::super::discord::{CARDS, LOG};
use super::super::extensions::{Batch, Change, Unnamed};
use super::super::mediatel::Mediatel;
use super::{MAY, approves, connection, hes, member};

/// As a spreadsheet in a country with decimal commas writes it.
const ROWS: &str = "\u{feff}E_ID;E_Extension;E_Type;E_Description;Codecs\r\n9001;;;at the gate;\r\n17;Fax 2;;;alaw,g726_40\r\n;Door 3;2;new door;\r\n";

/// Every ending a batch may have, and on how many rows it has an effect.
const ENDINGS: [(Batch, Unnamed, usize); 7] = [
    (Batch::Whole, Unnamed::Stay, 3),
    (Batch::Whole, Unnamed::Go, 3),
    (Batch::WholeToldEmpty, Unnamed::Go, 3),
    (Batch::WholeToldFailed, Unnamed::Go, 3),
    (Batch::PartToldFailed, Unnamed::Go, 1),
    (Batch::PartToldDone, Unnamed::Go, 0),
    (Batch::NothingToldFailed, Unnamed::Go, 0),
];

/// What the bot says of each ending, beside how many rows are done.
const fn said(batch: Batch) -> &'static [&'static str] {
    match batch {
        Batch::Whole => &[],
        Batch::PartToldDone => &["said that it was done. Its list, read afterwards, shows that nothing of it is done"],
        Batch::WholeToldEmpty | Batch::WholeToldFailed | Batch::PartToldFailed | Batch::NothingToldFailed => {
            &["read afterwards"]
        }
    }
}

/// What each row looks like at the server.
fn rows_done(mediatel: &Mediatel) -> [bool; 3] {
    let fax = (member(mediatel, 17, "E_Extension"), member(mediatel, 17, "Codecs"));
    [
        member(mediatel, 9001, "E_Description") == "at the gate",
        fax == (json!("Fax 2"), json!(["alaw", "g726_40"])),
        mediatel.extension_by_name("Door 3").is_some_and(|door| door["E_Description"] == "new door"),
    ]
}

/// A server, and what comes of a batch there.
struct System {
    name: String,
    ending: Batch,
    /// How many rows have an effect.
    done: usize,
    mediatel: Mediatel,
}

impl System {
    /// What the bot says of how many rows are done: to whoever asked, and in the log channel.
    fn counted(&self) -> (String, &'static str) {
        let name = &self.name;
        match self.done {
            0 => (format!("None of the 3 rows of rows.csv is done on {name}"), "None of 3 rows done"),
            1 => (format!("1 of 3 rows of rows.csv are done on {name}"), "1 of 3 rows done"),
            _ => (format!("All 3 rows of rows.csv are done on {name}"), "3 of 3 rows done"),
        }
    }

    /// A batch from the file to what is told of it.
    async fn carries_out(&self, team: &Team, file: &str) {
        let Self { name, ending, done, mediatel } = self;
        let options = [("file", file), ("connection", name)];
        let title = format!("Carry out 3 rows of rows.csv on {name}?");
        let preview = team.types("extension batch", &options, &title).await;
        for words in ["by the door", "at the gate", "Door 3", "It adds 1, changes 2"] {
            assert!(preview.text().contains(words), "{words} in\n{}", preview.text());
        }
        assert_eq!(mediatel.batches(), Vec::<Value>::new(), "a preview sends nothing");
        let (count, count_in_log) = self.counted();
        let told = team.presses(&preview, &format!("Carry out 3 rows on {name}"), &count).await.text();
        for words in said(*ending) {
            assert!(told.contains(words), "{ending:?}: {words} in\n{told}");
        }
        let rows = rows_done(mediatel);
        assert_eq!(rows.iter().filter(|done| **done).count(), *done, "{ending:?}: {told}");
        for (row, done) in [("row 2: changed", rows[0]), ("row 3: changed", rows[1]), ("row 4: added", rows[2])] {
            assert_eq!(told.contains(row), done, "{ending:?}: {row} in\n{told}");
        }
        // Whatever a changed row does to what it does not name, nothing was lost.
        assert_eq!(member(mediatel, 9001, "Destination"), "07123456", "{ending:?}");
        assert_eq!(member(mediatel, 9001, "Colour"), json!({ "Hue": 12.50, "Tags": [null, "a"] }), "{ending:?}");
        assert_eq!(member(mediatel, 17, "Destination"), "~", "{ending:?}");
        team.posted(LOG, &[&format!("sent **rows.csv** to {name}"), count_in_log]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_told_row_by_row_whatever_the_server_does_and_says() {
    let (mut systems, mut settings) = (Vec::new(), String::new());
    for (at, (ending, unnamed, done)) in ENDINGS.into_iter().enumerate() {
        let mediatel = Mediatel::starts().await;
        mediatel.batches_end(ending);
        mediatel.unnamed_members(unnamed);
        let name = format!("hes-{at}");
        settings.push_str(&connection(&name, &mediatel));
        systems.push(System { name, ending, done, mediatel });
    }
    let mut team = Team::with(MAY, &settings, &[]).await;
    let file = team.discord.uploads("rows.csv", ROWS.as_bytes());
    // All at once: what was half done is given the time that it may still be on its way.
    join_all(systems.iter().map(|system| system.carries_out(&team, &file))).await;
    team.bot.ends().await;
    for System { ending, mediatel, .. } in &systems {
        assert_eq!(mediatel.batches().len(), 1, "{ending:?}: it is sent once");
    }
    let fetched = team.discord.fetched();
    assert_eq!(fetched.len(), systems.len(), "{fetched:?}");
    assert!(fetched.iter().all(|it| it.path.ends_with("/rows.csv")), "{fetched:?}");
    assert!(fetched.iter().all(|it| !it.authorization), "whoever keeps files gets no credentials: {fetched:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_deletes_is_approved_first() {
    let (team, mediatel) = hes().await;
    let rows = "E_ID,E_Extension,E_Type,delete\n400,,,yes\n-7,Door 4,3,\n17,,6,no\n";
    let file = team.discord.uploads("away.csv", rows.as_bytes());
    let preview = team.types("extension batch", &[("file", &file)], "Carry out 3 rows of away.csv on hes?").await;
    assert!(preview.text().contains("Lift"), "{}", preview.text());
    team.presses(&preview, "Ask the approvers for 3 rows, 1 of them a delete", "approve").await;
    assert_eq!(mediatel.batches(), Vec::<Value>::new(), "nobody approved it yet");
    approves(&team, &["away.csv", "Lift"]).await;
    team.posted(LOG, &["sent **away.csv** to hes", "3 of 3 rows done: 1 added, 1 changed, 1 deleted"]).await;
    let batches = mediatel.batches();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0]["Deleted"], json!([{ "E_ID": 400 }]));
    let changes = mediatel.changes();
    assert!(
        matches!(changes.as_slice(), [Change::Deleted(400), Change::Modified(17, _), Change::Added(20_000)]),
        "{changes:?}"
    );
    assert_eq!(member(&mediatel, 17, "E_Extension"), "Fax", "{changes:?}");
    assert_eq!(member(&mediatel, 20_000, "E_Extension"), "Door 4");
    // What a file was signed with opens it for whoever has it.
    let signature = format!("hm={file}c0ffee");
    team.ends_without("what the file was signed with", &signature).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_extensions_changed_meanwhile_is_not_sent() {
    let (mut team, mediatel) = hes().await;
    let file = team.discord.uploads("rows.csv", ROWS.as_bytes());
    let preview = team.types("extension batch", &[("file", &file)], "Carry out 3 rows of rows.csv on hes?").await;
    mediatel.somebody_changes(17, &json!({ "Destination": "999" }));
    let void = team.presses(&preview, "Carry out 3 rows on hes", "Nothing was").await;
    assert!(void.text().contains("changed"), "{}", void.text());
    assert_eq!((mediatel.batches(), mediatel.changes()), (Vec::new(), Vec::new()));

    let file = team.discord.uploads("away.csv", b"E_ID,delete\n400,x\n17,true\n");
    let preview = team.types("extension batch", &[("file", &file)], "Carry out 2 rows of away.csv on hes?").await;
    team.presses(&preview, "Ask the approvers for 2 rows, 2 of them deletes", "approve").await;
    team.posted(CARDS, &["away.csv"]).await;
    mediatel.somebody_changes(400, &json!({ "E_Description": "needed again" }));
    approves(&team, &["away.csv"]).await;
    team.posted(CARDS, &["away.csv", "needed again"]).await;
    assert_eq!((mediatel.batches(), mediatel.changes()), (Vec::new(), Vec::new()));
    team.bot.ends().await;
}
