//! The extensions of a Mediatel as somebody else would write them: numbers as texts, other defaults, ids with holes
//! between them, a list that comes in another order each time, members of its own, and a batch with a mind of its own.

use serde_json::{Map, Value, json};

/// What comes of a batch, and what is said about it. The documents say neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// All of it, told as documented.
    Whole,
    /// All of it, and nothing in the result.
    WholeToldEmpty,
    /// All of it, and an error.
    WholeToldFailed,
    /// The deletes and the first that was inserted, and then an error.
    PartToldFailed,
    /// The deletes, and a result as if all were well.
    PartToldDone,
    /// Nothing, and an error.
    NothingToldFailed,
}

/// What comes of a change of one extension, and what is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Single {
    /// It is done, and told.
    Honest,
    /// It is done, and told as an error of the server's.
    DoneToldFailed,
    /// It is not done, and told as if it were.
    NotDoneToldDone,
}

/// What a changed row of a batch does to members that it does not name. The documents do not say; their sample names all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// They stay.
    Stay,
    /// They go: the row takes the old object's place.
    Go,
}

/// What the list shows after a batch. No document says how soon, or how surely, it shows what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// What is there.
    All,
    /// Nothing, so many times; then what is there.
    Nothing(usize),
}

/// What really changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Added(i64),
    /// Which, and the members that were sent.
    Modified(i64, Value),
    Deleted(i64),
}

