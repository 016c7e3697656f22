//! Files that are not carried out: each mistake is named, and nothing is sent.

use serde_json::Value;

use super::hes;

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_a_file_are_named_and_nothing_is_sent() {
    let (mut team, mediatel) = hes().await;
    let files: [(&[u8], &[&str]); 8] = [
        (b"E_ID,E_Extension,E_Type\n0,Zero,2\n", &["row 2", "E\\_ID"]),
        (b"E_ID,E_Extension,E_Type\n18,Nobody,2\n", &["18"]),
        (b"E_ID,E_Type\n17,6\n17,7\n", &["17"]),
        (b"E_ID,E_Extension,E_Type\n,No type,\n", &["row 2", "type"]),
        (b"E_ID,E_Extension,E_Type\n17,,six\n,Fine,2\n", &["row 2", "E\\_Type"]),
        (b"E_ID,E_Extention\n17,Fax\n", &["did you mean E\\_Extension"]),
        (b"E_ID,delete\n17,perhaps\n", &["row 2", "delete"]),
        (b"E_ID,E_Extension\n17,\xff\xfe\n", &["UTF-8"]),
    ];
    for (content, words) in files {
        let file = team.discord.uploads("wrong.csv", content);
        let said = team.types("extension batch", &[("file", &file)], "wrong.csv").await;
        for words in words {
            assert!(said.text().to_lowercase().contains(&words.to_lowercase()), "{words} in\n{}", said.text());
        }
        assert_eq!(said.buttons(), Vec::<String>::new(), "{}", said.text());
    }
    assert_eq!((mediatel.batches(), mediatel.changes()), (Vec::<Value>::new(), Vec::new()));
    team.bot.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_is_told_as_gone() {
    let (mut team, mediatel) = hes().await;
    let file = team.discord.uploads("rows.csv", b"E_ID,E_Type\n17,6\n");
    team.discord.forgets(&file);
    team.types("extension batch", &[("file", &file)], "Attach it again").await;
    assert_eq!(team.discord.fetched().len(), 1);
    assert_eq!(mediatel.batches(), Vec::<Value>::new());
    team.bot.ends().await;
}
