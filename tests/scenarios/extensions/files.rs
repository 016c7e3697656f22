//! Where a file is fetched from, and what is done with one that is not as it was announced.

use rollcall_sandbox::FileFault;
use serde_json::json;

use super::{asked, hands_in, says};
use crate::world::World;

const FILE: &str = "E_ID,E_Extension,E_Type\n,SIP9,2\n";

#[tokio::test(flavor = "multi_thread")]
async fn only_from_discord() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    let elsewhere = format!("{}/v1/extensions", world.phones.mediatel_url());
    for url in [
        elsewhere.as_str(),
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://cdn.discordapp.com.evil.example/x.csv",
        "https://cdn.discordapp.com@evil.example/x.csv",
        "nonsense",
    ] {
        lead.forges_file("lines.csv", FILE, json!({ "url": url, "proxy_url": url }));
        let refused = says(&world, "/extension batch file:lines.csv").await;
        assert!(refused.text().contains("It is not where Discord keeps files"), "{url}: {}", refused.text());
    }
    assert!(world.sandbox.files_fetched().is_empty());
    assert_eq!(asked(&world, "GET"), 1, "nothing is asked of anybody since the start");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_is_not_what_was_announced() {
    let world = World::begins().await;
    let lead = world.sandbox.lead();
    lead.forges_file("lines.csv", FILE, json!({ "size": 50_000_000 }));
    let refused = says(&world, "/extension batch file:lines.csv").await;
    assert!(refused.text().contains("takes a file of at most 1 MB; this one has 50 MB"), "{}", refused.text());
    assert!(world.sandbox.files_fetched().is_empty(), "what is announced as too large is not fetched");
    for (fault, told) in [
        (FileFault::MoreBytes(3_000_000), "larger than 1 MB"),
        (FileFault::Redirected("http://127.0.0.1:9/".to_owned()), "did not hand it out (status 302)"),
        (FileFault::Gone, "does not have it any more"),
        (FileFault::HalfThenCut, "did not arrive"),
        (FileFault::OtherBytes(b"PK\x03\x04".to_vec()), "workbook"),
        (FileFault::OtherBytes(vec![0xff, 0xfe, 0x00]), "UTF-16"),
        (FileFault::OtherBytes(Vec::new()), "empty"),
    ] {
        world.sandbox.next_files(1, fault.clone());
        let refused = hands_in(&world, "lines.csv", FILE).await;
        assert!(refused.text().contains(told), "{fault:?}: {}", refused.text());
        assert_eq!(refused.buttons(), Vec::<String>::new());
    }
    assert_eq!(asked(&world, "PATCH"), 0);
    let log = world.log();
    assert!(!log.contains("/attachments/"), "a signed address stands in no log");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_hostile_name_and_hostile_cells() {
    let world = World::begins().await;
    let name = "@everyone **lines** `x`.csv";
    let file =
        "E_ID,E_Extension,E_Type,E_Description\n,@here <@1> ```,2,\"=cmd|' /C calc'!A0\"\n,\u{202e}evil,2,\u{200b}\n";
    world.sandbox.lead().attaches(name, file);
    let preview = says(&world, &format!("/extension batch file:{name}")).await;
    assert!(!preview.pinged_everyone() && preview.pinged_users().is_empty());
    // As it was sent, escapes and all.
    let sent = regex::Regex::new(r"<t:\d+:t>").unwrap().replace_all(preview.text(), "<time>");
    insta::assert_snapshot!(sent, @r"
    Carry out 2 rows of everyone\_lines\_x.csv on mediatel?
    It adds 2, in one request. The button works until <time>.
    mediatel does not promise all or nothing: I read its list afterwards and tell you row by row what changed.
    ```
    row what id name
      2 add   - @here <@1> '''
      3 add   - ⟨U+202E⟩evil
    ```
    Row by row: ➕ row 2: **\@here \<@1> \`\`\`**: Type 2 · Description =cmd\|' /C calc'!A0
    ➕ row 3: **⟨U+202E⟩evil**: Type 2 · Description ⟨U+200B⟩
    [Carry out 2 rows on mediatel] [Cancel]
    ");
    world.ends().await;
}
