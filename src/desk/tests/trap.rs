//! A trap for calls that leave the desk: the one it is set for never returns. Whoever waits for it then drops the desk,
//! as a crash would.

use std::sync::Mutex;

use tokio::sync::Notify;

/// Not set: everything passes.
#[derive(Debug, Default)]
pub(super) struct Trap {
    /// How many calls still pass.
    passes: Mutex<Option<u32>>,
    sprung: Notify,
}

impl Trap {
    /// Lets so many more calls pass; `None`: all.
    pub(super) fn set(&self, passes: Option<u32>) {
        *self.passes.lock().unwrap() = passes;
    }

    /// A call passes here, or never returns.
    pub(super) async fn passed(&self) {
        let caught = match &mut *self.passes.lock().unwrap() {
            None => false,
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
        };
        if caught {
            self.sprung.notify_one();
            std::future::pending::<()>().await;
        }
    }

    /// Resolves once a call was caught.
    pub(super) async fn springs(&self) {
        self.sprung.notified().await;
    }
}