/// Everything this server knows about its extensions.
pub struct Extensions {
    held: Vec<Value>,
    next: i64,
    listed: usize,
    /// How often the list is still told as empty.
    empty: usize,
    pub after_batch: Shows,
    /// What stands in the list and is no extension.
    pub oddities: Vec<Value>,
    pub batch: Batch,
    pub single: Single,
    pub unnamed: Unnamed,
    pub changes: Vec<Change>,
    /// The bodies of the batches, as they came.
    pub batches: Vec<Value>,
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn fine(result: &[Value]) -> Value {
    json!({ "result": result, "error": { "code": "200" } })
}

fn refused(code: u16, detail: u16) -> Value {
    json!({ "error": { "code": code.to_string(), "Details": detail.to_string() } })
}

impl Extensions {
    pub fn new() -> Self {
        let held = json!([
            {
                "E_Extension": "Front desk", "E_ID": "9001", "E_Type": "5", "Protocol": "SIP",
                "E_Description": "by the door", "E_DialOutIdentities": "555", "ContactDisplay": "<sip:9@192.0.2.9:5062>",
                "FromDisplay": "", "DestAddress": "192.0.2.9:5062", "Destination": "07123456",
                "Codecs": ["g7231_6", "g726_40"], "ConnectionType": "3", "DTMFSupport": ["rfc2833"],
                "Payload": "127", "Colour": { "Hue": 12.50, "Tags": [null, "a"] },
            },
            {
                "E_Extension": "Fax", "E_ID": "17", "E_Type": "2", "Protocol": "", "E_Description": "",
                "E_DialOutIdentities": "", "ContactDisplay": "", "FromDisplay": "", "DestAddress": "",
                "Destination": "~", "Codecs": [], "ConnectionType": "", "DTMFSupport": [], "Payload": "",
                "Colour": null,
            },
            {
                "E_Extension": "Lift", "E_ID": "400", "E_Type": "2", "Protocol": "SIP", "E_Description": "emergency",
                "E_DialOutIdentities": "", "ContactDisplay": "", "FromDisplay": "", "DestAddress": "",
                "Destination": "112", "Codecs": ["alaw"], "ConnectionType": "", "DTMFSupport": ["inband"],
                "Payload": "", "Colour": { "Hue": 0, "Tags": [] },
            },
        ]);
        let Value::Array(held) = held else { unreachable!("a list is a list") };
        Self {
            held,
            next: 20_000,
            listed: 0,
            empty: 0,
            after_batch: Shows::All,
            oddities: Vec::new(),
            batch: Batch::Whole,
            single: Single::Honest,
            unnamed: Unnamed::Go,
            changes: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// An extension by its id.
    pub fn by_id(&self, id: i64) -> Option<Value> {
        self.held.iter().find(|it| number(&it["E_ID"]) == Some(id)).cloned()
    }

    /// An extension by its name.
    pub fn by_name(&self, name: &str) -> Option<Value> {
        self.held.iter().find(|it| it["E_Extension"] == name).cloned()
    }

    /// Answers a request below `/v1/extensions`.
    pub fn act(&mut self, method: &str, rest: &str, sent: &Value) -> Value {
        let (held, next, changes) = (self.held.clone(), self.next, self.changes.len());
        let answer = self.done(method, rest, sent);
        match self.single {
            Single::DoneToldFailed if matches!(method, "POST" | "PUT" | "DELETE") => refused(500, 105),
            Single::NotDoneToldDone if matches!(method, "POST" | "PUT" | "DELETE") => {
                (self.held, self.next) = (held, next);
                self.changes.truncate(changes);
                answer
            }
            Single::Honest | Single::DoneToldFailed | Single::NotDoneToldDone => answer,
        }
    }

    fn done(&mut self, method: &str, rest: &str, sent: &Value) -> Value {
        let rest = rest.trim_start_matches('/');
        let at = rest.parse::<i64>().ok().and_then(|id| self.place(id));
        match (method, rest, at) {
            ("GET", "", _) if self.empty > 0 => {
                self.empty -= 1;
                fine(&[])
            }
            ("GET", "", _) => {
                self.listed += 1;
                let mut list = [self.oddities.as_slice(), &self.held].concat();
                let turn = self.listed % list.len().max(1);
                list.rotate_left(turn);
                fine(&list)
            }
            ("GET", _, Some(at)) => fine(&[self.held[at].clone()]),
            ("POST", "", _) => self.adds(sent).map_or_else(|refusal| refusal, |it| fine(&[it])),
            ("PUT", _, Some(at)) => fine(&[self.modifies(at, sent)]),
            ("DELETE", _, Some(at)) => {
                self.deletes(at);
                fine(&[])
            }
            ("PATCH", "", _) => self.batches(sent),
            _ => refused(404, 105),
        }
    }

    /// A row as it would read had it been done.
    fn as_if_done(&self, mut row: Value) -> Value {
        if number(&row["E_ID"]).is_some_and(|id| id <= -1) {
            row["E_ID"] = json!(self.next.to_string());
        }
        row
    }

    fn place(&self, id: i64) -> Option<usize> {
        self.held.iter().position(|it| number(&it["E_ID"]) == Some(id))
    }

    fn adds(&mut self, sent: &Value) -> Result<Value, Value> {
        let (Some(name), Some(_)) = (sent["E_Extension"].as_str(), number(&sent["E_Type"])) else {
            return Err(refused(400, 100));
        };
        if self.by_name(name).is_some() {
            return Err(refused(409, 102));
        }
        // Other defaults than the documents' sample has.
        let defaults = json!({
            "Colour": { "Hue": 1 }, "Protocol": "SIP", "E_Description": "new", "E_DialOutIdentities": "",
            "ContactDisplay": "", "FromDisplay": "", "DestAddress": "", "Destination": "~", "Codecs": ["alaw"],
            "ConnectionType": "1", "DTMFSupport": [], "Payload": "101",
        });
        let Value::Object(mut made) = defaults else { unreachable!("an object is an object") };
        merge(&mut made, sent);
        made.insert("E_ID".to_owned(), json!(self.next.to_string()));
        self.changes.push(Change::Added(self.next));
        self.next += 1_003;
        self.held.push(Value::Object(made.clone()));
        Ok(Value::Object(made))
    }

    fn modifies(&mut self, at: usize, sent: &Value) -> Value {
        let id = number(&self.held[at]["E_ID"]).unwrap_or_default();
        let Value::Object(held) = &mut self.held[at] else { unreachable!("an object is an object") };
        merge(held, sent);
        self.changes.push(Change::Modified(id, sent.clone()));
        self.held[at].clone()
    }

    fn deletes(&mut self, at: usize) {
        let id = number(&self.held.remove(at)["E_ID"]).unwrap_or_default();
        self.changes.push(Change::Deleted(id));
    }

    fn batches(&mut self, sent: &Value) -> Value {
        self.batches.push(sent.clone());
        if let Shows::Nothing(times) = self.after_batch {
            self.empty = times;
        }
        let rows = |name: &str| sent[name].as_array().cloned().unwrap_or_default();
        let (deleted, mut inserted) = (rows("Deleted"), rows("Inserted"));
        match self.batch {
            Batch::NothingToldFailed => return refused(500, 105),
            Batch::PartToldFailed => inserted.truncate(1),
            Batch::PartToldDone => inserted.clear(),
            Batch::Whole | Batch::WholeToldEmpty | Batch::WholeToldFailed => {}
        }
        for row in deleted {
            let Some(at) = number(&row["E_ID"]).and_then(|id| self.place(id)) else { return refused(400, 100) };
            self.deletes(at);
        }
        let mut result = Vec::new();
        for row in inserted {
            match number(&row["E_ID"]) {
                Some(id) if id > 0 => {
                    let Some(at) = self.place(id) else { return refused(400, 100) };
                    if self.unnamed == Unnamed::Go {
                        self.held[at] = json!({ "E_ID": id.to_string() });
                    }
                    result.push(self.modifies(at, &row));
                }
                Some(id) if id <= -1 => match self.adds(&row) {
                    Ok(made) => result.push(made),
                    Err(refusal) => return refusal,
                },
                _ => return refused(400, 100),
            }
        }
        match self.batch {
            Batch::Whole => fine(&result),
            Batch::WholeToldEmpty => fine(&[]),
            Batch::PartToldDone => {
                let done: Vec<Value> = rows("Inserted").into_iter().map(|row| self.as_if_done(row)).collect();
                fine(&done)
            }
            Batch::PartToldFailed | Batch::WholeToldFailed | Batch::NothingToldFailed => refused(500, 105),
        }
    }
}

/// Sets what was sent, and leaves the rest. The typing error in the documents' own sample is understood.
fn merge(held: &mut Map<String, Value>, sent: &Value) {
    for (name, value) in sent.as_object().into_iter().flatten() {
        let name = if name == "E_Typet" { "E_Type" } else { name };
        if name != "E_ID" {
            held.insert(name.to_owned(), value.clone());
        }
    }
}
